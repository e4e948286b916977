"""The methods that the registry names, each with the function that answers its questions."""

from collections.abc import Callable, Iterable, Mapping

from pipeline.assess import amounts, rates
from pipeline.assess.assessed import NEUTRAL, OK, Assessed, Question
from pipeline.assess.change import change_between

Method = Callable[[Question], Assessed]


def answer(questions: Iterable[Question]) -> list[Assessed]:
    """Return the answers in the order of the questions.

    Raises KeyError for a method that is none of ``METHODS``.
    """
    return [METHODS[question.method](question) for question in questions]


def _headcount(question: Question) -> Assessed:
    return Assessed(float(question.numbers[0]), None, None, None, OK, None, NEUTRAL)


def _share(question: Question) -> Assessed:
    return rates.share(*question.numbers)


def _gap_percent(question: Question) -> Assessed:
    amount, base, comparator_amount, comparator_base = question.numbers
    return amounts.gap_percent(
        amounts.mean(amount, base),
        amounts.mean(comparator_amount, comparator_base),
        question.high_is,
    )


def _amount(question: Question) -> Assessed:
    amount, base, decimals = question.numbers
    return amounts.amount(amounts.mean(amount, base), decimals)


def _compared(method: Callable[..., Assessed]) -> Method:
    return lambda question: method(*question.numbers, question.high_is)


METHODS: Mapping[str, Method] = {
    "share": _share,
    "quarter_share": _share,
    "rest_of_share": lambda question: rates.rest_of_share(*question.numbers),
    "proportion": _share,
    "rate": _share,
    "headcount": _headcount,
    "relative_likelihood": _compared(rates.relative_likelihood),
    "disparity_ratio": _compared(rates.disparity_ratio),
    "mantel_haenszel": lambda question: rates.pooled_estimate(question.numbers),
    "part_against_whole": _compared(rates.difference_of_part),
    "independent_difference": _compared(rates.difference_independent),
    "population_difference": _compared(rates.difference_from_population),
    "representation_index": _compared(rates.representation_index),
    "gap_percent": _gap_percent,
    "amount": _amount,
    "mean_score": _amount,
    "change": lambda question: change_between(*question.numbers),
}

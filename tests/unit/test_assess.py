"""From counts to figures: what is asked of the statistics, here and in the process of its own."""

from datetime import date

import pandas as pd
import pytest

from pipeline.assess.assessed import Question
from pipeline.assess.columns import COUNTS, KEY
from pipeline.assess.figures import assess
from pipeline.assess.methods import METHODS, answer
from pipeline.companion import Companion
from pipeline.registry import METHODS as REGISTERED
from pipeline.registry import load_registry

(RATIO,) = (e for e in load_registry() if (e.standard, e.indicator) == ("WRES", "2"))


def counts(*rows):
    """Return rows of counts of WRES 2, each ``(organisation, measure, counts, reason)``."""
    return pd.DataFrame(
        dict.fromkeys(KEY, "all")
        | {"period_end": date(2022, 3, 31), "standard": "WRES", "indicator": "2", "strata": None}
        | {"group_code": "WHITE", "comparator_code": "BME", "level": "employer"}
        | {"organisation_code": code, "measure": measure, "reason": reason}
        | dict(zip(COUNTS, four, strict=True))
        for code, measure, four, reason in rows
    ).astype(dict.fromkeys(COUNTS, "Int64"))


def test_the_same_counts_are_asked_of_once():
    four, asked = (13, 78, 8, 60), []

    def recorded(questions):
        asked.extend(questions)
        return answer(questions)

    measure = "relative_likelihood"
    rows = [("01T", measure, four, None), ("01V", measure, four, None)]
    nobody = ("01X", measure, (None,) * 4, "MISSING_SOURCE")
    found = assess(counts(*rows, nobody), [RATIO], recorded)
    assert asked == [Question(measure, four, RATIO.measures[measure].high_is("all", "WHITE"))]
    # 13 of 78 are one in six, 8 of 60 two in fifteen: 5/4.
    assert found["value"].tolist()[:2] == [1.25, 1.25]
    assert found["status"].tolist() == ["ok", "ok", "missing_source"]
    assert found.iloc[2][["value", "ci_low", "p_value", "direction"]].isna().all()


def test_a_measure_that_is_not_registered_is_an_error():
    with pytest.raises(KeyError):
        assess(counts(("01T", "headcount", (1, 2, 3, 4), None)), [RATIO], answer)


def test_every_registered_method_can_be_asked():
    assert set(REGISTERED) <= set(METHODS)


def test_the_process_answers_as_the_function_does():
    four = (13, 78, 3, 60)
    questions = [
        Question("share", four[:2]),
        Question("rest_of_share", (15, 16)),
        Question("relative_likelihood", four, "adverse"),
        Question("population_difference", four, "favourable"),
        Question("relative_likelihood", (0, 0, 1, 2), "adverse"),
    ]
    with Companion() as companion:
        assert companion.answer(questions) == answer(questions)

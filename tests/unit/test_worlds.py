"""What a reader can tell of hidden whole numbers, against every possible world one by one."""

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attack.asked import Answer, Question, Verdict
from pipeline.attack.conditions import Conditions
from pipeline.attack.worlds import Worlds, answer

THRESHOLD = 10


def asked(column):
    """Whether a cell is protected by the rule of a threshold of ten."""
    return Question(((column, 1),), least=1, most=THRESHOLD - 1, large=THRESHOLD)


def table(counts, hidden):
    """Return the conditions of a table whose margins are shown, and the column of each cell."""
    conditions = Conditions()
    columns = {
        (row, place): conditions.column()
        if (row, place) in hidden
        else conditions.column(count, count)
        for row, line in enumerate(counts)
        for place, count in enumerate(line)
    }
    for row, line in enumerate(counts):
        terms = [(columns[row, place], 1) for place in range(len(line))]
        conditions.row(terms, sum(line), sum(line))
    for place, line in enumerate(zip(*counts, strict=True)):
        terms = [(columns[row, place], 1) for row in range(len(line))]
        conditions.row(terms, sum(line), sum(line))
    return conditions, columns


def told(counts, hidden):
    """Return the answer for each hidden cell of a table."""
    conditions, columns = table(counts, hidden)
    start = [count for line in counts for count in line]
    answers = [answer(conditions, [asked(columns[cell])], start)[0] for cell in hidden]
    together = answer(conditions, [asked(columns[cell]) for cell in hidden], start)
    assert together == answers == answer(conditions, [asked(columns[cell]) for cell in hidden])
    return dict(zip(hidden, answers, strict=True))


def test_four_cells_at_the_corners_of_a_rectangle_share_one_freedom():
    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    # The first may be 0 to 9 while the second is 20 to 11: the two in a line share their total.
    assert told([[3, 17], [6, 14]], cells) == {
        (0, 0): Answer(Verdict.PROTECTED),
        (0, 1): Answer(Verdict.PROTECTED),
        (1, 0): Answer(Verdict.PROTECTED),
        (1, 1): Answer(Verdict.PROTECTED),
    }
    assert told([[3, 17], [5, 14]], cells) == {
        (0, 0): Answer(Verdict.NARROW, 0, 8),
        (0, 1): Answer(Verdict.PROTECTED),
        (1, 0): Answer(Verdict.NARROW, 0, 8),
        (1, 1): Answer(Verdict.PROTECTED),
    }


def test_two_holes_in_every_line_do_not_hide_a_cell_that_several_lines_tell_together():
    # Rows 0 and 1 less columns 0 and 1 leave cell (0, 2) less (2, 0): the one hole of its own.
    counts = [[5, 6, 3, 40], [7, 4, 30, 41], [8, 50, 9, 12], [51, 52, 13, 14]]
    hidden = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 2), (2, 3), (3, 3), (3, 2)]
    lines = [sum(row == line for row, _ in hidden) for line in range(4)]
    others = [sum(place == line for _, place in hidden) for line in range(4)]
    assert min(lines) == min(others) == 2
    found = told(counts, hidden)
    assert found[0, 2] == Answer(Verdict.NARROW, 3, 3)
    assert found[2, 3].verdict is Verdict.PROTECTED


def test_a_total_of_nine_or_fewer_leaves_no_cell_free():
    conditions = Conditions()
    columns = [conditions.column(), conditions.column()]
    conditions.row([(column, 1) for column in columns], 4, 4)
    answers = answer(conditions, [asked(column) for column in columns])
    assert answers == [Answer(Verdict.NARROW, 0, 4)] * 2


def test_a_cell_that_is_large_for_certain_tells_no_small_count():
    conditions = Conditions()
    big, small = conditions.column(), conditions.column(0, 20)
    conditions.row([(big, 1), (small, 1)], 50, 50)
    assert answer(conditions, [asked(big)]) == [Answer(Verdict.PROTECTED)]
    strict = Question(((big, 1),), least=1, most=9)
    assert answer(conditions, [strict]) == [Answer(Verdict.NARROW, 30, 50)]


def test_the_difference_of_two_columns_can_be_asked_for():
    conditions = Conditions()
    whole, part = conditions.column(30, 30), conditions.column(22, 27)
    rest = Question(((whole, 1), (part, -1)), least=1, most=9)
    assert answer(conditions, [rest], [30, 25]) == [Answer(Verdict.NARROW, 3, 8)]


def test_shares_with_one_decimal_tell_both_counts():
    # 8.4% and 85.5% of 83, as a published table of non-clinical staff printed them.
    conditions = Conditions()
    few, many = conditions.column(), conditions.column()
    conditions.row([(few, 2000)], 167 * 83, 169 * 83 - 1)
    conditions.row([(many, 2000)], 1709 * 83, 1711 * 83 - 1)
    assert answer(conditions, [asked(few), Question(((many, 1),), 0, 83)]) == [
        Answer(Verdict.NARROW, 7, 7),
        Answer(Verdict.NARROW, 71, 71),
    ]


@pytest.mark.parametrize("start", [None, [4, 4]])
def test_conditions_that_nothing_fits_are_never_protection(start):
    conditions = Conditions()
    columns = [conditions.column(), conditions.column()]
    conditions.row([(column, 2) for column in columns], 15, 15)
    answers = answer(conditions, [asked(column) for column in columns], start)
    assert answers == [Answer(Verdict.INFEASIBLE)] * 2


def test_a_start_that_is_not_possible_is_never_protection():
    conditions = Conditions()
    columns = [conditions.column(), conditions.column()]
    conditions.row([(column, 1) for column in columns], 90, 90)
    assert conditions.broken([40, 41]) == ([], [0])
    assert answer(conditions, [asked(columns[0])], [40, 41]) == [Answer(Verdict.INFEASIBLE)]
    assert answer(conditions, [asked(columns[0])], [40, 50]) == [Answer(Verdict.PROTECTED)]


def test_a_row_of_no_columns_that_is_not_true_fits_no_world():
    conditions = Conditions()
    column = conditions.column()
    conditions.row([], 1, 1)
    assert answer(conditions, [asked(column)]) == [Answer(Verdict.INFEASIBLE)]


def test_what_is_not_solved_in_time_is_never_protection():
    # Sums of many unlike weights, of which a solver finds no second world at once.
    choose = random.Random(1)
    conditions = Conditions()
    start = [choose.randrange(2) for _ in range(30)]
    for _ in start:
        conditions.column(0, 1)
    for _ in range(4):
        weights = [choose.randrange(100, 1000) for _ in start]
        made = sum(weight * value for weight, value in zip(weights, start, strict=True))
        conditions.row(enumerate(weights), made, made)
    assert answer(conditions, [Question(((0, 1),), 0, 1)], start, seconds=0.0) == [
        Answer(Verdict.UNSOLVED)
    ]


def test_what_is_open_when_the_time_of_all_questions_is_over_is_never_protection():
    conditions, columns = table([[3, 17], [6, 14]], [(0, 0), (0, 1), (1, 0), (1, 1)])
    worlds = Worlds(conditions, seconds_in_all=-1.0)
    found = worlds.answer([asked(columns[0, 0]), asked(columns[1, 0])])
    assert found == [Answer(Verdict.UNSOLVED)] * 2


def test_coefficients_beyond_exact_arithmetic_are_refused():
    conditions = Conditions()
    column = conditions.column()
    conditions.row([(column, 10**12)], 0, None)
    with pytest.raises(OverflowError):
        answer(conditions, [asked(column)])


def test_a_block_that_is_freed_is_as_if_it_had_never_been_shown():
    conditions, columns = table([[3, 17], [5, 14]], [(0, 0), (0, 1)])
    assert answer(conditions, [asked(columns[0, 0])]) == [Answer(Verdict.NARROW, 3, 3)]
    freed = conditions.freed([columns[1, 0], columns[1, 1]])
    assert answer(freed, [asked(columns[0, 0])]) == [Answer(Verdict.NARROW, 0, 8)]


def test_who_is_the_one_of_two_hidden_counts_knows_the_other():
    conditions = Conditions()
    one, other, third = (conditions.column() for _ in range(3))
    conditions.row([(one, 1), (other, 1)], 12, 12)
    worlds = Worlds(conditions, [1, 11, 5])
    assert [pair[:2] for pair in worlds.with_one_known([one], [other, third], 3, 10)] == []
    few = Conditions()
    one, other = few.column(), few.column()
    few.row([(one, 1), (other, 1)], 9, 9)
    pairs = Worlds(few, [1, 8]).with_one_known([one], [one, other], 3, 10)
    assert pairs == [(one, other, Verdict.NARROW)]


def test_a_known_count_must_be_one():
    conditions = Conditions()
    column, other = conditions.column(0, 5), conditions.column(0, 5)
    conditions.row([(column, 1), (other, 1)], 0, 8)
    with pytest.raises(ValueError, match="is not 1"):
        Worlds(conditions, [2, 3]).with_one_known([column], [other], 3, 10)


COEFFICIENTS = st.sampled_from([-2, -1, 0, 1, 1, 1, 3])


@st.composite
def small_systems(draw):
    """A system of few columns with a world that fits it."""
    size = draw(st.integers(2, 5))
    highs = draw(st.lists(st.integers(1, 6), min_size=size, max_size=size))
    world = [draw(st.integers(0, high)) for high in highs]
    conditions = Conditions()
    for high in highs:
        conditions.column(0, high)
    for _ in range(draw(st.integers(1, 4))):
        weights = [draw(COEFFICIENTS) for _ in range(size)]
        made = sum(weight * value for weight, value in zip(weights, world, strict=True))
        slack = draw(st.sampled_from([(0, 0), (0, 0), (0, 2), (1, 0), (None, 0), (0, None)]))
        terms = [(place, weight) for place, weight in enumerate(weights) if weight]
        low = None if slack[0] is None else made - slack[0]
        conditions.row(terms, low, None if slack[1] is None else made + slack[1])
    return conditions, world


def possible_worlds(conditions):
    ranges = [
        range(low, high + 1) for low, high in zip(conditions.low, conditions.high, strict=True)
    ]
    return [world for world in product(*ranges) if conditions.broken(world) == ([], [])]


EXAMPLES = settings(max_examples=60, derandomize=True, deadline=None)


@EXAMPLES
@given(small_systems(), st.integers(0, 3), st.integers(1, 6), st.booleans())
def test_answers_are_those_of_every_world_one_by_one(system, least, most, is_start_given):
    conditions, start = system
    worlds = possible_worlds(conditions)
    questions = [Question(((column, 1),), least, most, 4) for column in range(len(start))]
    questions.append(Question(((0, 1), (1, -2)), least, most))
    questions += [
        Question(((column, 1),), least, most, None, ((0, start[0]),))
        for column in range(1, len(start))
    ]
    for question, found in zip(
        questions,
        answer(conditions, questions, start if is_start_given else None),
        strict=True,
    ):
        own = [w for w in worlds if all(w[column] == value for column, value in question.given)]
        values = [sum(w[column] * weight for column, weight in question.terms) for w in own]
        low, high = min(values), max(values)
        is_large = question.large is not None and low >= question.large
        if (low <= least and high >= most) or is_large:
            assert found == Answer(Verdict.PROTECTED)
        else:
            assert found == Answer(Verdict.NARROW, low, high)


@EXAMPLES
@given(small_systems(), st.integers(2, 4))
def test_pairs_with_one_known_are_those_of_every_world_one_by_one(system, fewest):
    conditions, start = system
    worlds = possible_worlds(conditions)
    ones = [column for column, value in enumerate(start) if value == 1]
    told = {}
    for other in range(len(start)):
        for known in ones:
            values = [world[other] for world in worlds if world[known] == 1]
            if other != known and max(values) - min(values) + 1 < fewest and min(values) < 5:
                told.setdefault(other, set()).add(known)
    # What follows without any known count is a question of its own.
    alone = {
        other for other in told if max(w[other] for w in worlds) == min(w[other] for w in worlds)
    }
    pairs = Worlds(conditions, start).with_one_known(ones, range(len(start)), fewest, 5)
    found = {(pair.known, pair.other) for pair in pairs}
    assert len(found) == len(pairs)
    assert all(known in told[other] for known, other in found)
    assert all(pair.verdict is Verdict.NARROW for pair in pairs)
    linked = {
        (known, other)
        for other in told.keys() - alone
        for known in told[other]
        if _is_linked(other, known, worlds)
    }
    assert linked <= found


def _is_linked(other, known, worlds):
    """Return whether a known column leaves another one fewer values than it has without."""
    whole = {world[other] for world in worlds}
    return {world[other] for world in worlds if world[known] == 1} != whole

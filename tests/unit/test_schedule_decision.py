"""What a look of the schedule decides on a day: every answer told by hand."""

from datetime import date, timedelta

import pytest

from pipeline.periods import next_quarter_end, quarter_end_before
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, SUPERSEDED, Load
from pipeline.schedule.decision import Verdict, decide
from pipeline.schedule.expected import Lack, expected_places
from pipeline.schedule.settings import Schedule

MARCH_2021, DECEMBER, MARCH, JUNE = (
    date(2021, 3, 31), date(2021, 12, 31), date(2022, 3, 31), date(2022, 6, 30)
)  # fmt: skip
SEPTEMBER = date(2022, 9, 30)
OWN = Schedule(deadline_days=20, remind_days_before=(10, 3, 0))
STAFF = Schedule(deadline_days=20, remind_days_before=(10, 3, 0), sources=("esr_staff",))
DEADLINE = date(2022, 4, 20)


def loads(*places: tuple[date, str, str] | tuple[date, str, str, str]) -> list[Load]:
    """Received files: period, organisation, source and what became of them (landed)."""
    return [
        Load(number, Place(*place[:3]), "file.csv", "0" * 64, (*place, LANDED)[3], 1, 1, 0, 0)
        for number, place in enumerate(places, start=1)
    ]


TWO_SENT = loads((DECEMBER, "01T", "esr_staff"), (DECEMBER, "01V", "esr_staff"))
ONE_CAME = [*TWO_SENT, *loads((MARCH, "01T", "esr_staff"))]
BOTH_CAME = [*ONE_CAME, *loads((MARCH, "01V", "esr_staff"))]


def names(places):
    return sorted({f"{place.organisation_code}/{place.source}" for place in places})


# --- what is expected -------------------------------------------------------------------------


def test_those_that_sent_last_quarter_are_expected_with_what_is_due():
    """Of a quarter without annual returns that is the staff alone, whatever else was sent."""
    sent = loads((MARCH, "RBQ", "esr_staff"), (MARCH, "RBQ", "pay"), (MARCH, "RCU", "esr_staff"))
    assert names(expected_places(OWN, JUNE, sent)) == ["RBQ/esr_staff", "RCU/esr_staff"]


def test_annual_sources_are_expected_of_who_sent_them_a_year_ago():
    sent = loads(
        (MARCH_2021, "01T", "esr_staff"), (MARCH_2021, "01T", "board"),
        (DECEMBER, "01T", "esr_staff"),
    )  # fmt: skip
    assert names(expected_places(OWN, MARCH, sent)) == ["01T/board", "01T/esr_staff"]


def test_of_who_is_new_since_a_year_ago_all_that_is_due_is_expected():
    assert names(expected_places(OWN, MARCH, loads((DECEMBER, "01T", "esr_staff")))) == [
        f"01T/{source}"
        for source in (
            "actions", "board", "duties", "eds", "employee_relations", "esr_staff", "movers", "pay",
            "recruitment", "survey", "training",
        )
    ]  # fmt: skip


def test_organisations_and_sources_of_the_settings_are_expected_and_no_others():
    chosen = Schedule(organisations=("RBQ",), sources=("esr_staff", "pay"))
    assert names(expected_places(chosen, JUNE, TWO_SENT)) == ["RBQ/esr_staff", "RBQ/pay"]


def test_a_quarter_that_nobody_sent_anything_for_does_not_make_them_forgotten():
    sent = loads((MARCH_2021, "RBQ", "esr_staff"))
    assert names(expected_places(STAFF, MARCH, sent)) == ["RBQ/esr_staff"]


def test_ccgs_that_merged_are_expected_as_their_icb():
    sent = loads((JUNE, "01T", "esr_staff"), (JUNE, "01V", "esr_staff"), (JUNE, "RBQ", "esr_staff"))
    assert names(expected_places(STAFF, SEPTEMBER, sent)) == ["QYG/esr_staff", "RBQ/esr_staff"]


def test_a_ccg_that_merged_into_another_one_is_expected_as_that():
    """Eastern and South Cheshire became part of NHS Cheshire CCG on 1 April 2020."""
    sent = loads((date(2020, 3, 31), "01C", "esr_staff"), (date(2020, 3, 31), "01R", "esr_staff"))
    assert names(expected_places(STAFF, date(2020, 6, 30), sent)) == ["27D/esr_staff"]


def test_control_totals_are_expected_of_nobody():
    assert expected_places(OWN, JUNE, loads((MARCH, "RBQ", "control_totals"))) == ()


# --- what is decided --------------------------------------------------------------------------


def test_it_waits_while_something_is_missing_and_says_what():
    found = decide(STAFF, date(2022, 4, 5), None, ONE_CAME)
    assert (found.verdict, found.waits) == (Verdict.WAITS, True)
    assert (found.period_end, found.deadline) == (MARCH, DEADLINE)
    assert [(str(each.place), each.lack) for each in found.outstanding] == [
        ("2022-03-31/01V/esr_staff", Lack.NOT_RECEIVED)
    ]
    assert found.sentence() == "Waiting for extracts of 31 March 2022 until 20 April 2022."


def test_it_runs_at_once_where_everything_is_there():
    found = decide(STAFF, date(2022, 4, 1), None, BOTH_CAME)
    assert (found.verdict, found.waits, found.outstanding) == (Verdict.COMPLETE, False, ())


@pytest.mark.parametrize(("day", "verdict"), [(20, Verdict.WAITS), (21, Verdict.DEADLINE)])
def test_the_day_of_the_deadline_is_the_last_on_which_it_waits(day, verdict):
    assert decide(STAFF, date(2022, 4, day), None, ONE_CAME).verdict is verdict


def test_the_quarter_end_itself_belongs_to_the_quarter_before():
    assert decide(STAFF, MARCH, None, []).period_end == DECEMBER
    assert decide(STAFF, MARCH + timedelta(1), None, []).period_end == MARCH


def test_a_rejected_or_empty_file_is_not_there_unless_empty_is_an_answer():
    sources = ("esr_staff", "pay", "movers")
    schedule = Schedule(organisations=("01T",), sources=sources)
    came = loads(
        (MARCH, "01T", "esr_staff", REJECTED), (MARCH, "01T", "pay", EMPTY),
        (MARCH, "01T", "movers", EMPTY),
    )  # fmt: skip
    found = decide(schedule, date(2022, 4, 5), None, came)
    assert [(each.place.source, each.lack) for each in found.outstanding] == [
        ("esr_staff", Lack.REJECTED), ("pay", Lack.EMPTY)
    ]  # fmt: skip


def test_a_rejected_file_takes_nothing_from_one_that_was_accepted():
    came = [*BOTH_CAME, *loads((MARCH, "01V", "esr_staff", REJECTED))]
    assert decide(STAFF, date(2022, 4, 5), None, came).verdict is Verdict.COMPLETE


def test_a_file_that_was_superseded_is_not_there():
    came = [*ONE_CAME, *loads((MARCH, "01V", "esr_staff", SUPERSEDED))]
    assert decide(STAFF, date(2022, 4, 5), None, came).verdict is Verdict.WAITS


def test_where_nobody_is_known_to_be_expected_it_waits_for_the_deadline():
    found = decide(OWN, date(2022, 4, 5), None, loads((MARCH, "01T", "esr_staff")))
    assert found.verdict is Verdict.WAITS
    assert "Nobody is known to be expected" in found.sentence()
    assert decide(OWN, date(2022, 4, 21), None, []).verdict is Verdict.DEADLINE


def test_nobody_waits_beyond_the_next_quarter_end():
    found = decide(Schedule(deadline_days=92), date(2022, 4, 5), None, ONE_CAME)
    assert found.deadline == JUNE
    assert (
        decide(Schedule(deadline_days=92), JUNE + timedelta(1), None, ONE_CAME).period_end == JUNE
    )


# --- when is reminded -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "reminder"),
    [(9, None), (10, 10), (12, 10), (16, 10), (17, 17), (19, 17), (20, 20)],
)
def test_the_newest_day_of_a_reminder_is_due_until_the_next(day, reminder):
    """So that a day on which nobody looked is made up for on the next."""
    found = decide(STAFF, date(2022, 4, day), None, ONE_CAME)
    assert found.reminder == (reminder and date(2022, 4, reminder))


def test_nobody_is_reminded_where_everything_is_there_or_the_deadline_has_passed():
    assert decide(STAFF, date(2022, 4, 17), None, BOTH_CAME).reminder is None
    assert decide(STAFF, date(2022, 4, 21), None, ONE_CAME).reminder is None


# --- clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "today", "is_trusted"),
    [
        (date(2022, 4, 20), date(2022, 4, 21), True),
        (date(2022, 4, 21), date(2022, 4, 21), True),
        (date(2022, 4, 22), date(2022, 4, 21), True),
        (date(2022, 1, 11), date(2022, 4, 21), True),
        (date(2022, 1, 10), date(2022, 4, 21), False),
        (date(2022, 4, 24), date(2022, 4, 21), False),
        (date(2022, 4, 20), date(2040, 4, 25), False),
        (date(2022, 4, 20), date(1970, 1, 2), False),
    ],
)
def test_a_clock_that_leapt_is_believed_once_a_second_look_finds_it_steady(last, today, is_trusted):
    found = decide(STAFF, today, last, ONE_CAME)
    assert (found.verdict is not Verdict.CLOCK) is is_trusted
    if not is_trusted:
        assert (found.waits, found.reminder) == (True, None)
        assert decide(STAFF, today, today, ONE_CAME).verdict is not Verdict.CLOCK


def test_every_day_of_ten_years_has_an_answer_and_the_same_one_again():
    day = date(2020, 2, 28)
    while day < date(2030, 3, 2):
        found = decide(STAFF, day, day - timedelta(1), ONE_CAME)
        assert found == decide(STAFF, day, day, ONE_CAME)
        assert found.period_end == quarter_end_before(day)
        assert quarter_end_before(day) < day <= next_quarter_end(found.period_end)
        assert found.waits == (day <= found.deadline)
        day += timedelta(1)

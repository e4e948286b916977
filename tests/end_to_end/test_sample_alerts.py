"""The sample holds a few faults that were planted in it; the rules find these and no others."""

from datetime import date

from command import private_rows

from pipeline.quality.rules import alert_rules

PLANTED = [
    # Two columns that the extract of one quarter left out.
    (date(2021, 12, 31), "01V", "COLUMN_CAME_EMPTY", "religion"),
    (date(2021, 12, 31), "01V", "COLUMN_CAME_EMPTY", "sexual_orientation"),
    # A pay scale of no list.
    (date(2021, 12, 31), "27D", "VALUE_LIST_NEW", None),
    # A case and a pay row of people whom the staff extract does not hold.
    (date(2022, 3, 31), "RBQ", "STAFF_NOT_IN_EXTRACT", None),
    (date(2022, 3, 31), "RBQ", "STAFF_NOT_IN_EXTRACT", None),
]
TARGET = "DECLARATION_BELOW_TARGET"


def test_the_rules_find_what_was_planted_and_nothing_else(demo):
    found = private_rows(
        demo.home,
        "select period_end, organisation_code, code, characteristic from marts.alert "
        "order by all nulls last",
    )
    codes = {rule.code for rule in alert_rules()} - {TARGET}
    assert [(row[0], *row[1:]) for row in found if row[2] in codes] == PLANTED


def test_three_employers_are_below_the_target_at_each_snapshot(demo):
    found = private_rows(
        demo.home,
        "select period_end, count(*) from marts.alert "
        f"where code = '{TARGET}' group by period_end order by period_end",
    )
    assert [employers for _, employers in found] == [3, 3, 3, 3, 3]

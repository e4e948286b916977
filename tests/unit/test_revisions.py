"""The table of revisions: which figures it lists, and what it tells of those that it does not."""

from datetime import date

import duckdb
import pandas as pd
import pytest
from cells import PERIOD, figure
from test_reasons import manifest

from pipeline.assess.columns import COUNTS, FIGURE, KEY
from pipeline.publish.reasons import Owner, Reasons
from pipeline.publish.revisions import NOT_LISTED, REVISION, Previous, revision_table

ALL = "workforce/all//ALL"
TYPES = (
    dict.fromkeys(FIGURE, "varchar") | dict.fromkeys(COUNTS, "bigint")
    | dict.fromkeys(("value", "ci_low", "ci_high", "p_value"), "double") | {"period_end": "date"}
)  # fmt: skip
NEEDS = {("WRES", "2"): ("recruitment",), ("WRES", "1"): ("esr_staff",)}
STAFF = (PERIOD, "01T", "esr_staff", "a")
AGAIN = (PERIOD, "01T", "esr_staff", "b")
SAME = (manifest(STAFF), manifest(STAFF))
EARLIER = date(2021, 3, 31)


def row(group, count, **other):
    return figure(numerator=(ALL, count)) | {"group_code": group} | other


def frame(rows):
    told = pd.DataFrame(rows).assign(release_id="x", organisation_name="A body", disclosure="NONE")
    return told.astype(dict.fromkeys(COUNTS, "Int64"))[list(FIGURE)]


def revised(tmp_path, then, now, files=SAME):
    path = tmp_path / "equality.duckdb"
    with duckdb.connect(str(path)) as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"create table figure ({columns})")
        connection.register("told", frame(then).astype(object))
        connection.execute("insert into figure by name select * from told")
    reasons = Reasons(*files, {Owner(PERIOD, "employer", "01T"): ["01T"]})
    found = revision_table(frame(now), Previous("one", path, reasons), NEEDS, 10)
    assert list(found.columns) == list(REVISION)
    return found


@pytest.mark.parametrize(
    ("then", "now", "changes"),
    [
        (row("BME", 30), row("BME", 30), []),
        (row("BME", 30), row("BME", 31), [NOT_LISTED]),  # one person
        (row("BME", 30), row("BME", 21), [NOT_LISTED]),
        (row("BME", 30), row("BME", 40), ["changed"]),
        (row("BME", 30), row("BME", 30, value=9.9), ["changed"]),
        (row("BME", 30), row("BME", None, status="suppressed"), [NOT_LISTED]),
        (row("BME", None, status="suppressed"), row("BME", 30), [NOT_LISTED]),
        (row("BME", 30), row("WHITE", 30), ["withdrawn", "appeared"]),
        (row("BME", 30), row("WHITE", None, status="suppressed"), [NOT_LISTED, "withdrawn"]),
        (row("BME", None, status="suppressed"), row("WHITE", 30), [NOT_LISTED, "appeared"]),
    ],
)
def test_what_is_hidden_and_of_few_people_is_not_listed_one_by_one(tmp_path, then, now, changes):
    found = revised(tmp_path, [then], [now])
    assert found["change"].tolist() == changes
    assert set(found["reason"]) <= {"PROTECTION"}


def test_what_is_not_listed_is_told_by_organisation_and_standard_alone(tmp_path):
    then, now = [row("BME", 30), row("WHITE", 50)], [row("BME", 31), row("WHITE", 49)]
    (told,) = revised(tmp_path, then, now).to_dict("records")
    owner = (told["period_end"], told["level"], told["organisation_code"])
    assert (*owner, told["organisation_name"]) == (PERIOD, "employer", "01T", "A body")
    assert (told["standard"], told["change"]) == ("WRES", NOT_LISTED)
    names = ("indicator", "part", "measure", "group_code", "comparator_code")
    assert all(told[name] is None for name in names)


def test_hidden_figures_of_a_new_snapshot_are_listed(tmp_path):
    new = row("BME", None, status="suppressed")
    old = row("BME", 30, period_end=EARLIER)
    found = revised(tmp_path, [old], [old, new], (manifest((EARLIER, *STAFF[1:])), manifest(STAFF)))
    assert found[["change", "reason"]].to_numpy().tolist() == [["appeared", "NEW_QUARTER"]]


@pytest.mark.parametrize("count", [30, 31, 39])
def test_an_extract_that_was_sent_again_is_told_whether_figures_changed_or_not(tmp_path, count):
    """So that the row does not tell that somebody came, went, or was put right."""
    indicator = {"indicator": "1"}
    then, now = row("BME", 30, **indicator), row("BME", count, **indicator)
    files = manifest(STAFF), manifest(AGAIN)
    (told,) = revised(tmp_path, [then], [now], files).to_dict("records")
    assert (told["change"], told["reason"]) == (NOT_LISTED, "RESUBMISSION")
    assert told["explanation"] == "01T sent its staff extract of 31 March 2022 again."


def test_an_indicator_of_other_extracts_is_not_said_to_change(tmp_path):
    same = row("BME", 30)  # of applications
    assert revised(tmp_path, [same], [same], (manifest(STAFF), manifest(AGAIN))).empty


def test_listed_figures_have_the_reason_of_their_own_extracts(tmp_path):
    then = [row("BME", 30, indicator="1"), row("BME", 30)]
    now = [row("BME", 50, indicator="1"), row("BME", 50)]
    found = revised(tmp_path, then, now, (manifest(STAFF), manifest(AGAIN)))
    listed = found[found["change"] == "changed"].set_index("indicator")["reason"].to_dict()
    assert listed == {"1": "RESUBMISSION", "2": "RESUBMISSION FOLLOWS"}


def test_the_first_release_revises_nothing():
    found = revision_table(frame([row("BME", 30)]), None, NEEDS, 10)
    assert found.empty
    assert list(found.columns) == list(REVISION)


def test_the_table_is_sorted_by_its_key(tmp_path):
    then = [row(group, 30, part=part) for part in "cab" for group in ("WHITE", "BME")]
    now = [one | {"numerator": 60} for one in reversed(then)]
    found = revised(tmp_path, then, now)
    assert len(found) == 6
    pd.testing.assert_frame_equal(found, found.sort_values(list(KEY), ignore_index=True))

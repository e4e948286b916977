"""The samples of the size of a system and of England, in small."""

import csv
import hashlib
from dataclasses import replace
from datetime import date

import pytest

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.organisations import find
from pipeline.run import run
from pipeline.sample.scaled import SCALES, write_scaled
from pipeline.settings import load_settings
from pipeline.workspace import InProcess

ANNUAL = {
    "actions", "board", "duties", "eds", "employee_relations", "esr_staff", "movers", "pay",
    "recruitment", "survey", "training",
}  # fmt: skip
LAST = date(2022, 3, 31)


class _UntilLanded(InProcess):
    """Runs the stages up to the landing."""

    def call(self, stage, name):
        given = super().call(stage, name)
        if name == "land":
            raise _Landed(given)
        return given


class _Landed(BaseException):
    pass


@pytest.fixture(scope="module")
def ics(module_folders):
    inbox = module_folders.mktemp("ics") / "inbox"
    return inbox, write_scaled(inbox, small("ics", people=9_000))


@pytest.fixture(scope="module")
def england(module_folders):
    inbox = module_folders.mktemp("england") / "inbox"
    return inbox, write_scaled(inbox, small("england", people=1_000))


def small(scale, **changed):
    return replace(SCALES[scale], **changed)


def digests(inbox):
    return {
        path.relative_to(inbox).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(inbox.rglob("*.csv"))
    }


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def people_at(inbox, day):
    return {
        (path.parent.name, row["NHS Unique Id"])
        for path in inbox.glob(f"{day}/*/esr_staff.csv")
        for row in rows_of(path)
        if row["NHS Unique Id"]
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    scale = small("ics", people=900, quarters=2)
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_scaled(tmp_path / name, scale, seed)
    one, two, three = (digests(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert set(one) == set(three)
    assert not {name for name in one if "esr_staff" in name and one[name] == three[name]}


def test_the_counts_are_those_that_were_asked_for(ics):
    inbox, plan = ics
    written = dict.fromkeys(plan.rows, 0)
    for path in inbox.rglob("*.csv"):
        written[path.stem] += len(rows_of(path))
    assert set(written) == ANNUAL
    assert plan.rows["esr_staff"] == 9_000 + 9_000 // 50
    assert sum(written.values()) == sum(plan.rows.values()) + plan.quarantined_rows
    assert plan.quarantined_rows > 0
    assert plan.files == len(list(inbox.rglob("*.csv")))


def test_england_has_220_employers_in_42_systems_and_one_and_a_half_million_assignments(england):
    _, plan = england
    assert len(plan.organisations) == 220
    bodies = [find(code, LAST) for code in plan.organisations]
    assert len({body.icb_code for body in bodies}) == 42
    assert {body.kind for body in bodies} == {"CCG", "TRUST"}
    assert plan.periods == (LAST,)
    people = SCALES["england"].people
    assert people + people // 50 == 1_500_000


def test_the_first_systems_have_the_bytes_that_they_have_among_all(england, tmp_path):
    write_scaled(tmp_path, small("england", people=1_000, systems=2))
    all_of, two = digests(england[0]), digests(tmp_path)
    assert two
    assert two.items() < all_of.items()


def test_some_people_work_for_two_employers_of_their_system(ics):
    inbox, _ = ics
    numbers = [number for _, number in people_at(inbox, LAST)]
    joint = len(numbers) - len(set(numbers))
    assert joint == 9_000 // 250


def test_people_stay_from_quarter_to_quarter_and_yearly_sources_come_in_march(tmp_path):
    plan = write_scaled(tmp_path, small("ics", people=900, quarters=4))
    assert [day.isoformat() for day in plan.periods] == [
        "2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31",
    ]  # fmt: skip
    first, second = (people_at(tmp_path, day) for day in plan.periods[:2])
    assert 0.93 < len(first & second) / len(first) < 1
    for day in plan.periods:
        sent = {path.stem for path in tmp_path.glob(f"{day}/*/*.csv")}
        assert sent == (ANNUAL if day == LAST else {"esr_staff"})


def test_ten_years_of_quarters_begin_when_ccgs_had_staff(tmp_path):
    plan = write_scaled(tmp_path, small("ics", people=300, quarters=40))
    assert (plan.periods[0], plan.periods[-1]) == (date(2013, 6, 30), date(2023, 3, 31))
    assert len(plan.periods) == 40


def test_the_product_accepts_everything_but_what_is_planted(ics, tmp_path):
    inbox, plan = ics
    with pytest.raises(_Landed) as landed:
        run(load_settings(tmp_path / "home", inbox), _UntilLanded())
    loads = landed.value.args[0].received
    assert {load.status for load in loads} == {"landed"}
    assert len(loads) == plan.files
    assert sum(load.rows_landed for load in loads) == sum(plan.rows.values())
    assert sum(load.rows_quarantined for load in loads) == plan.quarantined_rows


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"people": 51}, "--people"),
        ({"quarters": 0}, "--snapshots"),
        ({"quarters": 45}, "--snapshots"),
        ({"systems": 0}, "--systems"),
    ],
)
def test_numbers_of_which_no_sample_can_be_made_are_refused(tmp_path, changed, word):
    with pytest.raises(UsageError, match=word):
        write_scaled(tmp_path / "inbox", small("ics", **changed))
    assert not (tmp_path / "inbox").exists()


def test_the_command_writes_a_scale_and_tells_what_it_wrote(tmp_path, capsys):
    folder = tmp_path / "inbox"
    assert main(["sample", str(folder), "--scale", "ics", "--people", "300"]) == 0
    assert "306 of them assignments" in capsys.readouterr().out
    assert (folder / "2022-03-31" / "RBQ" / "esr_staff.csv").exists()


def test_the_demo_has_its_own_people(tmp_path, capsys):
    assert main(["sample", str(tmp_path / "inbox"), "--people", "300"]) == 2
    assert "--scale" in capsys.readouterr().err

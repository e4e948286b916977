"""From employers to the ICB: each person once, whoever employs them, in whatever order it came."""

import json
import random
import shutil
from pathlib import Path

import pytest
from command import equality
from commands_of_one_process import PassingGate
from counting import figures
from inbox import BME, UNKNOWN, WHITE, application_rows, board_rows, staff_rows, write_inbox

from pipeline.registry import load_registry

ICB = "QYG"
CCGS = ("01F", "01J", "01T", "01V", "01X", "02E", "12F", "27D", "99A")
PERIOD = "2022-03-31"
BANDS = {band: f"NHS|XR{band}|Review Body Band {int(band)}" for band in ("05", "06", "07")}
NHS_ID = "74000001"


def staff(inbox: Path, code: str, *rows: list[dict[str, str]], period: str = PERIOD) -> None:
    write_inbox(inbox, period, code, "esr_staff", [row for each in rows for row in each])


def post(number: int, **overrides: str) -> list[dict[str, str]]:
    """A post of the one person whom a test is about."""
    return staff_rows(1, first=number, **({"nhs_unique_id": NHS_ID} | overrides))


def test_a_person_of_two_ccgs_counts_in_each_and_once_at_the_icb(tmp_path):
    """Twenty in one, sixteen in the other under numbers of its own, six of whom are the same."""
    staff(tmp_path, "01T", staff_rows(20))
    there = staff_rows(16, first=15)
    for number, row in enumerate(there):
        row["Employee Number"] = row["Assignment Number"] = f"3{number:07}"
    staff(tmp_path, "01V", there)
    found = figures(tmp_path)
    assert found.headcount("01T", "employer") == 20
    assert found.headcount("01V", "employer") == 16
    assert found.headcount(ICB, "icb") == 30
    everybody = found.counts(level="icb", standard="WRES", indicator="1", part="all")
    assert everybody == {"WHITE": 30, "BME": 0, "UNKNOWN": 0}


def test_without_an_nhs_id_an_employee_number_means_one_person_of_one_employer(tmp_path):
    staff(tmp_path, "01T", staff_rows(3, nhs_unique_id=""))
    staff(tmp_path, "01V", staff_rows(3, nhs_unique_id=""))
    assert figures(tmp_path).headcount(ICB, "icb") == 6


def test_an_nhs_id_holds_for_every_post_of_its_employee(tmp_path):
    first = post(1)
    second = post(1, nhs_unique_id="", assignment_number="20000001-2", primary_assignment="No")
    staff(tmp_path, "01T", first, second)
    staff(tmp_path, "01V", post(9))
    found = figures(tmp_path)
    assert found.headcount("01T", "employer") == 1
    assert found.headcount(ICB, "icb") == 1


@pytest.mark.parametrize(
    ("unknown", "known", "indicator", "group"),
    [
        ({"ethnic_origin": UNKNOWN}, {"ethnic_origin": BME}, "ethnicity", "BME"),
        ({"ethnic_origin": ""}, {"ethnic_origin": WHITE}, "ethnicity", "WHITE"),
        ({"disability": "Not Declared"}, {"disability": "Yes"}, "disability", "DISABLED"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ({"religious_belief": ""}, {"religious_belief": "Islam"}, "religion", "ISLAM"),
                ({"gender": ""}, {"gender": "Female"}, "sex", "FEMALE"),
                (
                    {"sexual_orientation": "Unspecified"},
                    {"sexual_orientation": "Bisexual"},
                    "sexual_orientation",
                    "LGB_PLUS",
                ),
                (
                    {"marital_status": "Unknown"},
                    {"marital_status": "Single"},
                    "marital_status",
                    "OTHER",
                ),
            )
        ),
    ],
)
def test_a_known_value_beats_an_unknown_one(tmp_path, unknown, known, indicator, group):
    """Even where the unknown one stands in the primary assignment."""
    staff(tmp_path, "01T", post(1, **unknown))
    staff(tmp_path, "01V", post(1, primary_assignment="No", fte="0.2", **known))
    found = figures(tmp_path)
    shares = {"standard": "PSED", "indicator": indicator, "part": "all"}
    assert found.counts(organisation_code="01T", **shares)["UNKNOWN"] == 1
    assert found.counts(organisation_code="01V", **shares)[group] == 1
    pooled = found.counts(organisation_code=ICB, **shares)
    assert (pooled[group], sum(pooled.values())) == (1, 1)


@pytest.mark.parametrize("chosen_sent_by", ["01T", "01V"])
@pytest.mark.parametrize(
    ("chosen", "other"),
    [
        ({"fte": "0.2"}, {"primary_assignment": "No", "fte": "0.8"}),
        ({"fte": "0.6"}, {"fte": "0.4", "pay_scale": BANDS["07"]}),
        ({"pay_scale": BANDS["06"]}, {"pay_scale": BANDS["05"]}),
    ],
    ids=["primary", "hours", "band"],
)
def test_of_two_known_values_the_chosen_assignment_s_holds(tmp_path, chosen, other, chosen_sent_by):
    other_sent_by = "01V" if chosen_sent_by == "01T" else "01T"
    staff(tmp_path, chosen_sent_by, post(1, ethnic_origin=BME, disability="Yes", **chosen))
    staff(tmp_path, other_sent_by, post(2, ethnic_origin=WHITE, disability="No", **other))
    found = figures(tmp_path)
    band = int(chosen.get("pay_scale", BANDS["05"])[6:8])
    pay_row = {"standard": "WRES", "indicator": "1", "part": f"non_clinical:{band}"}
    assert found.counts(level="icb", **pay_row) == {"WHITE": 0, "BME": 1, "UNKNOWN": 0}
    profile = {"standard": "PSED", "indicator": "disability", "part": "all"}
    assert found.counts(level="icb", **profile)["DISABLED"] == 1


def test_where_all_else_is_equal_organisation_and_assignment_number_decide(tmp_path):
    staff(tmp_path, "01V", post(1, ethnic_origin=WHITE))
    first = post(2, ethnic_origin=BME, assignment_number="20000002")
    second = post(2, ethnic_origin=WHITE, assignment_number="20000002-2")
    staff(tmp_path, "01T", second, first)
    everybody = {"standard": "WRES", "indicator": "1", "part": "all"}
    found = figures(tmp_path)
    assert found.counts(organisation_code="01T", **everybody)["BME"] == 1
    assert found.counts(organisation_code=ICB, **everybody)["BME"] == 1


def test_a_bank_post_stands_for_nobody_even_if_it_is_flagged_primary(tmp_path):
    bank = {"assignment_category": "Bank", "fte": "0"}
    both = [
        *post(1, assignment_number="1", **bank),
        *post(1, assignment_number="2", primary_assignment="No", fte="0.5", pay_scale=BANDS["07"]),
    ]
    staff(tmp_path, "01T", both, staff_rows(4, first=10, **bank), staff_rows(5, first=20))
    found = figures(tmp_path)
    assert found.headcount("01T", "employer") == 6
    pay_row = found.counts(level="icb", standard="WRES", indicator="1", part="non_clinical:7")
    assert sum(pay_row.values()) == 1


def test_a_trust_has_figures_of_its_own_and_is_not_pooled(tmp_path):
    staff(tmp_path, "RBS", staff_rows(40))
    staff(tmp_path, "01T", staff_rows(20, first=30))
    write_inbox(
        tmp_path, PERIOD, "RBS", "recruitment", application_rows({(WHITE, True): 3, (BME, True): 2})
    )
    found = figures(tmp_path)
    assert found.headcount("RBS", "employer") == 40
    assert found.headcount(ICB, "icb") == 20
    likelihood = {"standard": "WRES", "indicator": "2", "measure": "relative_likelihood"}
    assert found.only(organisation_code="RBS", **likelihood)["value"] == 1.0
    assert found.only(level="icb", **likelihood)["status"] == "missing_source"
    # Eleven people hold a post in each.
    assert found.headcount(ICB, "system") == 49
    assert found.only(level="system", **likelihood)["value"] == 1.0


def test_a_trust_alone_makes_no_icb(tmp_path):
    staff(tmp_path, "RBS", staff_rows(5))
    found = figures(tmp_path)
    owners = {(row.key["level"], row.key["organisation_code"]) for row in found.rows}
    assert owners == {("employer", "RBS"), ("system", ICB)}
    assert found.headcount(ICB, "system") == 5


def test_a_source_that_was_not_sent_is_missing_and_never_zero(tmp_path):
    staff(tmp_path, "01T", staff_rows(20))
    applications = application_rows({(WHITE, True): 5, (WHITE, False): 5, (BME, True): 5})
    write_inbox(tmp_path, PERIOD, "01V", "recruitment", applications)
    write_inbox(tmp_path, PERIOD, "01V", "board", board_rows({WHITE: 5, BME: 5}))
    found = figures(tmp_path)
    nothing = dict.fromkeys(("value", "ci_low", "ci_high", "p_value", "direction"))
    needs = {(entry.standard, entry.indicator): entry.needs for entry in load_registry()}
    missing = {"status": "missing_source", "reason": "MISSING_SOURCE"}
    for row in found.select(organisation_code="01V"):
        source = needs[row.key["standard"], row.key["indicator"]][0]
        if source not in ("recruitment", "board"):
            assert missing.items() | nothing.items() <= row.told.items(), row
            assert row.told["numerator"] is None
        elif row.key["comparator_code"] == "WORKFORCE":
            assert missing.items() | nothing.items() <= row.told.items(), row
            assert row.told["numerator"] is not None
        else:
            assert row.told["status"] != "missing_source"
    by_standard = {
        code: {row.key["standard"] for row in found.select(organisation_code=code)}
        for code in ("01T", "01V", ICB)
    }
    assert by_standard["01V"] == by_standard["01T"] == by_standard[ICB]
    assert found.headcount(ICB, "icb") == 20
    likelihood = {"standard": "WRES", "indicator": "2", "measure": "relative_likelihood"}
    assert found.only(organisation_code="01T", **likelihood)["status"] == "missing_source"
    assert found.only(organisation_code=ICB, **likelihood)["numerator"] == 5
    board = {"standard": "WRES", "indicator": "9", "part": "all"}
    assert found.counts(organisation_code="01V", **board) == {"WHITE": 5, "BME": 5, "UNKNOWN": 0}


JUNE, SEPTEMBER = "2022-06-30", "2022-09-30"


def test_the_merger_changes_codes_and_nothing_else(tmp_path):
    """CCGs in June; in September the ICB itself, and one location that still sends its own."""
    staff(tmp_path, "01T", staff_rows(20), period=JUNE)
    staff(tmp_path, "01V", staff_rows(16, first=15), period=JUNE)
    staff(tmp_path, "01X", staff_rows(9, first=50), period=JUNE)
    staff(tmp_path, ICB, staff_rows(25), period=SEPTEMBER)
    staff(tmp_path, "01X", staff_rows(9, first=24), period=SEPTEMBER)
    for period, code in ((JUNE, "01T"), (SEPTEMBER, ICB)):
        write_inbox(tmp_path, period, code, "board", board_rows({WHITE: 3, BME: 1}))
    found = figures(tmp_path)

    def employers(period: str) -> dict[str, int]:
        rows = found.select(period_end=period, level="employer")
        return {
            code: found.headcount(code, "employer", period_end=period)
            for code in {row.key["organisation_code"] for row in rows}
        }

    assert employers(JUNE) == {"01T": 20, "01V": 16, "01X": 9}
    assert employers(SEPTEMBER) == {ICB: 25, "01X": 9}
    assert found.headcount(ICB, "icb", period_end=JUNE) == 39
    assert found.headcount(ICB, "icb", period_end=SEPTEMBER) == 32
    gap = {"level": "icb", "standard": "WRES", "indicator": "9", "part": "all"}
    gap |= {"measure": "difference_pp"}
    assert found.only(period_end=JUNE, **gap)["reason"] == "NOT_ADDITIVE"
    of_its_own = found.only(period_end=SEPTEMBER, **gap)
    assert (of_its_own["numerator"], of_its_own["denominator"]) == (1, 4)
    assert (of_its_own["comparator_denominator"], of_its_own["value"]) == (32, 25.0)


def test_a_location_that_is_late_is_missed_while_the_icb_sends_no_staff(tmp_path):
    for period in (JUNE, SEPTEMBER):
        staff(tmp_path, "01T", staff_rows(20), period=period)
    staff(tmp_path, "01V", staff_rows(16, first=15), period=JUNE)
    write_inbox(tmp_path, SEPTEMBER, ICB, "board", board_rows({WHITE: 3, BME: 1}))
    late = figures(tmp_path).select(period_end=SEPTEMBER, organisation_code="01V", indicator="sex")
    assert {row.told["status"] for row in late} == {"missing_source"}


def nine_ccgs(inbox: Path, codes: tuple[str, ...] = CCGS) -> None:
    """Each CCG shares people with the next one, some with a contradicting record."""
    kinds = {WHITE: 12, BME: 6, UNKNOWN: 6, "": 1}
    for code in codes:
        place = CCGS.index(code)
        own = staff_rows(kinds, first=1 + 20 * place)
        seconds = [
            row
            | {
                "Assignment Number": f"{row['Assignment Number']}-2",
                "Pay Scale": BANDS["07"],
                "Ethnic Origin": BME,
                "Primary Assignment": "No" if place % 2 else "Yes",
            }
            for row in own[:4]
        ]
        staff(inbox, code, own, seconds)
        applications = application_rows({(WHITE, True): place, (WHITE, False): 9, (BME, True): 4})
        write_inbox(inbox, PERIOD, code, "recruitment", applications)
        write_inbox(inbox, PERIOD, code, "board", board_rows({WHITE: 8, BME: place}))


def shuffle_rows(inbox: Path) -> None:
    for number, path in enumerate(sorted(inbox.rglob("*.csv"))):
        header, *rows = path.read_bytes().splitlines(keepends=True)
        random.Random(number).shuffle(rows)
        path.write_bytes(header + b"".join(rows))


@pytest.mark.slow
def test_the_order_of_rows_changes_no_figure(tmp_path):
    nine_ccgs(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    shuffle_rows(tmp_path / "other")
    assert (tmp_path / "one" / PERIOD / "01T" / "esr_staff.csv").read_bytes() != (
        tmp_path / "other" / PERIOD / "01T" / "esr_staff.csv"
    ).read_bytes()
    assert figures(tmp_path / "one") == figures(tmp_path / "other")


def released(home: Path) -> bytes:
    """Return the figures of the only release of a home."""
    (path,) = (home / "releases").glob("*/figure.csv")
    return path.read_bytes()


@pytest.mark.slow
def test_another_key_and_files_in_two_deliveries_give_the_same_figures(tmp_path, monkeypatch):
    """All nine at once under one key and under another; five first, and four in a second run."""
    monkeypatch.setattr("pipeline.run.Companion", PassingGate)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    homes = {name: tmp_path / name for name in ("one", "other", "twice")}
    for name, home in homes.items():
        monkeypatch.setenv("EQUALITY_PSEUDONYM_KEY", ("ab" if name == "one" else "cd") * 32)
        for codes in (CCGS[:5], CCGS[5:]) if name == "twice" else (CCGS,):
            nine_ccgs(home / "inbox", codes)
            result = equality("run", "--home", home)
            assert (result.exit_code, result.err) == (0, "")
    assert released(homes["one"]) == released(homes["other"])
    assert true_figures(homes["twice"]) == true_figures(homes["one"])


def true_figures(home):
    """Return the true figures; what is hidden depends on what an earlier release has told."""
    listed = json.loads(equality("figures", "--unprotected", "--json", "--home", home).out)
    left_out = ("release_id", "disclosure")
    return [{name: row[name] for name in row if name not in left_out} for row in listed]

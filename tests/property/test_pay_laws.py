"""Laws of the pay gaps, on random payrolls: computed twice alike, in any order, under any key."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from counting import Figures, figures
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from inbox import Row, pay_row, staff_row, write_inbox
from recount import Place, pay
from recount.extracts import Extracts
from recount.values import Figure

from pipeline.identity import Keys

PERIOD = "2022-03-31"
# Three of one ICB, two of another, and a trust of the first.
EMPLOYERS = ("01T", "01V", "01X", "00Q", "00R", "RBQ")
OTHER_KEYS = Keys(pseudonym=b"8" * 32, store=b"9" * 32)
# Few rates, so that many are on one, two of them within a penny.
PAY = (
    {"hourly_rate": "12.00"},
    {"hourly_rate": "12.004"},
    {"hourly_rate": "12.345678"},
    {"hourly_rate": "17.50"},
    {"hourly_rate": "31.005"},
    {"hourly_rate": "", "ordinary_pay": "3,600.00", "weekly_hours": "37.5"},
    {"hourly_rate": "", "ordinary_pay": "900", "weekly_hours": "0"},
)
Extract = dict[tuple[str, str], list[Row]]


def extracts_at_random(random: Random) -> Extract:
    """Return posts and pay by employer and source; some people work for several employers."""
    found: Extract = {}
    for place, code in enumerate(EMPLOYERS):
        paid = set()
        for number in range(random.randint(1, 70)):
            person = random.randint(1, 90)
            employee = f"{person:03}{random.choice('112')}"
            found.setdefault((code, "esr_staff"), []).append(
                staff_row(
                    person,
                    employee_number=employee,
                    nhs_unique_id=f"7400{person:04}",
                    assignment_number=f"{place}{random.randint(0, 99):02}-{number:02}",
                    primary_assignment=random.choice(["Yes", "No"]),
                    assignment_category=random.choice(["Permanent"] * 6 + ["Bank", "Agency"]),
                    fte=random.choice(["1.0", "0.5"]),
                    pay_scale=random.choice(["NHS|XR05|Band 5", "NHS|YC72|Consultant"]),
                    gender=random.choice(["Female", "Male"] * 5 + [""]),
                    ethnic_origin=random.choice(["A", "A", "C", "H", "H", "Z", ""]),
                    disability=random.choice(["Yes", "No", "No", "Not Declared"]),
                )
            )
            if employee in paid or random.random() < 0.1:
                continue
            paid.add(employee)
            row = pay_row(
                1,
                employee_number=employee,
                full_pay=random.choice(["Yes"] * 5 + ["No"]),
                bonus_in_year=random.choice(["", "0", "100", "250.50", "1000"]),
                **random.choice(PAY),
            )
            found.setdefault((code, "pay"), []).append(row)
    return found


def shuffled(extract: Extract, random: Random) -> Extract:
    return {place: random.sample(rows, len(rows)) for place, rows in extract.items()}


def write(inbox: Path, extract: Extract) -> Path:
    for (code, source), rows in extract.items():
        write_inbox(inbox, PERIOD, code, source, rows)
    return inbox


def of_pay(found: Figures) -> Mapping[Place, Figure]:
    """Return the figures of the pay gaps as those of the second computation are named."""
    names = ("standard", "indicator", "part", "measure", "group_code", "comparator_code")
    return {
        Place(
            row.key["period_end"],
            row.key["level"],
            row.key["organisation_code"],
            tuple(row.key[name] if isinstance(row.key[name], str) else "" for name in names),
        ): Figure(*(row.told[name] for name in Figure._fields))
        for row in found.rows
        if row.key["standard"] in pay.STANDARDS
    }


def computed_again(inbox: Path) -> Mapping[Place, Figure]:
    extracts = Extracts(inbox)
    return {
        Place(PERIOD, owner.level, owner.organisation, key): figure
        for owner in extracts.owners(PERIOD)
        for key, figure in pay.figures(extracts, PERIOD, *owner)
    }


@pytest.mark.slow
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    # A smaller seed is no smaller payroll.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.integers(0, 1_000_000).map(Random))
def test_pay_gaps_are_computed_twice_alike_and_know_neither_order_nor_key(random):
    extract = extracts_at_random(random)
    with TemporaryDirectory() as folder:
        inbox = write(Path(folder) / "inbox", extract)
        first = figures(inbox)
        other = figures(write(Path(folder) / "other", shuffled(extract, random)), keys=OTHER_KEYS)
        again = computed_again(inbox)
    assert other == first
    found = of_pay(first)
    assert found.keys() == again.keys()
    assert {place: found[place] for place in found if found[place] != again[place]} == {}
    assert {place.level for place in found} == {"employer", "icb", "system"}
    quarters_hold_everybody_once(found)


def quarters_hold_everybody_once(found: Mapping[Place, Figure]) -> None:
    """Each quarter has a quarter of those on full pay, and each group of them is in one."""
    compared = {standard: groups for standard, (_, groups) in pay.COMPARED.items()}
    for place, gap in found.items():
        standard, indicator, part, _, first, second = place.key
        is_total = indicator == "mean_hourly" and part in ("all", "illustrative")
        if not is_total or gap.status == "missing_source":
            continue
        quarters = {
            (number, group): found[
                place._replace(key=(standard, f"quarter_{number}", part, "share", group, ""))
            ]
            for number in (1, 2, 3, 4)
            for group in compared[standard]
        }
        people = [
            sum(quarters[n, group].numerator for n in (1, 2, 3, 4)) for group in (first, second)
        ]
        assert people == [gap.numerator, gap.comparator_numerator]
        sizes = [quarters[number, first].denominator for number in (1, 2, 3, 4)]
        assert max(sizes) - min(sizes) <= 1
        if standard == "GPG" and min(sizes):
            for number in (1, 2, 3, 4):
                shares = [quarters[number, group].value for group in (first, second)]
                assert sum(shares) == pytest.approx(100, abs=1e-9)

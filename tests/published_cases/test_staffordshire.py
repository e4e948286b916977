"""What the strategy 2022 to 2025 of the Staffordshire and Stoke-on-Trent CCGs printed of numbers.

It has no count of staff, applicants, answers, residents or grades. Its numbers are of things: six
CCGs, which one heading calls three, and 11 outcomes of EDS 2022, which one section makes 3 domains
and 10 outcomes. The scores and the staff here are made up: what is counted are bodies and outcomes.
"""

import pytest
from counting import Figures, figures
from inbox import eds_row, staff_rows, write_inbox

CCGS, ICB = ("04Y", "05D", "05G", "05Q", "05V", "05W"), "QNC"
MARCH_2022 = "2022-03-31"
OUTCOMES = {"1": "ABCD", "2": "ABCD", "3": "ABC"}


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    inbox = module_folders.mktemp("staffordshire")
    scores = [
        eds_row(f"{domain}{letter}", 2)
        for domain, letters in OUTCOMES.items()
        for letter in letters
    ]
    for number, code in enumerate(CCGS):
        staff = staff_rows(10, first=1 + 10 * number)
        write_inbox(inbox, MARCH_2022, code, "esr_staff", staff)
    write_inbox(inbox, MARCH_2022, CCGS[0], "eds", scores)
    return figures(inbox)


def test_six_ccgs_make_the_system(found):
    own = {"standard": "PSED", "indicator": "sex", "measure": "headcount", "part": "all"}
    bodies = [row.key["organisation_code"] for row in found.select(level="employer", **own)]
    assert sorted(bodies) == list(CCGS)
    assert found.headcount(ICB, "icb") == 60


def test_eds_2022_has_3_domains_and_11_outcomes(found):
    """4, 4 and 3: the 10 of the strategy is one too few, and its list of objectives has 11."""
    own = {"organisation_code": CCGS[0], "measure": "count"}
    domains = found.select(indicator="eds2022_domain", **own)
    assert {row.key["part"]: row.told["value"] for row in domains} == {"1": 4, "2": 4, "3": 3}
    assert found.only(indicator="eds2022_total", **own)["value"] == 11
    scored = found.select(indicator="eds2022_outcome", organisation_code=CCGS[0], measure="score")
    assert len({row.key["part"] for row in scored}) == 11

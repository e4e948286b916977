"""The profile by directorate and by band group: at most three groups, at 31 March.

Sources: SI 2017/353, regulation 4; the band groups are the clusters of the WDES technical guidance.
"""

from datetime import date

import pytest
from counting import figures
from inbox import BME, WHITE, staff_row, staff_rows, write_inbox

from pipeline.protect.cells import Owner, numbered
from pipeline.protect.relations import relations

CODE, OTHER_CODE, ICB = "01T", "01V", "QYG"
MARCH, JUNE = "2021-03-31", "2021-06-30"
SPELLINGS = ("Finance", "Finance", " finance", "FINANCE  ")
CHARACTERISTICS = {
    "ethnicity": {"WHITE", "BME", "UNKNOWN"},
    "disability": {"DISABLED", "NON_DISABLED", "UNKNOWN"},
    "sex": {"FEMALE", "MALE", "UNKNOWN"},
    "sexual_orientation": {"HETERO", "LGB_PLUS", "UNKNOWN"},
    "marital_status": {"MARRIED_CP", "OTHER", "UNKNOWN"},
    "religion": {"CHRISTIANITY", "OTHER_RELIGION", "UNKNOWN"},
    "age_band": {"UNDER_36", "36-50", "OVER_50"},
}


def extract():
    rows = [staff_row(n, directorate=name) for n, name in enumerate(SPELLINGS, start=1)]
    quality = {
        "directorate": "Quality/Nursing: community",
        "pay_scale": "NHS|XR10|Review Body Band 8 - Range C",
        "religious_belief": "Atheism",
        "date_of_birth": "1990-01-01",
    }
    rows += staff_rows({WHITE: 3, BME: 2}, first=5, **quality)
    rows += staff_rows(
        2, first=10, directorate="", religious_belief="", sexual_orientation="Bisexual"
    )
    # A second post does not put a person into a second directorate.
    second = {"employee_number": "20000001", "nhs_unique_id": "70000001", "fte": "0.2"}
    rows.append(
        staff_row(12, primary_assignment="No", directorate="Quality/Nursing: community", **second)
    )
    return rows


@pytest.fixture(scope="module")
def found(module_folders):
    inbox = module_folders.mktemp("profile")
    for period in (MARCH, JUNE):
        write_inbox(inbox, period, CODE, "esr_staff", extract())
    write_inbox(inbox, MARCH, OTHER_CODE, "esr_staff", staff_rows(3, first=100, directorate="All"))
    return figures(inbox)


def counts(found, characteristic, part, organisation=CODE, period=MARCH):
    return found.counts(
        standard="PSED", indicator=characteristic, part=part, organisation_code=organisation,
        period_end=period,
    )  # fmt: skip


def parts(found, family, **key):
    rows = found.select(standard="PSED", **key)
    return {row.key["part"] for row in rows if row.key["part"].startswith(family)}


def test_spellings_of_a_directorate_are_one_named_by_the_commonest(found):
    assert parts(found, "directorate", organisation_code=CODE) == {
        "directorate:Finance", "directorate:Quality-Nursing- community", "directorate:(none)",
    }  # fmt: skip
    assert counts(found, "sex", "directorate:Finance") == {"FEMALE": 2, "MALE": 2, "UNKNOWN": 0}


def test_a_directorate_is_not_mistaken_for_all_of_them(found):
    assert parts(found, "directorate", organisation_code=OTHER_CODE) == {"directorate:(all)"}


def test_each_person_is_in_the_directorate_of_the_post_that_stands_for_them(found):
    quality = "directorate:Quality-Nursing- community"
    assert counts(found, "ethnicity", quality) == {"WHITE": 3, "BME": 2, "UNKNOWN": 0}
    assert counts(found, "religion", quality) == {
        "CHRISTIANITY": 0, "OTHER_RELIGION": 5, "UNKNOWN": 0,
    }  # fmt: skip
    assert counts(found, "age_band", quality) == {"UNDER_36": 5, "36-50": 0, "OVER_50": 0}


def test_the_unknown_of_a_directorate_are_a_group(found):
    part = "directorate:(none)"
    assert counts(found, "religion", part) == {
        "CHRISTIANITY": 0, "OTHER_RELIGION": 0, "UNKNOWN": 2,
    }  # fmt: skip
    assert counts(found, "sexual_orientation", part) == {"HETERO": 0, "LGB_PLUS": 2, "UNKNOWN": 0}


@pytest.mark.parametrize("characteristic", CHARACTERISTICS)
def test_directorates_and_band_groups_add_up_to_the_workforce(found, characteristic):
    for family, headcount in (("directorate:", 11), ("cluster_", 11)):
        by_part = [
            counts(found, characteristic, part)
            for part in parts(found, family, organisation_code=CODE, indicator=characteristic)
        ]
        assert all(set(groups) == CHARACTERISTICS[characteristic] for groups in by_part)
        assert sum(sum(groups.values()) for groups in by_part) == headcount


def test_band_groups_are_clusters_at_every_level(found):
    """Bands 5 to 7 are the second cluster, 8c to very senior managers the fourth."""
    assert counts(found, "disability", "cluster_4")["NON_DISABLED"] == 5
    assert counts(found, "marital_status", "cluster_2") == {
        "MARRIED_CP": 6,
        "OTHER": 0,
        "UNKNOWN": 0,
    }
    assert counts(found, "marital_status", "cluster_2", ICB)["MARRIED_CP"] == 9
    assert counts(found, "marital_status", "cluster_7") == {
        "MARRIED_CP": 0,
        "OTHER": 0,
        "UNKNOWN": 0,
    }


def test_directorates_are_those_of_an_employer(found):
    assert parts(found, "directorate:", level="icb") == set()


def test_coarse_groups_of_everybody(found):
    assert counts(found, "religion", "coarse") == {
        "CHRISTIANITY": 4, "OTHER_RELIGION": 5, "UNKNOWN": 2,
    }  # fmt: skip
    assert parts(found, "coarse", indicator="sex") == set()


def test_only_the_yearly_publication_has_them(found):
    assert parts(found, "", period_end=JUNE) == {"all", "detail"}


def test_protection_knows_that_coarse_groups_are_sums():
    """Whoever knows the bands from 36 to 50 knows their sum, and of two and the sum the third."""
    owner = Owner(date(2021, 3, 31), "employer", CODE)
    bands = {f"workforce/all/age_band/{band}": 12 for band in ("36-40", "41-45")}
    bands["workforce/all/age_band/46-50"] = 15
    coarse = "workforce/all/age_group/36-50"
    cells = numbered({owner: bands | {coarse: 39}})
    found = [one for one in relations(cells, {}) if one.total == cells.number(owner, coarse)]
    numbers = {cells.number(owner, band) for band in bands}
    assert [(set(one.children), one.remainder) for one in found] == [(numbers, None)]

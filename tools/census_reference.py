"""Residents of the local authorities at the Census of 2021, by the groups of the staff.

Source: Office for National Statistics, Census 2021, in the tables that
``warehouse/reference/README.md`` names.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from public_files import Row, read_table

from pipeline.read.nomis import bulk_counts

WHITE_BRITISH = "White: English, Welsh, Scottish, Northern Irish or British"
NOT_ANSWERED = "Not answered"

Counts = Iterable[tuple[str, str, int]]  # area, category, residents


def ethnicity_all_ages(census: Path) -> Counts:
    """Yield the 19 ethnic groups of TS021."""
    for row in read_table(census / "ts021_ethnicity21_ltla21.csv.gz"):
        category, _, unit = row["ethnic_group"].rpartition(" (")
        if unit == "number)":
            yield row["ltla21_code"], category, int(float(row["value"]))


def disability_all_ages(census: Path) -> Counts:
    """Yield the two values of TS038, disabled and not disabled under the Equality Act."""
    for row in read_table(census / "derived_ts038_disability21_ltla22.csv"):
        yield row["ltla22_code"], row["disability"], int(row["n"])


def sex_all_ages(census: Path) -> Counts:
    """Yield women and men, added up from three broad ages: TS008 but for perturbation."""
    for row in read_table(census / "age_gender21_ltla21_ew.csv"):
        yield row["ltla21_code"], "Female", int(row["total_females"])
        yield row["ltla21_code"], "Male", int(row["total_males"])


def age_16_plus(census: Path) -> Counts:
    """Yield the age bands of the staff profile, added up from the single years of TS007."""
    for area, category, residents in bulk_counts(census, "ts007"):
        age = int("".join(filter(str.isdigit, category)))
        if age >= 16:
            yield area, age_band(age), residents


def age_band(age: int) -> str:
    """Return the five-year band of an age, as staff records have it: 16 to 20, 21 to 25."""
    if age <= 20:
        return "<=20"
    if age >= 71:
        return ">=71"
    first = age - (age - 1) % 5
    return f"{first}-{first + 4}"


def aged_16_plus(path: Path, variable: str) -> Counts:
    """Yield ``variable`` of a table of residents aged 16 and over by sexual orientation."""
    for row in read_table(path):
        if row[variable] != "Does not apply":
            area = row["Lower tier local authorities Code"]
            yield area, row[variable], int(row["Observation"])


GROUPS: dict[str, dict[str, Callable[[str], bool]]] = {
    "ethnicity": {
        "BME": lambda category: not category.startswith("White"),
        "NOT_WHITE_BRITISH": lambda category: category != WHITE_BRITISH,
    },
    "disability": {"DISABLED": lambda category: category.startswith("Disabled")},
    "sex": {
        "FEMALE": lambda category: category == "Female",
        "MALE": lambda category: category == "Male",
    },
    "religion": {
        group: lambda category, own=own: category == own
        for group, own in (
            ("ATHEISM", "No religion"),
            ("BUDDHISM", "Buddhist"),
            ("CHRISTIANITY", "Christian"),
            ("HINDUISM", "Hindu"),
            ("ISLAM", "Muslim"),
            ("JUDAISM", "Jewish"),
            ("SIKHISM", "Sikh"),
        )
    },
    "sexual_orientation": {
        "LGB_PLUS": lambda category: (
            category in ("Gay or Lesbian", "Bisexual", "All other sexual orientations")
        ),
    },
    "age_band": {
        band: lambda category, band=band: category == band
        for band in dict.fromkeys(age_band(age) for age in range(16, 72))
    },
}


def census_tables(census: Path) -> Iterator[tuple[str, str, Counts]]:
    """Yield the counts of each characteristic and base; a Nomis bulk file comes first."""
    yield "ethnicity", "ALL_RESIDENTS", bulk_counts(census, "ts021") or ethnicity_all_ages(census)
    yield "disability", "ALL_RESIDENTS", bulk_counts(census, "ts038") or disability_all_ages(census)
    yield "sex", "ALL_RESIDENTS", bulk_counts(census, "ts008") or sex_all_ages(census)
    yield "age_band", "AGED_16_PLUS", age_16_plus(census)
    for characteristic, file, variable in (
        ("ethnicity", "ethnic_group", "Ethnic group (8 categories)"),
        ("disability", "disability", "Disability - Equality act disabled (4 categories)"),
        ("sex", "age_sex", "Sex (2 categories)"),
        ("religion", "religion", "Religion (10 categories)"),
        ("sexual_orientation", "disability", "Sexual orientation (6 categories)"),
    ):
        counts = aged_16_plus(census / f"ltla16plus_sexual_{file}.csv.gz", variable)
        yield characteristic, "AGED_16_PLUS", counts


def census_rows(data: Path, countries: str = "E") -> list[Row]:
    """Return the residents of each group in the lower-tier authorities of the countries (E, W)."""
    census = data / "census"
    names = {
        row["ltla21_code"]: row["ltla21_name"]
        for row in read_table(census / "ts021_ethnicity21_ltla21.csv.gz")
    }
    rows: list[Row] = []
    for characteristic, base, counts in census_tables(census):
        totals: dict[str, int] = defaultdict(int)
        answered: dict[str, int] = defaultdict(int)
        residents: dict[tuple[str, str], int] = defaultdict(int)
        for area, category, count in counts:
            totals[area] += count
            answered[area] += count * (category != NOT_ANSWERED)
            for group, belongs in GROUPS[characteristic].items():
                residents[area, group] += count * belongs(category)
        rows += [
            (
                *(area, names[area], characteristic, base, group),
                *(str(count), str(totals[area]), str(answered[area])),
            )
            for (area, group), count in residents.items()
            if area[0] in countries
        ]
    return sorted(rows)

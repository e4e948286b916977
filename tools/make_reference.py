"""Make the public reference tables of the warehouse from a folder of ODS, ONS and pay-scale files.

    python tools/make_reference.py DATA_DIR [--out warehouse/reference]

DATA_DIR holds the folders census, ods_geography and pay_scales. The same input gives the same
bytes. Sources, rules and licences are described in ``warehouse/reference/README.md``.
"""

import argparse
import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from census_reference import census_rows
from public_files import Row, read_table

ICBS_BEGIN = date(2022, 7, 1)  # Health and Care Act 2022: CCGs end, ICBs begin
ICB_CODES_REISSUED = date(2023, 4, 1)  # ONS gave Surrey Heartlands and Sussex new codes
CCG_LISTS = {  # the day of each ONS list, whose year is in its column names, and the file
    date(2017, 4, 1): "ccg_to_stp_april_2017_v3.csv",
    date(2018, 4, 1): "ccg_to_stp_april_2018_v2.csv",
    date(2019, 4, 1): "ccg_to_stp_april_2019.csv",
    date(2020, 4, 1): "ref_ccg20.csv",
    date(2021, 4, 1): "ref_ccg21.csv",
}
# Trusts that took a new name when they took in another one: the new name's first day is the day
# after the other trust closed. Other changes of a trust's name carry no date in the ODS file.
RENAMED_AT_MERGER = {"RAX": "RY9", "RBN": "RVY", "RH8": "RBZ", "RW1": "R1C"}
SMALL_WORDS = {"And", "For", "In", "Of", "On", "The", "Upon"}
CAPITALS = {"CCG", "NHS"}


def read_ods(path: Path) -> list[list[str]]:
    """Return the rows of an ODS organisation file: 27 columns without a header."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def ods_day(text: str) -> date | None:
    """Return the day of an ODS date (yyyymmdd), or None where it is blank."""
    return date.fromisoformat(text) if text else None


def spans(starts: list[date], end: date | None) -> list[tuple[str, str]]:
    """Return the first and the last day of periods that follow one another without a gap."""
    ends = [*(start - timedelta(days=1) for start in starts[1:]), end]
    return [
        (first.isoformat(), last.isoformat() if last else "")
        for first, last in zip(starts, ends, strict=True)
    ]


def proper_name(name: str) -> str:
    """Return a name in capitals as it is written in prose."""
    words = [word if word in CAPITALS else word.capitalize() for word in name.upper().split()]
    return " ".join(w.lower() if i and w in SMALL_WORDS else w for i, w in enumerate(words))


def ccg_states(geography: Path) -> dict[str, list[tuple[date, str, str]]]:
    """Return for each CCG (day, name, GSS code) of the first list and of each list that differs."""
    states: dict[str, list[tuple[date, str, str]]] = defaultdict(list)
    for day, file in CCG_LISTS.items():
        for row in read_table(geography / file):
            name = row[f"CCG{day:%y}NM"].replace(" & ", " and ")  # only a spelling, as ODS shows
            state = (name, row[f"CCG{day:%y}CD"])
            known = states[row[f"CCG{day:%y}CDH"]]
            if not known or known[-1][1:] != state:
                known.append((day, *state))
    return states


def ccg_rows(geography: Path) -> Iterator[Row]:
    """Yield each CCG to its end, and from 1 July 2022 the sub-ICB location that kept its code."""
    states = ccg_states(geography)
    pairs = read_table(geography / "derived_sicbl22_icb22_ltla22_pairs.csv")
    locations = {row["sicbl22_code_h"]: (row["sicbl22_name"], row["sicbl22_code"]) for row in pairs}
    for line in read_ods(geography / "eccg.csv"):
        code, icb, role = line[0], line[3], line[13]
        if role and "RO319" not in role:
            continue  # commissioning hubs and the reporting entities of 2024 are not employers
        opened = date.fromisoformat(line[10])
        closed = ods_day(line[11]) or ICBS_BEGIN - timedelta(days=1)
        # CCGs that closed before the first list have no GSS code in these files.
        periods = states.get(code) or [(opened, proper_name(line[1]), "")]
        starts = [opened, *(day for day, _, _ in periods[1:])]
        for (_, name, gss), span in zip(periods, spans(starts, closed), strict=True):
            yield code, name, "CCG", icb, gss, *span
        if role:
            name, gss = locations[code]
            yield code, name, "SUB_ICB", icb, gss, ICBS_BEGIN.isoformat(), ""


def icb_rows(geography: Path) -> Iterator[Row]:
    """Yield each ICB; two rows where ONS gave it another code in April 2023."""
    pairs = read_table(geography / "derived_sicbl22_icb22_ltla22_pairs.csv")
    first = {row["icb22_code_h"]: row["icb22_code"] for row in pairs}
    for row in read_table(geography / "icb_names_codes_dec_2024.csv"):
        code, name, latest = row["ICB24CDH"], row["ICB24NM"], row["ICB24CD"]
        codes = {first[code]: ICBS_BEGIN}
        codes.setdefault(latest, ICB_CODES_REISSUED)
        for gss, span in zip(codes, spans(list(codes.values()), None), strict=True):
            yield code, name, "ICB", code, gss, *span


def trust_rows(geography: Path) -> Iterator[Row]:
    """Yield each NHS trust with its present name, and its earlier one where its end is known."""
    lines = read_ods(geography / "etr.csv")
    closed_on = {line[0]: ods_day(line[11]) for line in lines}
    names_2022 = {
        row["nhs_trust22_code"]: proper_name(row["nhs_trust22_name"])
        for row in read_table(geography / "lookup_nhs_trusts22_stp21.csv")
    }
    for line in lines:
        code, icb = line[0], line[3]
        names = [proper_name(line[1])]
        starts = [date.fromisoformat(line[10])]
        merged = closed_on.get(RENAMED_AT_MERGER.get(code, ""))
        if merged:
            names.insert(0, names_2022[code])
            starts.append(merged + timedelta(days=1))
        for name, span in zip(names, spans(starts, ods_day(line[11])), strict=True):
            yield code, name, "TRUST", icb, "", *span


def organisation_rows(data: Path) -> list[Row]:
    """Return every CCG, sub-ICB location, ICB and trust with the days for which the row holds."""
    rows = (
        row for kind in (ccg_rows, icb_rows, trust_rows) for row in kind(data / "ods_geography")
    )
    return sorted(rows, key=lambda row: (row[0], row[5]))  # code, valid_from


def succession_rows(data: Path) -> list[Row]:
    """Return the successions of known organisations, and each CCG into its ICB on 1 July 2022."""
    organisations = organisation_rows(data)
    known = {row[0] for row in organisations}
    rows = {
        (row["old_code"], row["new_code"], row["date"])
        for row in read_table(data / "ods_geography/ods_succession_lookup_trust_trust.csv.gz")
        if {row["old_code"], row["new_code"]} & known
    }
    rows |= {
        (row[0], row[3], ICBS_BEGIN.isoformat()) for row in organisations if row[2] == "SUB_ICB"
    }
    return sorted(rows)


def boundary_rows(data: Path) -> list[Row]:
    """Return the local authorities that each sub-ICB location and each ICB overlaps (July 2022)."""
    lsoas: dict[tuple[str, str], int] = defaultdict(int)
    area_lsoas: dict[str, int] = defaultdict(int)
    area_names: dict[str, str] = {}
    least_share: dict[str, float] = {}  # of an authority's LSOAs, for it to be pooled
    for row in read_table(data / "ods_geography" / "derived_sicbl22_icb22_ltla22_pairs.csv"):
        area, count = row["ltla22_code"], int(row["lsoa11_count"])
        for code, least in ((row["sicbl22_code_h"], 0.1), (row["icb22_code_h"], 0.5)):
            lsoas[code, area] += count
            least_share[code] = least
        area_lsoas[area] += count
        area_names[area] = row["ltla22_name"]
    rows: list[Row] = []
    for (code, area), count in sorted(lsoas.items()):
        is_pooled = count / area_lsoas[area] >= least_share[code]
        counts = (str(count), str(area_lsoas[area]), str(int(is_pooled)))
        rows.append((code, area, area_names[area], *counts))
    return rows


def pay_rows(data: Path) -> list[Row]:
    """Return the pay points of Agenda for Change, England, bands written 1 to 7, 8a to 8d, 9."""
    return sorted(
        (row["pay_year"], row["band"].removeprefix("Band "), row["point"], row["annual_gbp"])
        for row in read_table(data / "pay_scales" / "afc_annual_2021_22_to_2024_25.csv")
    )


COLUMNS = {
    "organisation": (
        "organisation_code organisation_name kind icb_code gss_code valid_from valid_to"
    ),
    "succession": "old_code new_code effective_date",
    "boundary": "organisation_code area_code area_name lsoa_count area_lsoa_count is_pooled",
    "census_population": (
        "area_code area_name characteristic base group_code residents total_residents "
        "answered_residents"
    ),
    "pay_point": "pay_year band point annual_gbp",
}


def main() -> None:
    """Write the five tables."""
    parser = argparse.ArgumentParser(description="Make the reference tables of the warehouse.")
    parser.add_argument("data", type=Path, help="folder with census, ods_geography, pay_scales")
    default = Path(__file__).resolve().parents[1] / "warehouse" / "reference"
    parser.add_argument("--out", type=Path, default=default, help="existing folder")
    options = parser.parse_args()
    makers = (organisation_rows, succession_rows, boundary_rows, census_rows, pay_rows)
    for (name, columns), make in zip(COLUMNS.items(), makers, strict=True):
        with (options.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns.split())
            writer.writerows(make(options.data))


if __name__ == "__main__":
    main()

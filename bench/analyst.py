"""The figures as an analyst makes them in pandas, after the steps of the NHS RAP template.

    python bench/analyst.py INBOX OUTPUT

Reads every extract of an inbox, cleans it, validates it with pandera, and groups: the counts of
WRES 1 and 2, declaration rates, and mean and median gender pay gaps, for each employer, ICB and
system, each person once. It writes a CSV file each. What it leaves out, beside all other figures:
pseudonyms, encryption, feedback, intervals, the protection of small numbers and a trail. It is the
baseline of ``bench/all.py``, and as quick as plain pandas lets it be.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from analyst_schemas import SCHEMAS
from pandera.errors import SchemaErrors

REFERENCE = Path(__file__).resolve().parent.parent / "warehouse" / "reference"
OWNER = ["period_end", "level", "organisation_code"]
PERSON = ["period_end", "level", "organisation_code", "person"]
CHARACTERISTICS = {
    "ethnic_origin": "ethnicity",
    "disability": "disability",
    "religious_belief": "religion",
    "sexual_orientation": "sexual_orientation",
    "marital_status": "marital_status",
    "gender": "sex",
}
REQUIRED = {"recruitment": ("ethnic_origin",), "esr_staff": ("ethnic_origin", "pay_scale")}
SYNONYMS = {
    "employee_no": "employee_number",
    "unique_nhs_identifier": "nhs_unique_id",
    "contracted_wte": "fte",
    "ethnicity": "ethnic_origin",
}


# --- read ---------------------------------------------------------------------------------------


def read_inbox(inbox: Path) -> dict[str, pd.DataFrame]:
    """Return all extracts of each source as one frame of text, but those that cannot be read."""
    found: dict[str, list[pd.DataFrame]] = {}
    for path in sorted(inbox.glob("*/*/*.*")):
        if path.suffix not in (".csv", ".xlsx"):
            continue
        try:
            frame = read_extract(path)
        except pd.errors.ParserError:
            print(f"{path.name} of {path.parent.name} cannot be read", file=sys.stderr)
            continue
        names = frame.columns.str.strip().str.lower().str.replace(" ", "_")
        frame = frame.set_axis(names, axis=1).rename(columns=SYNONYMS)
        if missing := {*REQUIRED.get(path.stem, ())} - {*frame.columns}:
            print(f"{path.name} of {path.parent.name} has no {', '.join(missing)}", file=sys.stderr)
            continue
        frame["period_end"], frame["organisation_code"] = path.parts[-3:-1]
        found.setdefault(path.stem, []).append(frame)
    return {source: pd.concat(frames, ignore_index=True) for source, frames in found.items()}


def read_extract(path: Path) -> pd.DataFrame:
    """Return one extract, every cell as text."""
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str, engine="calamine")
    start = path.open("rb").read(2000)
    if start.startswith(b"\xff\xfe"):
        return pd.read_csv(path, dtype=str, sep="\t", encoding="utf-16")
    # Some systems write a few lines of a report above the headings.
    lines = start.decode("cp1252", errors="replace").splitlines()
    above = next(n for n, line in enumerate(lines) if line.count(",") > 1)
    try:
        return pd.read_csv(path, dtype=str, encoding="utf-8-sig", skiprows=above)
    except UnicodeDecodeError:
        return pd.read_csv(path, dtype=str, encoding="cp1252", skiprows=above)


# --- clean --------------------------------------------------------------------------------------


def reference(name: str) -> pd.DataFrame:
    """Return a code list."""
    return pd.read_csv(REFERENCE / f"{name}.csv", dtype=str, keep_default_na=False)


def codes(name: str) -> dict[str, str]:
    """Return the codes of a list by what is received."""
    listed = reference(name)
    return dict(zip(listed["received_key"], listed["code"], strict=True))


def mapped(values: pd.Series, meaning: Callable[[str], object]) -> pd.Series:
    """Return what each value means; every distinct value is looked up once."""
    return values.map({value: meaning(value) for value in values.dropna().unique()})


def plain(text: str) -> str:
    """Return text in lower case with single spaces."""
    return " ".join(text.lower().replace("&", "and").split())


def clean(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the extracts with dates, numbers and codes."""
    cleaned = {}
    for source, frame in frames.items():
        own = frame.drop_duplicates().copy()
        for name in own.columns.intersection(DATES):
            own[name] = dates(own[name])
        for name in own.columns.intersection(NUMBERS):
            own[name] = pd.to_numeric(own[name], errors="coerce")
        for name in own.columns.intersection(list(CHARACTERISTICS)):
            own[CHARACTERISTICS[name]] = groups(CHARACTERISTICS[name], own[name])
        cleaned[source] = own
    if "esr_staff" in cleaned:
        cleaned["esr_staff"] = clean_staff(cleaned["esr_staff"])
    return cleaned


DATES = (
    "period_end", "date_of_birth", "latest_start_date", "shortlisted_date", "completion_date",
    "movement_date", "formal_start_date", "due_date", "completed_date", "updated",
)  # fmt: skip
NUMBERS = (
    "fte", "hourly_rate", "bonus_in_year", "ordinary_pay", "weekly_hours", "bonus_in_period",
    "pay_period_days", "bonus_period_days", "base", "count", "percent", "score",
    "characteristics_evidenced", "percent_complete", "survey_year",
)  # fmt: skip


def dates(values: pd.Series) -> pd.Series:
    """Return dates, written as 2022-03-31 or 31/03/2022."""
    text = values.str[:10]
    found = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    british = found.isna() & text.notna()
    if british.any():
        found[british] = pd.to_datetime(text[british], format="%d/%m/%Y", errors="coerce")
    return found


def groups(characteristic: str, values: pd.Series) -> pd.Series:
    """Return the group of each declaration; UNKNOWN for a blank."""
    listed = reference("characteristic_value").query("characteristic == @characteristic")
    group = dict(zip(listed["received_key"], listed["group_code"], strict=True))

    def meaning(value: str) -> str:
        if characteristic == "ethnicity" and plain(value) not in group:
            return group.get(value.split(maxsplit=1)[0].upper(), "UNKNOWN")
        return group.get(plain(value), "UNKNOWN")

    return mapped(values, meaning).fillna("UNKNOWN").astype("category")


def clean_staff(staff: pd.DataFrame) -> pd.DataFrame:
    """Return the staff with kinds of contract, bands and sides."""
    for name, column in (
        ("assignment_category", "person_type"),
        ("assignment_status", "assignment_state"),
        ("staff_group", "side"),
    ):
        listed = codes(name)
        staff[column] = mapped(staff[name], lambda value, known=listed: known.get(plain(value)))
    staff["band"] = mapped(staff["pay_scale"], band)
    pay_row = reference("pay_row").set_index("band_code")
    is_medical = staff["band"].map(pay_row["pay_kind"]) == "MEDICAL"
    staff["band_order"] = pd.to_numeric(staff["band"].map(pay_row["band_order"]))
    side = staff["side"].map({"NON_CLINICAL": "non_clinical"}).fillna("clinical")
    staff["part"] = side.mask(is_medical, "medical") + ":" + staff["band"]
    staff["is_primary"] = staff["primary_assignment"].str.lower().isin(["yes", "y"])
    number = staff["organisation_code"] + "/" + staff["employee_number"]
    staff["person"] = staff["nhs_unique_id"].fillna(number)
    return staff


def band(scale: str) -> str | None:
    """Return the band or grade of a pay scale such as NHS|XR05|Review Body Band 5."""
    words = scale.rsplit("|", maxsplit=1)[-1].lower()
    if " band " in f" {words}":
        name = words.rsplit("band ", 1)[1]
        return "8" + name[-1] if "range" in name else name
    listed = codes("grade_word")
    found = [word for word in listed if f" {word} " in f" {words} "]
    return listed[max(found, key=len)] if found else None


# --- validate -----------------------------------------------------------------------------------


def validate(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the rows that their schema accepts; extracts without a compulsory column go."""
    valid = {}
    for source, frame in frames.items():
        schema = SCHEMAS.get(source)
        if schema is None:
            continue
        try:
            valid[source] = schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            rows = errors.failure_cases["index"].dropna().unique()
            print(f"{source}: {len(rows)} rows are left out", file=sys.stderr)
            valid[source] = frame.drop(index=rows)
    return valid


# --- group --------------------------------------------------------------------------------------


def membership(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return in which organisations each employer is counted at each snapshot."""
    sent = pd.concat(frame[["period_end", "organisation_code"]] for frame in frames.values())
    sent = sent.drop_duplicates().rename(columns={"organisation_code": "employer_code"})
    listed = reference("organisation")
    for name in ("valid_from", "valid_to"):
        listed[name] = pd.to_datetime(listed[name])
    own = sent.merge(listed, left_on="employer_code", right_on="organisation_code")
    is_open = own["valid_to"].isna() | (own["period_end"] <= own["valid_to"])
    own = own[is_open & (own["valid_from"] <= own["period_end"])]
    keep = ["period_end", "employer_code", "level", "organisation_code"]
    pooled = own.assign(organisation_code=own["icb_code"])
    has_trust = own.loc[own["kind"] == "TRUST", ["period_end", "icb_code"]].drop_duplicates()
    icb = pooled[own["kind"] != "TRUST"].assign(level="icb")
    system = pooled.merge(has_trust, on=["period_end", "icb_code"]).assign(level="system")
    return pd.concat([own.assign(level="employer"), icb, system])[keep]


def people(staff: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each person of each organisation's workforce."""
    staff = staff.rename(columns={"organisation_code": "employer_code"})
    placed = staff.merge(levels, on=["period_end", "employer_code"])
    placed = placed.sort_values(
        [*PERSON, "is_primary", "fte", "band_order", "employer_code", "assignment_number"],
        ascending=[True] * 4 + [False] * 3 + [True] * 2,
        kind="stable",
    )
    first = placed.drop_duplicates(PERSON)
    repeated = placed[placed.duplicated(PERSON, keep=False)]
    # A characteristic that one record knows and the first does not.
    for name in CHARACTERISTICS.values():
        known = repeated.loc[repeated[name] != "UNKNOWN", [*PERSON, name]].drop_duplicates(PERSON)
        found = first[PERSON].merge(known, on=PERSON, how="left")[name].to_numpy()
        better = first[name].astype(object).where(first[name] != "UNKNOWN", found)
        first = first.assign(**{name: better.fillna("UNKNOWN")})
    return first


def workforce_of(staff: pd.DataFrame) -> pd.DataFrame:
    """Return the assignments that count as the workforce."""
    types = ["PERMANENT", "FIXED_TERM", "APPRENTICE", "LOCUM"]
    return staff[staff["person_type"].isin(types) & is_at_work(staff)]


def is_at_work(staff: pd.DataFrame) -> pd.Series:
    """Return whose contract lives."""
    return ~staff["assignment_state"].isin(["INACTIVE", "TERMINATED"])


def wres_1(workforce: pd.DataFrame) -> pd.DataFrame:
    """Return headcounts by pay row and ethnic group."""
    counted = workforce.groupby([*OWNER, "part", "ethnicity"], observed=True)
    return counted.size().rename("headcount").reset_index()


def wres_2(applications: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return shortlisted and appointed applicants by ethnic group, and the likelihoods."""
    shortlisted = applications[applications["shortlisted"].str.lower() == "yes"]
    shortlisted = shortlisted.rename(columns={"organisation_code": "employer_code"})
    placed = shortlisted.merge(levels, on=["period_end", "employer_code"])
    placed["is_appointed"] = placed["appointed"].str.lower() == "yes"
    counted = placed.groupby([*OWNER, "ethnicity"], observed=True)["is_appointed"]
    found = counted.agg(appointed="sum", shortlisted="size").reset_index()
    found["likelihood"] = found["appointed"] / found["shortlisted"]
    return found


def declaration_rates(workforce: pd.DataFrame) -> pd.DataFrame:
    """Return for each characteristic how many are known, of how many."""
    found = []
    for name in CHARACTERISTICS.values():
        known = (workforce[name] != "UNKNOWN").groupby([workforce[one] for one in OWNER])
        counted = known.agg(known="sum", headcount="size").reset_index()
        found.append(counted.assign(characteristic=name))
    rates = pd.concat(found, ignore_index=True)
    rates["rate"] = (100 * rates["known"] / rates["headcount"]).round(1)
    return rates


def pay_gaps(staff: pd.DataFrame, pay: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the mean and the median gap between men's and women's hourly pay, in percent."""
    types = ["PERMANENT", "FIXED_TERM", "APPRENTICE", "LOCUM", "BANK"]
    relevant = staff[staff["person_type"].isin(types) & is_at_work(staff)]
    key = ["period_end", "organisation_code", "employee_number"]
    paid = relevant.merge(pay[[*key, "hourly", "full_pay"]], on=key)
    once = people(paid, levels)
    full = once[(once["full_pay"].str.lower() == "yes") & once["hourly"].notna()]
    by_sex = full.groupby([*OWNER, "sex"], observed=True)["hourly"].agg(["mean", "median", "size"])
    wide = by_sex.unstack("sex")
    gap = pd.DataFrame(
        {name: 100 * (1 - wide[name, "FEMALE"] / wide[name, "MALE"]) for name in ("mean", "median")}
    )
    return gap.round(1).assign(men=wide["size", "MALE"], women=wide["size", "FEMALE"]).reset_index()


def with_hourly(pay: pd.DataFrame) -> pd.DataFrame:
    """Return pay with the pounds of an hour, as sent or worked out from a month."""
    pay["hourly"] = pay["hourly_rate"]
    if "ordinary_pay" in pay:
        weekly = pay["ordinary_pay"] / pay["pay_period_days"] * 7
        pay["hourly"] = pay["hourly"].fillna(weekly / pay["weekly_hours"])
    return pay


def main(inbox: Path, output: Path) -> dict[str, pd.DataFrame]:
    """Make the figures of an inbox and write them."""
    frames = validate(clean(read_inbox(inbox)))
    staff, levels = frames["esr_staff"], membership(frames)
    workforce = people(workforce_of(staff), levels)
    figures = {"wres_1": wres_1(workforce), "declaration": declaration_rates(workforce)}
    if "recruitment" in frames:
        figures["wres_2"] = wres_2(frames["recruitment"], levels)
    if "pay" in frames:
        figures["pay_gap"] = pay_gaps(staff, with_hourly(frames["pay"]), levels)
    output.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure.to_csv(output / f"{name}.csv", index=False)
    return figures


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

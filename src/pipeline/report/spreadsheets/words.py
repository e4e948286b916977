"""The plain English of codes, and how many decimals a number is shown with."""

import re
from collections.abc import Mapping

import pandas as pd

from pipeline.publish.revisions import NOT_LISTED

LEVELS: Mapping[str, str] = {
    "employer": "Employer",
    "icb": "ICB: its commissioning bodies pooled",
    "system": "System: the ICB and its trusts pooled",
}
DIRECTIONS: Mapping[str, str] = {
    "favourable": "Favourable",
    "adverse": "Adverse",
    "near_parity": "Near parity",
    "cannot_tell": "Cannot tell",
    "neutral": "No better or worse value",
}
CHANGES: Mapping[str, str] = {
    "appeared": "Appeared: in this release and not in the one before",
    "withdrawn": "Withdrawn: in the release before and not in this one",
    "changed": "Changed",
    NOT_LISTED: "Not listed one by one: any number of figures, or none",
}
COMPARATORS: Mapping[str, str] = {
    "POPULATION": "All residents",
    "POPULATION_16_PLUS": "Residents aged 16 and over",
    "WORKFORCE": "All staff",
    "ALL": "All staff",
}
_PARTS: Mapping[str, str] = {
    "all": "All",
    "boundary": "All areas of its boundary",
    "all_staff": "of all staff, unknown included",
    "coarse": "Few, wide groups",
    "detail": "Detailed groups",
    "illustrative": "Illustrative: bodies pooled before they were one employer",
    "clinical": "Clinical",
    "non_clinical": "Non-clinical",
    "medical": "Medical and dental",
    "consultant": "consultants",
    "non_consultant_career": "non-consultant career grades",
    "trainee": "trainees",
    "medical_other": "other",
    "under_1": "under band 1",
    "vsm": "very senior managers",
    "voting": "Voting board members",
    "executive": "Executive board members",
    "one_year": "Cases of one year",
    "two_year": "Cases of two years",
    "ill_health": "Capability on grounds of ill health",
    "tier_upper": "Upper tier of bands",
    "next": "The deadline that comes next",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "sex": "Sex",
}
_AREA = re.compile(r"[EW]\d{8}")


def part(code: str) -> str:
    """Return what a part is: a band, a cluster, a board role, an area, a directorate.

    A code that a received file brought along, such as the reference of an action, stays as it is.
    """
    if code.startswith("directorate:"):
        return f"Directorate: {code.removeprefix('directorate:')}"
    told = [_part(one) for one in code.split(":")]
    known = [one for one in told if one is not None]
    return ", ".join(known) if len(known) == len(told) else code


def _part(code: str) -> str | None:
    if code in _PARTS:
        return _PARTS[code]
    kind, _, rest = code.partition("_")
    if kind in ("band", "cluster") and rest:
        return _PARTS.get(rest, f"{kind} {rest}")
    if re.fullmatch(r"[1-9][a-d]?", code):
        return f"band {code}"
    return f"Local authority {code}" if _AREA.fullmatch(code) else None


def groups(indicator: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Return the label of each group of an indicator.

    Args:
        indicator: the registry as published; ``groups`` reads ``CODE: label; CODE: label``.

    Returns:
        Labels by standard, indicator and code.
    """
    columns = indicator[["standard", "indicator", "groups"]]
    return {
        (standard, name, code): label
        for standard, name, told in columns.dropna().itertuples(index=False)
        for code, _, label in (one.partition(": ") for one in told.split("; "))
    }


def titles(indicator: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the title of each indicator by standard and indicator."""
    columns = indicator[["standard", "indicator", "title"]]
    return {(standard, name): title for standard, name, title in columns.itertuples(index=False)}

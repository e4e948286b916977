"""Codes in words: groups, parts, sources, standards, days."""

from datetime import date

from pipeline.alert.wording import day, listed

__all__ = ["day", "listed"]

LEVELS = {"employer": "employer", "icb": "ICB", "system": "system"}

STANDARDS = {
    "WRES": "Workforce Race Equality Standard",
    "WDES": "Workforce Disability Equality Standard",
    "GPG": "Gender pay gap",
    "EPG": "Ethnicity pay gap",
    "DPG": "Disability pay gap",
    "RDR": "Race disparity ratio",
    "MODEL_EMPLOYER": "A Model Employer",
    "PSED": "Workforce profile (Public Sector Equality Duty)",
    "DECLARATION": "Declaration rates",
    "CENSUS": "Workforce against the population",
    "FLOW": "Joining, leaving and moving up",
    "EDS": "Equality Delivery System",
    "ACTIONS": "Equality plans",
    "DUTIES": "Publication duties",
}

SOURCES = {
    "esr_staff": "staff record",
    "pay": "pay",
    "recruitment": "recruitment",
    "employee_relations": "formal cases",
    "training": "training",
    "movers": "starters and leavers",
    "board": "board",
    "survey": "staff survey",
    "eds": "Equality Delivery System",
    "duties": "publication duties",
    "actions": "equality plan",
}

CHARACTERISTICS = {
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "sex": "Sex",
    "age_band": "Age",
    "religion": "Religion or belief",
    "sexual_orientation": "Sexual orientation",
    "marital_status": "Marriage and civil partnership",
}

REASONS = {
    "NO_NUMERATOR_BASE": "nobody is in the group that it is about",
    "NO_COMPARATOR_BASE": "there is nothing to compare it with",
    "NO_EVENTS": "nothing of the kind happened in either group",
    "COMPARATOR_RATE_ZERO": (
        "nothing of the kind happened in the group that it is compared with, and nothing can be "
        "divided by zero"
    ),
    "NOT_ADDITIVE": "figures of this kind cannot be added up across employers",
    "NO_BASELINE": "there is no earlier snapshot to start from",
    "NO_EARLIER_FIGURE": "there is no earlier figure to compare with",
}

_ADJECTIVES = {
    "WHITE": "White", "BME": "BME", "DISABLED": "disabled", "NON_DISABLED": "non-disabled",
    "FEMALE": "female", "MALE": "male",
}  # fmt: skip
_PARTS = {
    "all": "All", "clinical": "Clinical", "non_clinical": "Non-clinical", "medical": "Medical",
    "voting": "Voting members", "executive": "Executive members", "vsm": "Very senior manager",
    "under_1": "under band 1", "consultant": "consultants", "trainee": "trainee grades",
    "non_consultant_career": "non-consultant career grades", "medical_other": "other grades",
    "illustrative": "Illustrative", "detail": "in detail", "tier_upper": "Band 8a and above",
    "cluster_4": "Bands 8c to 9 and very senior managers",
}  # fmt: skip


def year_before(when: date) -> date:
    """Return the same day a year before. No snapshot is on 29 February."""
    return when.replace(year=when.year - 1)


def people(group: str, noun: str) -> str:
    """Return a group of people: ``White applicants``; ``women`` and ``men`` of staff."""
    if noun == "staff" and group in ("FEMALE", "MALE"):
        return "women" if group == "FEMALE" else "men"
    return f"{_ADJECTIVES.get(group, group)} {noun}"


def part(code: str) -> str:
    """Return what a figure is split by: ``Clinical, band 8a``."""
    words = [_piece(piece) for piece in code.split(":")]
    return ", ".join([words[0], *(word[:1].lower() + word[1:] for word in words[1:])])


def _piece(code: str) -> str:
    if code in _PARTS:
        return _PARTS[code]
    for name in ("cluster", "band", "directorate"):
        if code.startswith(f"{name}_"):
            return f"{name.capitalize()} {code.removeprefix(f'{name}_')}"
    return f"Band {code}" if code[:1].isdigit() and len(code) <= 2 else code


def upper(text: str) -> str:
    """Return a text with a capital letter first."""
    return text[:1].upper() + text[1:]

"""Pay scales, staff groups and pay of the sample.

Agenda for Change pay is that of 2021/22 at every snapshot (NHS Employers); bands 8d and 9, which
the reference does not hold for that year, are those of 2022/23 less the flat rise of the bands
below them. Pay outside Agenda for Change is invented.
"""

from dataclasses import dataclass
from functools import cache

from pipeline.resources import reference

_YEAR, _NEXT_YEAR = "2021/22", "2022/23"
_RISE_IS_THAT_OF = "8c"


@dataclass(frozen=True, slots=True)
class Grade:
    """A pay band or medical grade.

    Attributes:
        code: the band ("8a") or a word for the grade.
        per_mille: its share of a CCG's staff.
        bme_factor: BME share of the grade in hundredths of the employer's.
        female: female share in thousandths.
        ages: the youngest and the oldest to be expected.
    """

    code: str
    per_mille: int
    bme_factor: int
    female: int
    ages: tuple[int, int]


GRADES = {
    grade.code: grade
    for grade in (
        Grade("apprentice", 5, 130, 750, (17, 24)),
        Grade("1", 4, 130, 850, (45, 65)),
        Grade("2", 16, 150, 850, (19, 65)),
        Grade("3", 40, 150, 850, (20, 66)),
        Grade("4", 85, 140, 830, (20, 66)),
        Grade("5", 112, 125, 800, (22, 65)),
        Grade("6", 130, 105, 790, (25, 64)),
        Grade("7", 170, 90, 780, (27, 64)),
        Grade("8a", 160, 70, 740, (30, 64)),
        Grade("8b", 95, 55, 720, (32, 63)),
        Grade("8c", 65, 40, 670, (35, 63)),
        Grade("8d", 35, 30, 620, (37, 63)),
        Grade("9", 18, 30, 580, (40, 63)),
        Grade("vsm", 20, 25, 500, (42, 66)),
        Grade("consultant", 6, 300, 450, (38, 66)),
        Grade("specialty_doctor", 5, 300, 500, (32, 62)),
        Grade("registrar", 4, 300, 550, (28, 38)),
        Grade("gp", 30, 260, 450, (35, 73)),
    )
}
"""In the order of pay, which lets the BME share fall with the band."""

BANDS = ("1", "2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "8d", "9")
SENIOR = ("8a", "8b", "8c", "8d", "9", "vsm")
MEDICAL = ("consultant", "specialty_doctor", "registrar", "gp")

_OTHER_SCALES = {
    "apprentice": ("LOCAL|AP01|Apprentice", 8_408),
    "vsm": ("LOCAL|VS01|Very Senior Manager", 118_000),
    "consultant": ("NHS|YC72|Consultant", 98_477),
    "specialty_doctor": ("NHS|MC46|Specialty Doctor", 61_542),
    "registrar": ("NHS|MN37|Specialty Registrar", 45_124),
    "gp": ("LOCAL|GP01|GP Clinical Lead", 96_000),
}

Role = tuple[str, str]
STAFF_GROUPS: dict[str, dict[str, int]] = {
    "lower": {
        "Administrative and Clerical": 880,
        "Additional Clinical Services": 80,
        "Estates and Ancillary": 40,
    },
    "middle": {
        "Administrative and Clerical": 730,
        "Nursing and Midwifery Registered": 130,
        "Add Prof Scientific and Technic": 75,
        "Allied Health Professionals": 30,
        "Additional Clinical Services": 13,
        "Healthcare Scientists": 11,
        "Students": 11,
    },
    "upper": {
        "Administrative and Clerical": 770,
        "Nursing and Midwifery Registered": 120,
        "Add Prof Scientific and Technic": 95,
        "Allied Health Professionals": 15,
    },
    "vsm": {"Administrative and Clerical": 900, "Nursing and Midwifery Registered": 100},
    "medical": {"Medical and Dental": 1000},
}
"""Staff groups by tier of grade, in thousandths."""

_ROLES: dict[str, tuple[Role, Role]] = {
    "Administrative and Clerical": (("Officer", "G2A"), ("Manager", "G1A")),
    "Estates and Ancillary": (("Support Worker", "G3B"), ("Support Worker", "G3B")),
    "Nursing and Midwifery Registered": (("Staff Nurse", "N6A"), ("Nurse Manager", "N0A")),
    "Add Prof Scientific and Technic": (("Technician", "S4P"), ("Pharmacist", "S2P")),
    "Additional Clinical Services": (("Assistant", "S9P"), ("Assistant", "S9P")),
    "Allied Health Professionals": (("Occupational Therapist", "S1C"), ("Physiotherapist", "S1E")),
    "Healthcare Scientists": (("Healthcare Scientist", "U2A"), ("Healthcare Scientist", "U2A")),
    "Students": (("Student Nurse", "P1A"), ("Student Nurse", "P1A")),
    "Medical and Dental": (("General Medical Practitioner", "921"), ("Consultant", "021")),
}


def tier(grade: str) -> str:
    """Return the tier of a grade by which its staff groups are drawn."""
    if grade in MEDICAL:
        return "medical"
    if grade == "vsm":
        return "vsm"
    if grade in SENIOR:
        return "upper"
    return "middle" if grade in {"5", "6", "7"} else "lower"


def role(staff_group: str, grade: str) -> Role:
    """Return the job role and occupation code of a post."""
    junior, senior = _ROLES[staff_group]
    return senior if grade in SENIOR or grade == "consultant" else junior


def pay_scale(grade: str, staff_group: str) -> str:
    """Return the pay scale as ESR writes it: ``NHS|XR05|Review Body Band 5``."""
    if grade in _OTHER_SCALES:
        return _OTHER_SCALES[grade][0]
    number = BANDS.index(grade) + 1
    non_review = staff_group in {"Administrative and Clerical", "Estates and Ancillary"}
    scheme, body = ("XN", "Non Review Body") if non_review else ("XR", "Review Body")
    band = f"{grade[0]} - Range {grade[1].upper()}" if len(grade) == 2 else grade
    return f"NHS|{scheme}{number:02d}|{body} Band {band}"


def points(grade: str) -> tuple[str, ...]:
    """Return the pay points of a grade, the lowest first."""
    return tuple(_pay()[grade]) if grade in _pay() else ("single",)


def annual_salary(grade: str, point: str) -> int:
    """Return the full-time basic pay of a year in whole pounds."""
    return _pay()[grade][point] if grade in _pay() else _OTHER_SCALES[grade][1]


@cache
def _pay() -> dict[str, dict[str, int]]:
    """Return the annual pay of 2021/22 by band and point, the lowest point first."""
    listed: dict[tuple[str, str, str], int] = {
        (row["pay_year"], row["band"], row["point"]): int(row["annual_gbp"])
        for row in reference("pay_point")
    }
    rise = listed[_NEXT_YEAR, _RISE_IS_THAT_OF, "entry"] - listed[_YEAR, _RISE_IS_THAT_OF, "entry"]
    pay: dict[str, dict[str, int]] = {}
    for band in BANDS:
        for point in ("single", "entry", "intermediate", "top"):
            if (_YEAR, band, point) in listed:
                pay.setdefault(band, {})[point] = listed[_YEAR, band, point]
            elif (_NEXT_YEAR, band, point) in listed:
                pay.setdefault(band, {})[point] = listed[_NEXT_YEAR, band, point] - rise
    return pay

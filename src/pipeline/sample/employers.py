"""The employers of the sample: the CCGs of Cheshire and Merseyside before 1 July 2022, and a trust.

The codes and names are real (NHS Organisation Data Service). The headcount of South Sefton at
31 March 2021 is real: 163, as its equality and diversity annual report 2020/21 states. Every other
number below is invented, in a size that such a body may have; the trust is smaller than it is.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SNAPSHOTS = (
    date(2021, 3, 31),
    date(2021, 6, 30),
    date(2021, 9, 30),
    date(2021, 12, 31),
    date(2022, 3, 31),
)


class Style(StrEnum):
    """How an employer's system writes its files."""

    PLAIN = "UTF-8"
    EXCEL_CSV = "UTF-8 with a byte order mark, CRLF"
    WORKBOOK = "xlsx with date and number cells"
    REPORT = "lines of a report above the header"
    WINDOWS = "Windows-1252, CRLF"
    SYNONYMS = "other headings for the same columns"
    UNICODE_TEXT = "UTF-16, tabs, CRLF"
    BRITISH_DATES = "dd/mm/yyyy, all cells quoted, CRLF"


@dataclass(frozen=True, slots=True)
class Employer:
    """One CCG or trust. Shares are in thousandths.

    Attributes:
        headcount: people whom the employer alone employs at the first snapshot; the people whom
            it shares with another are counted at their first one.
        bme: black and minority ethnic share of the workforce.
        ethnicity_known: share of the workforce whose ethnicity is known at the first snapshot.
        disability_known: likewise.
        applications: applications a quarter.
        applicants_bme: black and minority ethnic share of the applicants.
        white_advantage: how many times as likely as BME applicants White ones are to be appointed
            from shortlisting, in hundredths.
        members: people on the governing body or board.
        members_bme: BME people among them.
        writes_labels: whether codes carry their text ("A White - British").
        is_trust: whether it is a provider trust.
    """

    code: str
    name: str
    headcount: int
    bme: int
    ethnicity_known: int
    disability_known: int
    applications: int
    applicants_bme: int
    white_advantage: int
    members: int
    members_bme: int
    style: Style
    writes_labels: bool
    is_trust: bool = False


# headcount, bme, ethnicity_known, disability_known, applications, applicants_bme,
# white_advantage, members, members_bme, style, writes_labels
CCGS = (
    Employer(
        "01F", "NHS Halton CCG",
        66, 50, 957, 860, 22, 170, 170, 13, 1, Style.SYNONYMS, True,
    ),
    Employer(
        "01J", "NHS Knowsley CCG",
        78, 55, 957, 840, 26, 180, 190, 14, 1, Style.WINDOWS, False,
    ),
    Employer(
        "01T", "NHS South Sefton CCG",
        163, 62, 966, 865, 45, 200, 180, 16, 1, Style.PLAIN, True,
    ),
    Employer(
        "01V", "NHS Southport and Formby CCG",
        60, 50, 985, 850, 20, 170, 170, 14, 1, Style.EXCEL_CSV, False,
    ),
    Employer(
        "01X", "NHS St Helens CCG",
        96, 45, 932, 830, 30, 160, 185, 13, 1, Style.WORKBOOK, True,
    ),
    Employer(
        "02E", "NHS Warrington CCG",
        104, 85, 958, 870, 34, 240, 190, 14, 2, Style.BRITISH_DATES, False,
    ),
    Employer(
        "12F", "NHS Wirral CCG",
        128, 45, 912, 810, 40, 170, 200, 15, 1, Style.UNICODE_TEXT, True,
    ),
    Employer(
        "27D", "NHS Cheshire CCG",
        270, 65, 966, 860, 110, 220, 185, 17, 1, Style.PLAIN, True,
    ),
    Employer(
        "99A", "NHS Liverpool CCG",
        235, 150, 929, 840, 110, 330, 190, 17, 3, Style.REPORT, True,
    ),
)  # fmt: skip

TRUST = Employer(
    "RBQ", "Liverpool Heart and Chest Hospital NHS Foundation Trust",
    900, 130, 952, 845, 190, 330, 165, 14, 2, Style.EXCEL_CSV, True, is_trust=True,
)  # fmt: skip

EMPLOYERS = (*CCGS, TRUST)
"""In the order in which they draw: the trust comes last, so that no CCG depends on it."""

SHARING = ("01T", "01V")
"""The two CCGs that share their managers and have taken part in the staff survey together."""
SHARED_MANAGERS = 12

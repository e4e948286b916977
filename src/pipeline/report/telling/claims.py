"""What the report asks of each standard, and the words in which its figures are told.

Directions and names of the indicators: NHS England, WRES and WDES technical guidance.
"""

from dataclasses import dataclass

from pipeline.report.telling.names import STANDARDS

NUMBERED = ("WRES", "WDES")
"""Standards whose indicators are known by their numbers."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure that is told with a headline.

    Attributes:
        standard: its standard.
        indicator: its indicator.
        title: its heading.
        measure: its measure.
        group: the group that it is about.
        comparator: the group that it is compared with, empty where there is none.
        noun: who the groups are, such as ``applicants``.
        did: what they did or said: after "as likely" of a likelihood, after "staff" of a share.
        part: the part of it that stands for the whole organisation.
    """

    standard: str
    indicator: str
    title: str
    measure: str
    group: str
    comparator: str
    noun: str
    did: str
    part: str = "all"

    @property
    def kind(self) -> tuple[str, str, str]:
        """Its standard, indicator and measure."""
        return self.standard, self.indicator, self.measure

    @property
    def listed(self) -> str:
        """How it is named among those of other standards: ``Feeling valued (WDES 7)``."""
        if self.standard in NUMBERED:
            return f"{self.title} ({self.standard} {self.indicator.replace('_', ' ')})"
        return f"{STANDARDS.get(self.standard, self.standard)}: {self.title.lower()}"


_LIKELY, _APART = "relative_likelihood", "difference_pp"
_PROCESS = "to enter the formal disciplinary process"
_HARASSED = "said that they had been harassed, bullied or abused"
_FAIR = "believed that their organisation gives equal opportunities for career progression"


def _survey(standard: str, indicator: str, title: str, did: str, noun: str = "staff") -> Claim:
    pair = ("BME", "WHITE") if standard == "WRES" else ("DISABLED", "NON_DISABLED")
    return Claim(standard, indicator, title, _APART, *pair, noun, did)


WRES = (
    Claim("WRES", "1", "BME staff in the workforce", "share", "BME", "", "staff", "were BME"),
    Claim("WRES", "2", "Appointment from shortlisting", _LIKELY, "WHITE", "BME", "applicants",
          "to be appointed from shortlisting"),
    Claim("WRES", "3", "Formal disciplinary process", _LIKELY, "BME", "WHITE", "staff", _PROCESS),
    Claim("WRES", "4", "Non-mandatory training and CPD", _LIKELY, "WHITE", "BME", "staff",
          "to take up non-mandatory training or CPD"),
    _survey("WRES", "5", "Harassment, bullying or abuse from the public",
            f"{_HARASSED} by patients, relatives or the public"),
    _survey("WRES", "6", "Harassment, bullying or abuse from staff", f"{_HARASSED} by other staff"),
    _survey("WRES", "7", "Equal opportunities for career progression", _FAIR),
    _survey("WRES", "8", "Discrimination at work",
            "said that a manager or colleague had discriminated against them"),
    Claim("WRES", "9", "Board and workforce", _APART, "BME", "WORKFORCE", "board members",
          "were BME"),
)  # fmt: skip
"""Indicators 1 to 9."""

WDES = (
    Claim("WDES", "1", "Disabled staff in the workforce", "share", "DISABLED", "", "staff",
          "were recorded as disabled"),
    Claim("WDES", "2", "Appointment from shortlisting", _LIKELY, "NON_DISABLED", "DISABLED",
          "applicants", "to be appointed from shortlisting"),
    Claim("WDES", "3", "Formal capability process", _LIKELY, "DISABLED", "NON_DISABLED", "staff",
          "to enter the formal capability process"),
    _survey("WDES", "4a_i", "Harassment, bullying or abuse from the public",
            f"{_HARASSED} by patients, relatives or the public"),
    _survey("WDES", "4a_ii", "Harassment, bullying or abuse from managers",
            f"{_HARASSED} by managers"),
    _survey("WDES", "4a_iii", "Harassment, bullying or abuse from colleagues",
            f"{_HARASSED} by other colleagues"),
    _survey("WDES", "4b", "Reporting of harassment, bullying or abuse",
            "said that they or a colleague reported the last incident",
            "staff who had been harassed, bullied or abused"),
    _survey("WDES", "5", "Equal opportunities for career progression", _FAIR),
    _survey("WDES", "6", "Pressure to come to work while not well",
            "felt pressure from their manager to do so", "staff who came to work while not well"),
    _survey("WDES", "7", "Feeling valued",
            "were satisfied with the extent to which the organisation values their work"),
    Claim("WDES", "8", "Reasonable adjustments", "share", "DISABLED", "",
          "disabled staff who needed adjustments",
          "said that their employer made adjustments to let them carry out their work"),
    Claim("WDES", "9a", "Staff engagement", "score", "DISABLED", "", "disabled staff", ""),
    Claim("WDES", "9b", "Hearing the voices of disabled staff", "count", "ALL", "", "actions", ""),
    Claim("WDES", "10", "Board and workforce", _APART, "DISABLED", "WORKFORCE", "board members",
          "were recorded as disabled"),
)  # fmt: skip
"""Metrics 1 to 10."""

RDR = tuple(
    Claim("RDR", indicator, title, "ratio", "WHITE", "BME", "staff", did)
    for indicator, title, did in (
        ("lower_to_middle", "From the lower to the middle bands",
         "in bands 6 and 7 for each one in band 5 and below"),
        ("middle_to_upper", "From the middle to the upper bands",
         "in band 8a and above for each one in bands 6 and 7"),
        ("lower_to_upper", "From the lower to the upper bands",
         "in band 8a and above for each one in band 5 and below"),
    )
)  # fmt: skip
"""Race disparity ratios."""


def pay_claims(standard: str, part: str) -> tuple[Claim, ...]:
    """Return the gaps of a pay standard; ``part`` is ``illustrative`` of pooled organisations."""
    group, comparator = PAIRS[standard]
    return tuple(
        Claim(standard, indicator, title, "gap_percent", group, comparator, "staff", did, part)
        for indicator, title, did in (
            ("mean_hourly", "Mean hourly pay", "mean hourly pay"),
            ("median_hourly", "Median hourly pay", "median hourly pay"),
            ("mean_bonus", "Mean bonus pay", "mean bonus pay"),
            ("median_bonus", "Median bonus pay", "median bonus pay"),
        )
    )


PAIRS = {
    "GPG": ("MALE", "FEMALE"),
    "EPG": ("WHITE", "BME"),
    "DPG": ("NON_DISABLED", "DISABLED"),
}
"""Who is compared with whom in the pay standards."""

PROTECTED = ("BME", "DISABLED", "FEMALE", "NOT_WHITE_BRITISH", "LGB_PLUS")
"""The groups for whose sake the standards are kept."""

"""The page of declaration rates: of how many staff a characteristic is known."""

from pipeline.report.document import Chart, Headline, Page, Section, Table, Words
from pipeline.report.telling import drawn, names
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, cell
from pipeline.report.telling.headlines import headline
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import MARKS

WRES_TARGET = 95.0
"""The share of staff of known ethnicity that the WRES asks for."""


def declaration(subject: Subject) -> Page:
    """Return the page, of the newest snapshot."""
    subject = subject.at_latest()
    return Page(
        name="declaration",
        title=names.STANDARDS["DECLARATION"],
        lead=(
            "Of how many staff a characteristic is known. The more is known, the more the other "
            "figures can tell."
        ),
        sections=(
            Section(
                "rates",
                f"Rates at {names.day(subject.day)}",
                headlines=tuple(
                    declared(subject, characteristic) for characteristic in names.CHARACTERISTICS
                ),
            ),
            Section(
                "quarters",
                "By quarter",
                paragraphs=_told(subject),
                charts=_charts(subject),
                tables=_by_quarter(subject),
            ),
        ),
    )


def declared(subject: Subject, characteristic: str) -> Headline:
    """Return the rate of a characteristic, or its band where that is all that may be told."""
    title = names.CHARACTERISTICS[characteristic]
    claim = Claim(
        "DECLARATION", characteristic, title, "share", "KNOWN", "", "staff",
        f"had a known {_noun(characteristic)} on their staff record",
    )  # fmt: skip
    told = headline(subject, claim, {})
    day = subject.day_of(claim.standard)
    band = subject.library.bands.get((day, subject.level, subject.code, characteristic))
    if not told.hidden or not band:
        return told
    return Headline(
        title=told.title,
        value=(names.upper(band),),
        sentences=((f"The rate is {band}: no number is told.",),),
        facts=told.facts,
        hidden=told.hidden,
        absence="Band alone",
    )


def _noun(characteristic: str) -> str:
    return {
        "sex": "sex", "age_band": "age", "disability": "disability status",
        "marital_status": "marital status",
    }.get(characteristic, names.CHARACTERISTICS[characteristic].lower())  # fmt: skip


def _rates(subject: Subject, characteristic: str) -> list[Figure | None]:
    return [
        subject.own.find((day, "DECLARATION", characteristic, "all", "share", "KNOWN", ""))
        for day in subject.own.days
    ]


def _told(subject: Subject) -> tuple[Words, ...]:
    if subject.is_pooled:
        return (("Limits are drawn where five rates are published.",),)
    return (
        ("Between the snapshots of 31 March the rate of an employer is told as a band alone, so "
         "that no chart is drawn.",),
    )  # fmt: skip


def _charts(subject: Subject) -> tuple[Chart, ...]:
    charts: list[Chart] = []
    if not subject.is_pooled:
        return ()
    for characteristic, title in names.CHARACTERISTICS.items():
        shown = [one for one in _rates(subject, characteristic) if one and one.is_shown]
        target = WRES_TARGET if characteristic == "ethnicity" else None
        charts += drawn.declared(subject, f"{title}: declaration rate", shown, target)
    return tuple(charts)


def _by_quarter(subject: Subject) -> tuple[Table, ...]:
    rows: list[tuple[Words, ...]] = []
    for characteristic, title in names.CHARACTERISTICS.items():
        cells = [
            _rate_or_band(subject, characteristic, figure)
            for figure in _rates(subject, characteristic)
        ]
        rows.append(((title,), *cells))
    days = tuple(names.day(day) for day in subject.own.days)
    return (
        Table(
            f"Staff whose characteristic is known, {subject.name}",
            ("Characteristic", *days), tuple(rows), frozenset(range(1, len(days) + 1)), (MARKS,),
        ),
    )  # fmt: skip


def _rate_or_band(subject: Subject, characteristic: str, figure: Figure | None) -> Words:
    if figure is None or figure.is_shown:
        return cell(figure)
    band = subject.library.bands.get(
        (figure.period_end, subject.level, subject.code, characteristic)
    )
    return (band,) if band else cell(figure)

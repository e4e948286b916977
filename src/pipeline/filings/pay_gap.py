"""The gender pay gap of each employer as the government's reporting service takes it.

Source: the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 (SI
2017/353), Schedule 1, and the public downloads of the service, whose 27 columns these are. Gaps are
of men's pay and have one decimal; the shares of men and women in a quarter make exactly 100; the
bonus gaps are blank where the share of men with a bonus is 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pipeline.assess.rounding import round_half_away
from pipeline.audit.filings import Filing, audit_filing
from pipeline.audit.numbers import value
from pipeline.filings.figures import Body, Figure, Filed, Key
from pipeline.filings.template import filing_rows
from pipeline.filings.texts import why_blank
from pipeline.resources import reference

_DUTY = "pay_gap_report"
_NEEDS = "pay esr_staff"
_BLANKS = {"QUARTER_BLANK", "BONUS_MISSING"}
NOTE_COLUMNS = ("organisation_code", "employer", "column", "note", "what_to_do")
EVERY_EMPLOYER = "every employer"
"""Whom a note is about that is the same for all."""


def pay_gap_columns() -> tuple[str, ...]:
    """Return the 27 columns of the service's downloads, in their order."""
    return tuple(row["column"] for row in filing_rows("pay_gap_column"))


def snapshots(filed: Filed) -> tuple[date, ...]:
    """Return every 31 March that there are figures of."""
    return tuple(sorted({body.snapshot for body in filed.bodies}))


def reporting_year(snapshot: date) -> str:
    """Return the year of the service that a snapshot opens: 31 March 2021 is of 2021-22."""
    return f"{snapshot.year}-{(snapshot.year + 1) % 100:02d}"


@dataclass(frozen=True, slots=True)
class PayGapRow:
    """A row for the service.

    Attributes:
        body: the employer.
        is_compulsory: whether the law asks for it.
        cells: the row by column; blank cells are empty.
        notes: what is to be looked at before it is filed, by the columns of the notes.
    """

    body: Body
    is_compulsory: bool
    cells: Mapping[str, str]
    notes: tuple[Mapping[str, str], ...]


def pay_gap_rows(filed: Filed, snapshot: date, *, voluntary: bool) -> list[PayGapRow]:
    """Return the rows of a snapshot, by the code of the employer.

    Args:
        filed: the figures.
        snapshot: a 31 March.
        voluntary: whether employers that need not file have a row too.
    """
    thresholds = {
        row["body_kind"]: int(row["threshold"])
        for row in reference("duty_rule")
        if row["duty"] == _DUTY and row["valid_from"] <= snapshot.isoformat()
    }
    rows = []
    for body in filed.bodies:
        if (body.snapshot, body.level) != (snapshot, "employer") or body.kind not in thresholds:
            continue
        employees = filed.employees.get((snapshot, body.code))
        must = employees is not None and employees >= thresholds[body.kind]
        if employees is not None and (must or voluntary):
            rows.append(_row(filed, body, employees, is_compulsory=must))
    return rows


def _row(filed: Filed, body: Body, employees: int, *, is_compulsory: bool) -> PayGapRow:
    made = _Made(body, filed.of(body), _facts(body, employees))
    cells = {row["column"]: made.cell(row) for row in filing_rows("pay_gap_column")}
    notes = [*made.notes, *_doubts(body, cells)]
    if not is_compulsory:
        notes.insert(0, note(body, "", "The law does not ask it of so few employees.",
                             "File it if you wish."))  # fmt: skip
    return PayGapRow(body, is_compulsory, cells, tuple(notes))


def _facts(body: Body, employees: int) -> dict[str, str]:
    size = [row["label"] for row in filing_rows("employer_size") if int(row["least"]) <= employees]
    names = [
        row["organisation_name"]
        for row in reference("organisation")
        if (row["organisation_code"], row["kind"]) == (body.code, body.kind)
    ]
    return {
        "name": body.name,
        "current_name": names[-1] if names else body.name,
        "size": size[-1],
        "due": f"{due_date(body.snapshot):%Y/%m/%d} 00:00:00",
    }


def due_date(snapshot: date) -> date:
    """Return the last day to file: a year less a day from the snapshot, unless it was moved."""
    for row in reference("duty_deadline"):
        if (row["duty"], row["snapshot_date"]) == (_DUTY, snapshot.isoformat()):
            return date.fromisoformat(row["due_date"])
    return snapshot.replace(year=snapshot.year + 1) - timedelta(days=1)


def note(body: Body, column: str, words: str, mend: str) -> dict[str, str]:
    """Return a line of the notes."""
    return dict(zip(NOTE_COLUMNS, (body.code, body.name, column, words, mend), strict=True))


class _Made:
    """The cells of one row."""

    def __init__(self, body: Body, figures: Mapping[Key, Figure], facts: Mapping[str, str]) -> None:
        self.notes: list[Mapping[str, str]] = []
        self._body, self._figures, self._facts = body, figures, facts

    def cell(self, column: Mapping[str, str]) -> str:
        """Return what stands in a column."""
        name, told = column["column"], column["told"]
        match column["kind"]:
            case "fact":
                text = self._facts[told]
            case "gap":
                text = self._printed(name, self._figure(told, "gap_percent", "MALE"))
            case "bonus_share":
                text = self._printed(name, self._figure("bonus_share", "rate", told))
            case "bonus_gap":
                text = self._bonus_gap(name, told)
            case "men_of_quarter" | "women_of_quarter" as kind:
                men = self._men_of_quarter(name, told)
                share = men if men is None or kind == "men_of_quarter" else 1000 - men
                text = "" if share is None else f"{share // 10}.{share % 10}"
            case _:
                text = ""
        return text

    def _figure(self, indicator: str, measure: str, group: str) -> Figure | None:
        return self._figures.get(("GPG", indicator, "all", measure, group))

    def _printed(self, column: str, figure: Figure | None) -> str:
        if figure is not None and figure.status == "ok" and figure.value is not None:
            return f"{figure.value:.1f}"
        self._leave_blank(column, figure)
        return ""

    def _leave_blank(self, column: str, figure: Figure | None) -> None:
        reason = figure.reason if figure else "NO_FIGURES"
        words, mend = why_blank(reason or "OTHER", self._body.snapshot, _NEEDS)
        if reason in ("NO_NUMERATOR_BASE", "NO_COMPARATOR_BASE"):
            words, mend = "Men or women are not there to compare.", "Leave it blank."
        self.notes.append(note(self._body, column, words, mend))

    def _bonus_gap(self, column: str, indicator: str) -> str:
        men = self._figure("bonus_share", "rate", "MALE")
        if men is not None and men.status == "ok" and men.value == 0:
            if men.numerator:
                words = "The share of men with a bonus rounds to 0.0: the service takes no gap."
                self.notes.append(note(self._body, column, words, "Leave it blank."))
            return ""
        return self._printed(column, self._figure(indicator, "gap_percent", "MALE"))

    def _men_of_quarter(self, column: str, quarter: str) -> int | None:
        """Return the men's share in tenths of a percent; the women's is the rest of 1000."""
        figure = self._figure(quarter, "share", "MALE")
        if figure is None or figure.numerator is None or not figure.denominator:
            self._leave_blank(column, figure)
            return None
        return int(round_half_away(Fraction(1000 * figure.numerator, figure.denominator), 0))


def _doubts(body: Body, cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield what the audit of filings says of a row."""
    names = {column.lower(): column for column in cells}
    printed = {}
    for row in filing_rows("pay_gap_column"):
        text = cells[row["column"]]
        if text and row["kind"] not in ("fact", "typed"):
            printed[row["column"].lower()] = value(text)
    due = cells["DueDate"][:10]
    for found in audit_filing(Filing(1, body.name, f"due {due}", names, printed)):
        # Why a figure is blank is told with the figure.
        if found.code not in _BLANKS:
            yield note(body, found.group, found.detector.meaning, found.detector.mend)


def typed_columns() -> Iterator[dict[str, str]]:
    """Yield the columns that nobody but the employer can fill, as notes."""
    for row in filing_rows("pay_gap_column"):
        if row["kind"] == "typed":
            words = (row["column"], "Blank: no extract tells it.", row["note"])
            yield dict(zip(NOTE_COLUMNS, ("", EVERY_EMPLOYER, *words), strict=True))

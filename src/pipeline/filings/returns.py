"""The WRES and WDES returns of a body: what stands in each cell, and why a cell is blank."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pipeline.errors import ProductError
from pipeline.filings.figures import Body, Figure, Filed, Key
from pipeline.filings.formulas import AUTOS, NOT_APPLICABLE
from pipeline.filings.template import Place, Slot, Template, filing_rows, holds, template
from pipeline.filings.texts import why_blank
from pipeline.resources import reference

Content = int | float | Fraction | str


@dataclass(frozen=True, slots=True)
class Blank:
    """Why a cell is blank, and what to do about it."""

    place: Place
    label: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Return:
    """One return, filled.

    Attributes:
        body: whose it is.
        template: its layout.
        need: compulsory, voluntary or for information.
        due: the deadline, or None where none is known.
        prior: the 31 March before.
        cells: what stands in each cell; nothing in those that are blank.
        blanks: the cells that are blank, in the order of the layout.
    """

    body: Body
    template: Template
    need: str
    due: date | None
    prior: date
    cells: Mapping[Place, Content]
    blanks: tuple[Blank, ...]


def returns(filed: Filed) -> Iterator[Return]:
    """Yield each return that a body makes, or may make, for each 31 March of the database.

    Raises:
        ProductError: an auto cell would show another number than the figure that it is about.
    """
    for body in filed.bodies:
        for asked in filing_rows("return_body"):
            is_asked = (asked["level"], asked["body_kind"]) == (body.level, body.kind)
            if is_asked and holds(asked, body.snapshot):
                filled = _filled(filed, body, asked["standard"], asked["need"])
                # A body that sent nothing for the snapshot has nothing to file.
                if any(slot.place in filled.cells for slot in filled.template.told):
                    yield filled


def _filled(filed: Filed, body: Body, standard: str, need: str) -> Return:
    layout = template(standard, body.snapshot)
    prior = body.snapshot.replace(year=body.snapshot.year - 1)
    filling = _Filling(filed, body, prior, layout)
    return Return(
        body, layout, need, deadline(standard, body), prior, filling.cells, tuple(filling.blanks)
    )


def deadline(standard: str, body: Body) -> date | None:
    """Return by when a body's report of a standard is due, or None where no deadline is known."""
    duty = f"{standard.lower()}_report"
    days = [
        row["due_date"]
        for row in reference("duty_deadline")
        if row["duty"] == duty and row["snapshot_date"] == body.snapshot.isoformat()
    ]
    return date.fromisoformat(days[0]) if days else None


class _Filling:
    """The cells of one return, each worked out once and those that it needs before it."""

    def __init__(self, filed: Filed, body: Body, prior: date, layout: Template) -> None:
        self.cells: dict[Place, Content] = {}
        self.blanks: list[Blank] = []
        self._now, self._before = filed.of(body), filed.of(body, prior)
        self._examples = filed.examples.get((body.snapshot, body.level, body.code), ())
        self._body, self._prior = body, prior
        later = []
        for slot in layout.slots:
            if slot.kind == "auto":
                later.append(slot)
                continue
            content, reason = self._received(slot)
            if content is None:
                self._leave_blank(slot, reason or "OTHER")
            else:
                self.cells[slot.place] = content
        # The arguments of an auto cell may stand below it, or be auto cells themselves.
        while later:
            waiting = {slot.place for slot in later}
            ready = [slot for slot in later if not waiting.intersection(slot.arguments)]
            for slot in ready:
                self._work_out(slot)
            later = [slot for slot in later if waiting.intersection(slot.arguments)]
        order = {slot.place: number for number, slot in enumerate(layout.slots)}
        self.blanks.sort(key=lambda blank: order[blank.place])

    def _received(self, slot: Slot) -> tuple[Content | None, str | None]:
        """Return what the figures tell of a cell, or nothing and why."""
        if slot.kind == "memo":
            return None, "NOT_IN_EXTRACTS"
        figures = self._before if slot.is_prior else self._now
        if slot.kind == "examples" and self._number(figures, slot.key, "value") is not None:
            return "; ".join(self._examples) or None, "NO_ACTION"
        number = self._number(figures, slot.key, slot.field)
        if number is not None and slot.less_part:
            standard, indicator, _, measure, group = slot.key
            less = self._number(figures, (standard, indicator, slot.less_part, measure, group),
                                slot.field)  # fmt: skip
            number = None if less is None else number - less
        if number is None:
            figure = figures.get(slot.key)
            return None, figure.reason if figure else "NO_FIGURES"
        if slot.kind == "yes_no":
            return "Yes" if number else "No", None
        return number, None

    @staticmethod
    def _number(figures: Mapping[Key, Figure], key: Key, field: str) -> int | float | None:
        figure = figures.get(key)
        number: int | float | None = getattr(figure, field) if figure else None
        return number

    def _work_out(self, slot: Slot) -> None:
        numbers = [self.cells.get(place) for place in slot.arguments]
        known = [number for number in numbers if isinstance(number, int | Fraction)]
        shown: Content | None = None
        if len(known) == len(numbers):
            shown = AUTOS[slot.auto].value(known, slot.decimals)
        self._must_agree(slot, shown)
        if shown is None:
            self._leave_blank(slot, "FOLLOWS")
        else:
            self.cells[slot.place] = shown

    def _must_agree(self, slot: Slot, shown: Content | None) -> None:
        figure = (self._before if slot.is_prior else self._now).get(slot.key)
        if figure is None or not slot.field:
            return
        expected = self._number({slot.key: figure}, slot.key, slot.field)
        if slot.field == "value" and figure.status != "ok":
            expected = None
        if expected != (None if shown == NOT_APPLICABLE else shown):
            body, place = self._body, slot.place
            raise ProductError(
                f"The {slot.key[0]} return of {body.name} ({body.code}) at {body.snapshot} would "
                f"contradict its figures: '{slot.label}' (sheet {place.sheet}, cell "
                f"{place.address}) works out to another number."
            )

    def _leave_blank(self, slot: Slot, reason: str) -> None:
        day = self._prior if slot.is_prior else self._body.snapshot
        why, mend = why_blank(reason, day, slot.needs)
        self.blanks.append(Blank(slot.place, slot.label, why, mend))

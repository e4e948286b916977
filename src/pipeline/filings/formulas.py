"""What the auto cells of a return work out: as a formula of a spreadsheet, and exactly.

A formula is blank while one of its cells is, and ``N/A`` where there is nothing to divide by. It
rounds half away from zero, as ``ROUND`` does in every spreadsheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.assess.rounding import round_half_away

NOT_APPLICABLE = "N/A"
"""What stands where there is nothing to divide by."""

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Auto:
    """One way of working out a cell from others.

    Attributes:
        text: the formula of cells that all hold a number, from their addresses and from the list
            of them.
        zeros: which of the cells must not be 0, by their place among the arguments.
        exact: the same of numbers.
    """

    text: Callable[[Sequence[str], str], str]
    zeros: tuple[int, ...]
    exact: Callable[[Sequence[Number]], Number]

    def formula(self, cells: Sequence[str], listed: str, decimals: int | None) -> str:
        """Return the formula over some cells.

        Args:
            cells: their addresses.
            listed: the same as a function takes them, neighbours as a range.
            decimals: to how many decimals it is rounded; None where it is not.
        """
        worked_out = self.text(cells, listed)
        if decimals is not None:
            worked_out = f"ROUND({worked_out},{decimals})"
        if self.zeros:
            zeros = ",".join(f"{cells[place]}=0" for place in self.zeros)
            zeros = f"OR({zeros})" if len(self.zeros) > 1 else zeros
            worked_out = f'IF({zeros},"{NOT_APPLICABLE}",{worked_out})'
        return f'=IF(COUNT({listed})<{len(cells)},"",{worked_out})'

    def value(self, numbers: Sequence[Number], decimals: int | None) -> Number | float | str:
        """Return what the formula shows where its cells hold these numbers."""
        if any(numbers[place] == 0 for place in self.zeros):
            return NOT_APPLICABLE
        exact = self.exact(numbers)
        return exact if decimals is None else round_half_away(Fraction(exact), decimals)


AUTOS = {
    "total": Auto(lambda _, listed: f"SUM({listed})", (), sum),
    "less": Auto(lambda cells, _: f"{cells[0]}-{cells[1]}", (), lambda of: of[0] - of[1]),
    "average": Auto(
        lambda _, listed: f"AVERAGE({listed})", (), lambda of: Fraction(sum(of), len(of))
    ),
    "share": Auto(
        lambda cells, _: f"100*{cells[0]}/{cells[1]}", (1,), lambda of: Fraction(100 * of[0], of[1])
    ),
    # Whole numbers first and one division last, so that no half is lost on the way.
    "ratio": Auto(
        lambda cells, _: f"({cells[0]}*{cells[3]})/({cells[1]}*{cells[2]})",
        (1, 2, 3),
        lambda of: Fraction(of[0] * of[3], of[1] * of[2]),
    ),
    "difference": Auto(
        lambda cells, _: (
            f"100*({cells[0]}*{cells[3]}-{cells[2]}*{cells[1]})/({cells[1]}*{cells[3]})"
        ),
        (1, 3),
        lambda of: Fraction(100 * (of[0] * of[3] - of[2] * of[1]), of[1] * of[3]),
    ),
}
"""By name: ``ratio`` is of event, base, event, base; so is ``difference``, in percentage points."""

"""Where the marks beside points go, so that they lie on nothing else."""

from collections.abc import Sequence
from typing import Final

from pipeline.report.charts.drawing import Said
from pipeline.report.charts.text import width

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

_TALL: Final = 19.0
_FAR: Final = 0.03
_ON_LINES: Final = 0.07
_SAME: Final = 6.0
_AROUND: Final = (
    (11.0, 7.0, "start"), (-11.0, 7.0, "end"), (0.0, -11.0, "middle"), (0.0, 28.0, "middle"),
    (9.0, -7.0, "start"), (9.0, 23.0, "start"), (-9.0, -7.0, "end"), (-9.0, 23.0, "end"),
    (0.0, -30.0, "middle"), (0.0, 47.0, "middle"), (24.0, -22.0, "start"), (24.0, 38.0, "start"),
)  # fmt: skip


def beside(
    points: Sequence[tuple[float, float]],
    marks: Sequence[str],
    within: tuple[float, float],
    lines: Sequence[Box] = (),
) -> tuple[list[Said], int]:
    """Return the marks beside their points, and how many of them lie on another mark or point.

    Points at one place share a mark, such as ``2, 5``.

    Args:
        points: from the left and from the top, in units of the drawing.
        marks: what stands beside each.
        within: how far left and right a mark may reach.
        lines: what marks avoid where they can.
    """
    shared: dict[tuple[float, float], list[str]] = {}
    for (x, y), mark in zip(points, marks, strict=True):
        near = next(
            (one for one in shared if abs(one[0] - x) < _SAME and abs(one[1] - y) < _SAME), (x, y)
        )
        shared.setdefault(near, []).append(mark)
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in points]
    rows, clashes = [], 0
    for (x, y), own in shared.items():
        mark = ", ".join(own)
        ranked = sorted(
            (
                _clashes(_box(x + dx, y + dy, mark, anchor), taken, lines, within) + _FAR * place,
                place,
            )
            for place, (dx, dy, anchor) in enumerate(_AROUND)
        )
        (worst, place) = ranked[0]
        dx, dy, anchor = _AROUND[place]
        clashes += worst >= 1
        taken.append(_box(x + dx, y + dy, mark, anchor))
        rows.append(Said(x + dx, y + dy, mark, anchor))
    return rows, clashes


def _box(x: float, y: float, mark: str, anchor: str) -> Box:
    wide = width(mark)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - _TALL, left + wide, y + 1


def _clashes(
    box: Box, taken: Sequence[Box], lines: Sequence[Box], within: tuple[float, float]
) -> float:
    """Return on how much a box lies; lines count little, the edges much."""
    outside = box[0] < within[0] or box[2] > within[1]
    on_lines = any(_overlap(box, line) for line in lines)
    return 9.0 * outside + sum(_overlap(box, other) for other in taken) + _ON_LINES * on_lines


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

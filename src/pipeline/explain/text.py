"""An explanation as lines for a terminal."""

import textwrap
from collections.abc import Iterator

from pipeline.explain.explanation import Explanation
from pipeline.explain.sections import Grid, sections, subtitle, title

_WIDTH = 100


def lines(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    yield from _wrapped(title(explanation))
    yield subtitle(explanation)
    if explanation.about["is_sample"] != "no":
        yield "Sample: invented people."
    for section in sections(explanation):
        yield ""
        yield section.title
        for sentence in section.sentences:
            yield from _wrapped(sentence, "  ")
        for grid in section.grids:
            if len(section.grids) > 1:
                yield ""
                yield f"  {grid.caption}"
            yield from _table(grid)


def _wrapped(text: str, indent: str = "") -> list[str]:
    more = f"{indent}  " if indent else ""
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=more)


def _table(grid: Grid) -> Iterator[str]:
    shown = (grid.headings, *grid.rows)
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = [
            text.rjust(width) if place in grid.numbers else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()

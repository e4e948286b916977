"""Pages with the XmR charts of an employer's declaration rates: static, private, with a table each.

The charts are SVG in the page, so that it loads nothing and runs no script. They show true counts:
only the owner of the home may read them.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assess.rounding import round_half_away
from pipeline.assess.spc import FEWEST_POINTS, Direction, assurance
from pipeline.files import write_whole
from pipeline.report.charts import control

_STYLE = """
body { font: 1rem/1.5 Arial, sans-serif; color: #212b32; max-width: 60rem; margin: 1rem auto;
  padding: 0 1rem; }
.private { border: 3px solid #b34700; padding: .5rem 1rem; font-weight: bold; }
table { border-collapse: collapse; margin: .5rem 0 2rem; }
caption { text-align: left; font-weight: bold; }
th, td { border: 1px solid #768692; padding: .25rem .75rem; text-align: right; }
th:first-child, td:last-child { text-align: left; }
figure { margin: 1rem 0 0; }
"""
_PRIVATE = (
    "Private: these pages show true counts. They are for the employer and the analyst, and not to "
    "be published or passed on."
)
_ABOUT = (
    "The same people stay from quarter to quarter, so the points are not independent and a special "
    "cause may be chance. The charts are drawn to be looked at; alerts come from other tests."
)
_LINES = (
    "Solid grey line: mean. Dashed lines: limits. Dotted line: target, where there is one. "
    "Diamonds: points with a special cause."
)

Point = dict[Any, Any]


def write_pages(folder: Path, points: pd.DataFrame, targets: Mapping[str, float]) -> list[Path]:
    """Write a page for each employer into ``folder``, readable by the owner alone.

    Args:
        folder: where the pages lie; it is made if needed.
        points: ``declaration_xmr``.
        targets: the declaration rate aimed at, in percent, by characteristic.

    Returns:
        The pages, by organisation code.
    """
    written = []
    for code, own in points.groupby("organisation_code", sort=True):
        path = folder / f"{code}.html"
        write_whole(path, page(own, targets).encode("utf-8"))
        written.append(path)
    return written


def page(points: pd.DataFrame, targets: Mapping[str, float]) -> str:
    """Return the page of one employer: chart, words and table for each characteristic."""
    name = escape(str(points["organisation_name"].iloc[-1]))
    sections = [
        _section(
            str(characteristic).replace("_", " "),
            series.sort_values("period_end").to_dict("records"),
            targets.get(str(characteristic)),
        )
        for characteristic, series in points.groupby("characteristic", sort=True)
    ]
    title = f"Declaration rates of {name}"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p class="private">{_PRIVATE}</p>\n<p>{_ABOUT}</p>\n'
        + "".join(sections)
        + "</main>\n</body>\n</html>\n"
    )


def _section(characteristic: str, series: Sequence[Point], target: float | None) -> str:
    said = message(characteristic, series, target)
    heading = escape(characteristic.capitalize())
    return (
        f"<h2>{heading}</h2>\n<p>{escape(said)}</p>\n<figure>\n"
        f"{_chart(series, target, said)}\n"
        f"<figcaption>{_LINES}</figcaption>\n</figure>\n"
        f"{_table(characteristic, series)}"
    )


def message(characteristic: str, series: Sequence[Point], target: float | None) -> str:
    """Return what a chart shows, in words: the newest rate, the limits, causes and the target."""
    newest = series[-1]
    said = (
        f"{_percent(newest['value'])} of staff had a known {characteristic} on "
        f"{_day(newest['period_end'])} ({newest['known']} of {newest['headcount']})."
    )
    if pd.isna(newest["mean"]):
        points = "point" if len(series) == 1 else "points"
        return f"{said} There are {len(series)} {points}; limits need {FEWEST_POINTS}."
    kind = "Trial limits" if newest["is_trial"] else "The limits"
    said += (
        f" The mean is {_percent(newest['mean'])}. {kind} are {_percent(_clipped(newest['lower']))}"
        f" and {_percent(_clipped(newest['upper']))}."
    )
    causes = [
        f"{_day(point['period_end'])}: {point['special_cause']}"
        for point in series
        if not pd.isna(point["special_cause"])
    ]
    said += f" Special causes: {'; '.join(causes)}." if causes else " No special cause."
    if target is None:
        return said
    met = assurance(newest["lower"], newest["upper"], target, Direction.INCREASE)
    return f"{said} Against a target of {target:g}%: {met.value}." if met else said


def _table(characteristic: str, series: Sequence[Point]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_day(point["period_end"])}</th><td>{point["known"]}</td>'
        f"<td>{point['headcount']}</td><td>{_percent(point['value'])}</td>"
        f"<td>{'' if pd.isna(point['special_cause']) else escape(point['special_cause'])}</td></tr>"
        for point in series
    )
    headings = ("Snapshot", "Known", "Staff", "Percent known", "Special cause")
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return (
        f"<table>\n<caption>Staff whose {escape(characteristic)} is known</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody>\n</table>\n"
    )


def _chart(series: Sequence[Point], target: float | None, said: str) -> str:
    """Return the chart as SVG, with ``said`` as its text alternative."""

    def known(value: Any) -> float | None:
        return None if pd.isna(value) else float(value)

    points = [
        control.Point(
            day=point["period_end"].date(),
            rate=float(point["value"]),
            centre=known(point["mean"]),
            lower=known(point["lower"]),
            upper=known(point["upper"]),
            is_signal=not pd.isna(point["special_cause"]),
        )
        for point in series
    ]
    return control.svg(said, _LINES, points, target)


def _clipped(value: float) -> float:
    return min(max(float(value), 0.0), 100.0)


def _percent(value: float) -> str:
    return f"{round_half_away(float(value), 1):.1f}%"


def _day(day: Any) -> str:
    return f"{day.day} {day:%b %Y}"

"""The funnel of a share: each employer against all together, and nobody ranked."""

from collections.abc import Iterable

from pipeline.report.charts import funnel
from pipeline.report.document import Chart, Table, Words, plain
from pipeline.report.telling import names
from pipeline.report.telling.figures import Figure, cell, number
from pipeline.report.telling.subject import Subject


def employers(
    subject: Subject, title: str, pooled: Figure, dots: Iterable[Figure]
) -> tuple[Chart, ...]:
    """Return the funnel of employers, by name; none with fewer than three that are published.

    Args:
        subject: the organisation that pools them.
        title: of the chart.
        pooled: the share of all of them.
        dots: the same share of each employer.
    """
    shown = sorted(
        (
            one
            for one in dots
            # Of more cases than people there is no share that chance would spread like this.
            if one.is_shown
            and None not in one.counts[:2]
            and one.denominator
            and (one.numerator or 0) <= one.denominator
        ),
        key=lambda one: (one.organisation_name, one.organisation_code),
    )
    if len(shown) < 3 or not pooled.is_shown:
        return ()
    dots_of = [
        funnel.Dot(one.organisation_name, one.numerator or 0, one.denominator or 0) for one in shown
    ]
    share = pooled.value or 0.0
    outside = [
        f"{dot.label} ({side})"
        for dot in dots_of
        if (side := funnel.standing(dot, share)) != "within"
    ]
    message: Words = (
        "The share of all together is ", number(pooled),
        ". Outside the limits: ", f"{names.listed(outside)}. " if outside else "no employer. ",
        "An employer within them is where chance alone could put it; they are wider where fewer "
        "people were asked. Nobody is ranked.",
    )  # fmt: skip
    svg = funnel.svg(title, plain(message), dots_of, share)
    rows = tuple(
        ((one.organisation_name,), (number(one),), cell(one, "numerator"), cell(one, "denominator"))
        for one in shown
    )
    table = Table(
        f"{title}, {names.day(subject.day)}", ("Employer", "Share", "Number", "Of how many"), rows,
        frozenset({1, 2, 3}),
        ("In the order of names. Employers with a hidden share are left out.",),
    )  # fmt: skip
    return (Chart(title, svg, message, table),)

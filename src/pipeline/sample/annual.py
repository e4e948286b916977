"""The sources that are sent once a year, at 31 March, and who does not send which of them."""

from collections.abc import Iterator

from pipeline.sample import (
    actions,
    duties,
    eds,
    employee_relations,
    movers,
    pay,
    survey,
    training,
)
from pipeline.sample.formats import Row
from pipeline.sample.payroll import Stock
from pipeline.sample.years import Year

Source = tuple[str, tuple[str, ...], Iterator[Row]]
"""A source: its name, its headings and its rows."""

NOT_SENT = {
    "pay": ("01F",),
    "employee_relations": ("01F", "12F"),
    "training": ("01F", "02E"),
    "movers": ("01X", "02E"),
    "survey": ("01F", "01J"),
    "eds": ("01F", "01X", "12F"),
    "duties": ("01J", "01X", "02E"),
    "actions": ("01J", "02E", "12F"),
}
"""The CCGs that do not send a source, in either year: few send everything."""


def annual_sources(year: Year, of_other: Stock) -> Iterator[Source]:
    """Yield each source that the employer sends.

    ``of_other`` are the employees of the CCG with which it takes part in the staff survey.
    """
    found = (
        ("pay", pay.columns(year.employer), pay.rows(year)),
        ("employee_relations", employee_relations.COLUMNS, employee_relations.rows(year)),
        ("training", training.COLUMNS, training.rows(year)),
        ("movers", movers.COLUMNS, movers.rows(year)),
        ("survey", survey.columns(year.employer), survey.rows(year, of_other)),
        ("eds", eds.columns(year), eds.rows(year)),
        ("duties", duties.COLUMNS, duties.rows(year)),
        ("actions", actions.COLUMNS, actions.rows(year)),
    )
    return (one for one in found if year.employer.code not in NOT_SENT[one[0]])

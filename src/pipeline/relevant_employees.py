"""How many relevant employees an employer has, which decides what the law asks of it.

Source: the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 (SI
2017/353), Schedule 1, paragraphs 1 and 2: whoever is employed on the snapshot date counts, on full
pay or not, and whether or not the record tells a sex.
"""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_EMPLOYEES = """
select cast(period_end as date), organisation_code, count(*)
from core.relevant_employee
where level = 'employer'
group by all
"""


def relevant_employees(connection: "duckdb.DuckDBPyConnection") -> dict[tuple[date, str], int]:
    """Return the relevant employees of each employer that sent its pay, by snapshot and code."""
    rows = connection.execute(_EMPLOYEES).fetchall()
    return {(day, str(code)): int(people) for day, code, people in rows}

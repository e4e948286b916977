"""Clean quarters of persisting staff, in the tables that the alert frames read.

People join with a characteristic known or not, each with the same chance, keep it while they stay,
and leave; directorate and band have nothing to do with it. So whatever a rule of chance finds in
these quarters is a false alarm.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import duckdb
import numpy as np
import pandas as pd

from pipeline.build import load_reference
from pipeline.models import load_models
from pipeline.quality.alert_frames import rule_frames
from pipeline.quality.chance import p_values
from pipeline.quality.rules import AlertRule, alert_rules

FIRST_QUARTER = "1800-03-31"
LEAVE = 0.05
"""The share of staff that leaves in a quarter, and as many join."""

ON_DECLARATION = frozenset(
    {"joiners", "known_to_unknown", "declaration_fall", "never_asked", "part_against_rest"}
)
"""The frames that read who has declared, and nothing of the files."""

_BANDS = ("2", "4", "5", "6", "7", "8a", "8c", "9")
_DIRECTORATES = ("Commissioning", "Finance", "Nursing", "Quality", "Strategy")


def employer(
    rng: np.random.Generator, code: str, staff: int, rates: Sequence[float], quarters: int
) -> pd.DataFrame:
    """Return a row for each person and quarter: person, directorate, band, and what is known.

    Args:
        rng: the source of chance.
        code: the employer.
        staff: how many staff it has on average.
        rates: for each characteristic the chance that a person's is known.
        quarters: how many quarters the employer is watched.
    """
    stays = rng.geometric(LEAVE, size=staff + 2 * int(staff * LEAVE * quarters) + 100)
    joined = np.concatenate(
        [np.zeros(staff, dtype=int), np.sort(rng.integers(1, max(quarters, 2), len(stays) - staff))]
    )
    # As many join as leave on average.
    joining = joined[staff:]
    kept = rng.random(len(joining)) < staff * LEAVE * (quarters - 1) / max(len(joining), 1)
    is_kept = np.concatenate([np.ones(staff, dtype=bool), kept])
    stays, joined = stays[is_kept], joined[is_kept]
    people = len(stays)
    place = np.arange(people)
    present = np.minimum(stays, quarters - joined)
    rows = np.repeat(place, present)
    since = np.arange(len(rows)) - np.repeat(np.cumsum(present) - present, present)
    known = rng.random((people, len(rates))) < np.asarray(rates)
    declined = rng.random((people, len(rates))) < 0.5
    ends = pd.date_range(FIRST_QUARTER, periods=quarters, freq="QE", unit="s").to_numpy()
    frame = pd.DataFrame(
        {
            "period_end": ends[joined[rows] + since],
            "organisation_code": code,
            "person": rows,
            "directorate": rng.choice(_DIRECTORATES, people)[rows],
            "band_code": rng.choice(_BANDS, people)[rows],
        }
    )
    for number in range(len(rates)):
        kind = np.where(known[:, number], 0, np.where(declined[:, number], 1, 2))
        frame[f"kind_{number}"] = kind[rows]
    return frame


def warehouse(employers: Iterable[pd.DataFrame], characteristics: int) -> duckdb.DuckDBPyConnection:
    """Return a database with the core tables of these quarters, built by the product's own SQL."""
    connection = duckdb.connect()
    load_reference(connection)
    connection.execute("create schema core; create schema ledger")
    connection.execute(
        "create table ledger.load (load_id integer, period_end date, organisation_code varchar, "
        "source varchar, status varchar, rows_received integer);"
        "create table ledger.fault (load_id integer, row_number integer, column_name varchar, "
        "code varchar)"
    )
    connection.register("person", pd.concat(employers, ignore_index=True))
    connection.execute(
        "create table core.workforce as select cast(period_end as date) as period_end, "
        "'employer' as level, organisation_code, person, 'non_clinical' as side, band_code, "
        "directorate from person"
    )
    connection.execute(
        "create table core.directorate as select distinct organisation_code, directorate, "
        "directorate as directorate_name from core.workforce"
    )
    parts = " union all ".join(
        f"select cast(period_end as date) as period_end, 'employer' as level, organisation_code, "
        "'WORKFORCE' as measure, person, 'non_clinical' as side, band_code, directorate, "
        f"'characteristic_{number}' as characteristic, "
        f"case kind_{number} when 0 then 'KNOWN' else 'UNKNOWN' end as group_code, "
        f"case kind_{number} when 1 then 'DECLINED' when 2 then 'NEVER_ASKED' end as unknown_kind "
        "from person"
        for number in range(characteristics)
    )
    connection.execute(f"create table core.counted_characteristic as {parts}")
    (movement,) = (one for one in _models() if one.name == "core.declaration_movement")
    connection.execute(f"create table {movement.name} as {movement.sql}")
    return connection


@cache
def _models():
    return load_models()


def alarms(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Return the rows in which each rule on declared characteristics alarms, by its code."""
    rules = [rule for rule in alert_rules() if rule.frame in ON_DECLARATION]
    frames = rule_frames(connection, rules, p_values)
    return {rule.code: _beyond(rule, frames[rule.check_id]) for rule in rules}


def _beyond(rule: AlertRule, frame: pd.DataFrame) -> pd.DataFrame:
    limit = float(rule.limit)
    beyond = frame["value"].ge(limit) if rule.below is None else frame["value"].lt(limit)
    return frame[beyond]

"""The staging table of one source after an inbox has been read, checked and landed."""

from pathlib import Path
from typing import Any

import duckdb
from counting import KEYS

from pipeline import land
from pipeline.build import build
from pipeline.check import check
from pipeline.companion import Companion
from pipeline.disclosure import load_policy
from pipeline.identity import Keys
from pipeline.models import load_models
from pipeline.read import read
from pipeline.receive.inbox import scan
from pipeline.receive.ledger import Ledger
from pipeline.resources import REFERENCE
from pipeline.settings import Home
from pipeline.workspace import InProcess, Workspace


def staged(inbox: Path, source: str, keys: Keys = KEYS) -> list[dict[str, Any]]:
    """Return the rows of ``staging.<source>`` in the order of their columns; dates as ISO text."""
    with duckdb.connect() as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        land.prepare(connection)
        policy = load_policy(REFERENCE / "disclosure.yml")
        workspace = Workspace(
            Home(inbox), policy, keys, connection, ledger, InProcess(), Companion()
        )
        for number, submission in enumerate(scan(inbox).submissions):
            place, path = submission.place, submission.path
            reading = read(path.read_bytes(), path.name, place.source, place)
            checked = check(reading, place.source, place.period_end, place.organisation_code)
            land.land(workspace, [land.Examined(place, path.name, f"{number:064}", checked)])
        build(connection, load_models(("staging",)))
        rows = connection.execute(f"select * from staging.{source} order by all")
        names = [column[0] for column in rows.description]
        return [
            {name: _plain(value) for name, value in zip(names, row, strict=True)}
            for row in rows.fetchall()
        ]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value

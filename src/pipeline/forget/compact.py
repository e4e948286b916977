"""The private database written anew, so that nothing of deleted rows is left in its free blocks."""

from collections.abc import Mapping

from pipeline.identity import Keys
from pipeline.settings import Home
from pipeline.store import open_anew


def compact(home: Home, keys: Keys, facts: Mapping[str, str]) -> None:
    """Write the private database anew and put it in the place of the old one in one step.

    Args:
        home: the home, whose lock the caller holds.
        keys: its keys.
        facts: what the new ledger knows beside what the old one does: that this is done.
    """
    with open_anew(home, keys) as connection:
        connection.execute("copy from database private to anew")
        for fact in facts.items():
            connection.execute("insert or replace into anew.ledger.about values (?, ?)", fact)

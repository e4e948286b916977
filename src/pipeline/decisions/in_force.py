"""The decisions in force on values that no code list knows, where every list can look them up.

They are set for a run (``in_force``); outside of one nothing is decided.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

Decided = Mapping[str, Mapping[str, str]]
"""By list and received key: what the list would have said."""

_in_force: list[Decided] = [{}]


def code(list_name: str, received_key: str) -> str | None:
    """Return what was decided on a value of a list, or None where nothing was.

    Args:
        list_name: a list of ``decision.LISTS``.
        received_key: the value as ``codes.plain`` gives it.
    """
    return everything().get(list_name, {}).get(received_key)


def everything() -> Decided:
    """Return all that is decided."""
    return _in_force[-1]


@contextmanager
def in_force(decided: Decided) -> Iterator[None]:
    """Let these decisions hold, and no other ones, until the end of the block."""
    _in_force.append(decided)
    try:
        yield
    finally:
        _in_force.pop()

"""Whose counts hang together: the releases of every board with its employers by themselves.

No condition ties the people of one board to those of another, so that each is attacked alone: what
that takes grows with the number of boards, and not with its square.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.published import READ

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.attack.published import Release

_CODE = "organisation_code"


class Board(NamedTuple):
    """The releases of organisations that hang together, oldest first, and their true figures."""

    releases: "list[Release]"
    truth: "pd.DataFrame | None"


def apart(
    releases: Sequence["Release"],
    truth: "pd.DataFrame | None",
    organisations: Collection[str] | None = None,
) -> Iterator[Board]:
    """Yield the releases of those who hang together, and their true figures.

    Args:
        releases: the published tables of each release, oldest first.
        truth: the unprotected figures of the newest release, where they are known.
        organisations: yield nobody who hangs together with none of these; None: everybody.
    """
    board_of = _boards(releases)
    wanted = None if organisations is None else {board_of.get(code, code) for code in organisations}
    tables = [
        {name: dict(_by_board(release[name], board_of)) for name in READ if name in release}
        for release in releases
    ]
    true = {} if truth is None else dict(_by_board(truth, board_of))
    # Whom the newest release leaves out may be hidden in an earlier one.
    boards = {board for release in tables for board in release["figure"]}
    for board in sorted(boards if wanted is None else boards & wanted):
        own: list[Release] = [
            {name: of[board] if board in of else release[name].iloc[:0] for name, of in by.items()}
            for release, by in zip(releases, tables, strict=True)
        ]
        yield Board(own, None if truth is None else true.get(board, truth.iloc[:0]))


def _boards(releases: Sequence["Release"]) -> dict[str, str]:
    """Return for each organisation one of those with which it hangs together, the same for all.

    Who changed from one board to another ties the two together.
    """
    first: dict[str, str] = {}

    def found(code: str) -> str:
        while first.setdefault(code, code) != code:
            code = first[code]
        return code

    for release in releases:
        pairs = release["organisation"][[_CODE, "icb_code"]].dropna()
        for code, board in pairs.astype(str).itertuples(index=False, name=None):
            one, other = sorted((found(code), found(board)))
            first[other] = one
    return {code: found(code) for code in first}


def _by_board(
    frame: "pd.DataFrame", board_of: dict[str, str]
) -> "Iterator[tuple[str, pd.DataFrame]]":
    codes = frame[_CODE].astype(str)
    boards = codes.map(lambda code: board_of.get(code, code))
    for board, rows in boards.groupby(boards, sort=False).indices.items():
        yield str(board), frame if len(rows) == len(frame) else frame.iloc[rows]

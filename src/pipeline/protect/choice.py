"""The choice of what else is hidden: move by move, and then what is not needed is shown again."""

from collections import defaultdict, deque
from collections.abc import Collection
from typing import TYPE_CHECKING

from pipeline.protect.bounds import MOST, Bounds
from pipeline.protect.programme import Move, Programme, Question
from pipeline.protect.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

    Mask = npt.NDArray[np.bool_]

_HUB = 40
"""A column in more rows than this ties everything to everything, as the people counted twice do;
it stays as it is, so that a move is a move of the counts themselves."""

_THOROUGH = 200
"""Up to how many columns that hang together each hidden cell is tried to be shown again, and each
person behind a count of 1 is kept from knowing another: of more that takes long and changes little,
and what the attack then finds is withheld."""


class Choice:
    """What is hidden so far, and the worlds that a reader must think possible then."""

    def __init__(self, rules: Rules, columns: "Ints") -> None:
        """Set up the choice of a part.

        Args:
            rules: what holds of each column of the part.
            columns: those that hang together, in order; all others are known.
        """
        import numpy as np

        self.rules, self.columns = rules, columns
        self.truth = rules.system.truth
        self.unknown = rules.unknown.copy()
        self.hidden: list[int] = []
        self.given_up: set[int] = set()
        self._worlds: list[Move] = []
        self._of_column: dict[int, dict[int, int]] = defaultdict(dict)
        self._shown_in_block: dict[int, int] = defaultdict(int)
        for block in rules.block[columns[~self.unknown[columns]]].tolist():
            self._shown_in_block[block] += 1
        self._waiting: deque[int] = deque()
        self._bounds = Bounds(rules.system)
        self._tighten()
        degree = np.diff(rules.system.columns.start)[columns]
        prices = np.where(rules.unknown, 0.0, rules.prices)
        self.programme = Programme(rules.system, columns[degree <= _HUB], prices)

    def made(self) -> list[int]:
        """Return the cells that are hidden for the sake of others, in order."""
        before = -1
        while len(self.hidden) > before:
            before = len(self.hidden)
            for column in self._exposed().tolist():
                self._settle_all(column)
            for empty in self.rules.alike:
                self._keep_apart(empty)
            self._tighten()
        if len(self.columns) <= _THOROUGH:
            self._show_again()
            self._keep_from_the_one()
            self._tighten()
            for column in self._exposed().tolist():
                self._settle_all(column)
        return sorted(self.hidden)

    def _tighten(self) -> None:
        self._bounds.tighten(self.unknown)
        self.least, self.most = self._bounds.least, self._bounds.most

    # --- what needs protection -----------------------------------------------------------------

    def _exposed(self) -> "Ints":
        """Return what may be told too much: the counts of everybody first, then the smallest."""
        import numpy as np

        rules, truth = self.rules, self.truth
        asked = rules.sensitive & self.unknown & ~(rules.told_zero & (truth == 0))
        low, high = self.least, self.most
        is_twice = np.zeros(len(truth), dtype=bool)
        is_twice[list(rules.system.twice)] = True
        asked &= ~is_twice | (low == high)
        wide = (low <= 1) & (high >= rules.enough) | (low >= rules.threshold)
        published = rules.primary.copy()
        published[self.hidden] = True
        found = np.flatnonzero(asked & (published | ~wide))
        return found[np.lexsort((truth[found], ~rules.is_base[found]))]

    def _is_whole(self, column: int) -> bool:
        """Return whether nothing of the block of a cell is published."""
        block = int(self.rules.block[column])
        return block < 0 or not self._shown_in_block[block]

    def _range(self, column: int, without: Collection[int] = ()) -> tuple[int, int]:
        """Return the least and the most that a column is in the worlds so far."""
        of = self._of_column[column]
        moves = [by for number, by in of.items() if number not in without]
        truth = int(self.truth[column])
        return truth + min(moves, default=0), truth + max(moves, default=0)

    # --- one count ------------------------------------------------------------------------------

    def _settle_all(self, column: int) -> None:
        self._waiting.append(column)
        while self._waiting:
            one = self._waiting.popleft()
            if one not in self.given_up and not self._settle(one, may_hide=True):
                self.given_up.add(one)
                self._hide_block(one)

    def _settle(self, column: int, *, may_hide: bool, without: Collection[int] = ()) -> bool:
        """Protect one count; return whether that was possible."""
        rules, truth = self.rules, int(self.truth[column])
        enough = int(rules.enough[column])
        if self.least[column] >= rules.threshold or (not truth and rules.told_zero[column]):
            return True
        low, high = self._range(column, without)
        if column in rules.system.twice and low == high:
            # Some of those who are in several posts: it is enough that it is not told how many.
            return self._settle_twice(column, may_hide=may_hide)
        is_whole = self._is_whole(column)
        if (low <= 1 and high >= enough) or (is_whole and high - low >= rules.fewest - 1):
            return True
        asked = []
        if high < enough:
            asked.append(Question(column, 1, enough - truth))
        if low > 1:
            asked.append(Question(column, -1, truth - 1))
        found = [self.programme.cheapest(question) for question in asked]
        for move in found:
            if move is not None and not move.cost:
                self._keep(move)
        missing = [move for move in found if move is None or move.cost]
        if missing and truth >= rules.threshold and self._stays_big(column):
            return True
        if not missing or (is_whole and self._has_values(column, rules.fewest, without)):
            return True
        is_possible = may_hide and None not in missing
        for move in missing:
            if is_possible and move is not None:
                self._hide(move)
        return is_possible

    def _settle_twice(self, column: int, *, may_hide: bool) -> bool:
        asked = [Question(column, sign, 1) for sign in (-1, 1)]
        moves = [move for move in map(self.programme.cheapest, asked) if move is not None]
        best = min(moves, key=lambda move: move.cost, default=None)
        if best is None or (best.cost and not may_hide):
            return False
        self._hide(best)
        return True

    def _stays_big(self, column: int) -> bool:
        """Return whether all that is told of a count is that it is big."""
        furthest = self.programme.furthest(column, self.unknown)
        return int(self.truth[column]) - furthest >= self.rules.threshold

    def _has_values(
        self, column: int, fewest: int, without: Collection[int], kept: int | None = None
    ) -> bool:
        """Return whether a count keeps so many values with what is unknown now."""
        truth, need = int(self.truth[column]), fewest - 1
        low, high = self._range(column, without)
        for up in sorted(range(need + 1), key=lambda up: (up not in (need, 0), up)):
            down = need - up
            if down > truth:
                continue
            if high - truth < up and not self._moves_free(Question(column, 1, up, kept)):
                continue
            if truth - low < down and not self._moves_free(Question(column, -1, down, kept)):
                continue
            return True
        return False

    def _moves_free(self, question: Question) -> bool:
        move = self.programme.cheapest(question)
        if move is None or move.cost:
            return False
        self._keep(move)
        return True

    # --- moves ----------------------------------------------------------------------------------

    def _keep(self, move: Move) -> None:
        number = len(self._worlds)
        self._worlds.append(move)
        for column, by in zip(move.columns.tolist(), move.by.tolist(), strict=True):
            self._of_column[column][number] = by

    def _hide(self, move: Move) -> None:
        self._keep(move)
        for column in move.columns[~self.unknown[move.columns]].tolist():
            self._hide_cell(column)

    def _hide_cell(self, cell: int) -> None:
        self.unknown[cell] = True
        self.hidden.append(cell)
        self.programme.price(cell, 0.0)
        self._shown_in_block[int(self.rules.block[cell])] -= 1
        self.least[cell], self.most[cell] = 0, MOST
        self._waiting.append(cell)

    def _hide_block(self, column: int) -> None:
        """Withhold the whole block of a count that cannot be protected otherwise."""
        block = self.rules.block[column]
        if block >= 0:
            for one in (self.rules.block == block).nonzero()[0].tolist():
                if not self.unknown[one] and not self.rules.fixed[one]:
                    self._hide_cell(one)

    # --- alike, one known ---------------------------------------------------------------------

    def _keep_apart(self, empty: tuple[int, ...]) -> None:
        """Leave it open whether all of few people are in one group."""
        if any(self._range(cell)[1] > 0 for cell in empty if self.unknown[cell]):
            return
        free = [cell for cell in empty if not self.rules.fixed[cell]]
        found = [self.programme.cheapest(Question(cell, 1, 1)) for cell in free]
        moves = [
            # The cell itself is hidden too, where it is shown: it moves as well.
            move
            for move in found
            if move is not None
        ]
        if moves:
            self._hide(min(moves, key=lambda move: move.cost))
            self._settle_waiting()

    def _settle_waiting(self) -> None:
        while self._waiting:
            self._settle_all(self._waiting.popleft())

    def _keep_from_the_one(self) -> None:
        """Leave enough open for the person behind a count of 1."""
        rules = self.rules
        asked = rules.sensitive & self.unknown & ~(rules.told_zero & (self.truth == 0))
        checked: set[tuple[int, int]] = set()
        number = 0
        while number < len(self._worlds):
            columns = [int(one) for one in self._worlds[number].columns if asked[one]]
            for one in columns:
                if self.truth[one] == 1:
                    for column in columns:
                        if column != one and (one, column) not in checked:
                            checked.add((one, column))
                            self._keep_from(one, column)
            number += 1

    def _keep_from(self, one: int, column: int) -> None:
        fewest = self.rules.fewest_known
        gone = self._of_column[one].keys()
        low, high = self._range(column, gone)
        if high - low >= fewest - 1 or self.least[column] >= self.rules.threshold:
            return
        if self._has_values(column, fewest, gone, one) or self._is_as_open(one, column):
            return
        asked = [Question(column, sign, fewest - 1, one) for sign in (1, -1)]
        moves = [move for move in map(self.programme.cheapest, asked) if move is not None]
        if moves:
            self._hide(min(moves, key=lambda move: move.cost))
            self._settle_waiting()

    def _is_as_open(self, one: int, column: int) -> bool:
        """Return whether withholding its block leaves whom knows one no more open."""
        rules, programme = self.rules, self.programme
        if self._is_whole(column):
            return True
        up, down = (self._moves_free(Question(column, sign, 1, one)) for sign in (1, -1))
        own = programme.columns[rules.block[programme.columns] == rules.block[column]]
        shown = own[~self.unknown[own]].tolist()
        for cell in shown:
            programme.price(cell, 0.0)
        further = [Question(column, 1, up + 1, one), Question(column, -1, down + 1, one)]
        moves = [programme.cheapest(question) for question in further]
        for cell in shown:
            programme.price(cell, float(rules.prices[cell]))
        return all(move is None or bool(move.cost) for move in moves)

    # --- showing again --------------------------------------------------------------------------

    def _show_again(self) -> None:
        """Show each hidden cell again without which the others are protected, the dearest first."""
        prices = self.rules.prices
        for cell in sorted(self.hidden, key=lambda one: (-prices[one], one)):
            if self._can_be_shown(cell):
                self.hidden.remove(cell)

    def _can_be_shown(self, cell: int) -> bool:
        rules, block = self.rules, int(self.rules.block[cell])
        gone = set(self._of_column[cell])
        self.unknown[cell] = False
        self._shown_in_block[block] += 1
        self.programme.price(cell, float(rules.prices[cell]), may_move=False)
        touched = {one for number in gone for one in self._worlds[number].columns.tolist()}
        if block >= 0:
            touched.update((rules.block == block).nonzero()[0].tolist())
        touched = {one for one in touched if self.unknown[one] and rules.sensitive[one]}
        touched -= self.given_up
        order = sorted(touched, key=lambda one: (int(self.truth[one]), one))
        if all(self._settle(one, may_hide=False, without=gone) for one in order) and all(
            any(self._range(one, gone)[1] > 0 for one in empty if self.unknown[one])
            for empty in rules.alike
            if not (touched | {cell}).isdisjoint(empty)
        ):
            for number in gone:
                for column in self._worlds[number].columns.tolist():
                    self._of_column[column].pop(number, None)
            return True
        self.unknown[cell] = True
        self._shown_in_block[block] -= 1
        self.programme.price(cell, 0.0)
        return False

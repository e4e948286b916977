"""Work on many things, none of which depends on another: here, or with another process as well."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Given = TypeVar("Given")


class Each(Protocol):
    """Works on each of some items and returns what came of them, in their order.

    The function stands in a module, or is a ``partial`` of one, so that another process finds it.
    """

    def __call__(self, function: Callable[[Item], Given], items: Sequence[Item]) -> list[Given]:
        """Return what the function gives for each item."""


def here(function: Callable[[Item], Given], items: Sequence[Item]) -> list[Given]:
    """Work on each item in this process."""
    return [function(item) for item in items]


def both(
    function: Callable[[Item], Given], items: Sequence[Item], beside: Callable[[Item], Given]
) -> list[Given]:
    """Work on the first items here and on the last ones elsewhere, until the two meet.

    So the longest work is best put first: at the end little is left to wait for.

    Args:
        function: what is done here.
        items: the items.
        beside: does the same elsewhere, and waits for it; called in a thread of its own.
    """
    waiting = deque(enumerate(items))
    given: dict[int, Given] = {}

    def work_through(take: Callable[[], tuple[int, Item]], do: Callable[[Item], Given]) -> None:
        while True:
            try:
                place, item = take()
            except IndexError:
                return
            try:
                given[place] = do(item)
            except BaseException:
                waiting.clear()
                raise

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(work_through, waiting.pop, beside)
        work_through(waiting.popleft, function)
        other.result()
    return [given[place] for place in range(len(items))]

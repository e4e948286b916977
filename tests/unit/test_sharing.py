"""Work that two processes share: every item once, in order, and what fails is told."""

import os
import threading

import pytest

from pipeline.companion import Companion
from pipeline.errors import EqualityError, UsageError
from pipeline.sharing import both, here


def square(number: int) -> int:
    return number * number


def refused(number: int) -> int:
    raise UsageError(f"{number} is refused.")


# The other process finds no module of the tests, so that what it does is said in words.
PROCESS = "(__import__('time').sleep(0.02), __import__('os').getpid())[1]"
"""Which process works it out; it takes long enough that both take part."""
ENDED_ELSEWHERE = f"{PROCESS} == {os.getpid()} or __import__('os')._exit(3)"
REFUSED_ELSEWHERE = (
    f"{PROCESS} == {os.getpid()} or (_ for _ in ()).throw("
    "__import__('pipeline.errors', fromlist=['errors']).UsageError('It is refused there.'))"
)


@pytest.mark.parametrize("items", [[], [3], [3, 1, 2], list(range(100))])
def test_every_item_is_worked_on_once_and_comes_back_in_order(items):
    done: list[int] = []

    def noted(item: int) -> int:
        done.append(item)
        return square(item)

    assert both(noted, items, noted) == here(square, items)
    assert sorted(done) == sorted(items)


def test_the_first_is_worked_on_here_and_the_last_elsewhere():
    # Each waits until the other has begun, so that neither can do both.
    meet = threading.Barrier(2, timeout=10)

    def waited(word: str):
        def work(item: int) -> str:
            meet.wait()
            return f"{item} {word}"

        return work

    assert both(waited("here"), [1, 2], waited("there")) == ["1 here", "2 there"]


@pytest.mark.parametrize("fails_here", [True, False])
def test_what_fails_on_either_side_is_raised_and_nothing_more_is_begun(fails_here):
    begun: list[int] = []
    told = threading.Event()

    def fine(item: int) -> int:
        begun.append(item)
        told.wait(10)
        return item

    def failing(item: int) -> int:
        told.set()
        return refused(item)

    sides = (failing, fine) if fails_here else (fine, failing)
    with pytest.raises(UsageError, match="is refused"):
        both(sides[0], list(range(1_000)), sides[1])
    assert len(begun) < 1_000


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    """On one core nothing is shared."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture(scope="module")
def companion():
    with Companion() as started:
        yield started


def test_another_process_does_a_part_of_the_work(companion):
    found = companion.each(eval, [PROCESS] * 20)
    assert found[0] == os.getpid()
    assert found[-1] != os.getpid()
    assert companion.each(abs, [5, -6, 7]) == [5, 6, 7]


def test_one_thing_is_done_here(companion):
    assert companion.each(eval, [PROCESS]) == [os.getpid()]


def test_an_error_for_people_comes_back_from_the_other_process(companion):
    with pytest.raises(UsageError, match=r"^It is refused there\.$"):
        companion.each(eval, [REFUSED_ELSEWHERE] * 20)
    assert companion.each(abs, [5, -6, 7]) == [5, 6, 7]


def test_a_process_that_ends_is_told_and_not_waited_for():
    with Companion() as started, pytest.raises(EqualityError, match="ended without an answer"):
        started.each(eval, [ENDED_ELSEWHERE] * 20)

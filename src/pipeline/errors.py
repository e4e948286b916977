"""What a user sees when something is wrong: one sentence without a traceback, and an exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command. Callers may rely on them."""

    RELEASED = 0
    """Released, or nothing new."""
    STOPPED = 1
    """The gate or the attack stopped the release; the last one stays."""
    USAGE = 2
    """Wrong usage or settings."""
    REJECTED = 3
    """Some files were, or still are, rejected; the rest is released."""
    LOCKED = 4
    """Another run holds the lock."""
    FAULT = 70
    """A fault of the product."""
    DISK = 74
    """The disk is full or failing."""


class EqualityError(Exception):
    """An error that is shown to the user as it reads, without a traceback.

    The text says what is wrong, where, and how to mend it. It never holds a value of a person.
    """

    exit_code = ExitCode.FAULT


class UsageError(EqualityError):
    """Wrong usage or settings: an empty inbox, a missing key, a read-only home."""

    exit_code = ExitCode.USAGE


class LockedError(EqualityError):
    """Another run holds the lock of this home."""

    exit_code = ExitCode.LOCKED


class DiskError(EqualityError):
    """The disk is full or failing."""

    exit_code = ExitCode.DISK


class ProductError(EqualityError):
    """A fault of the product itself: a query that fails, a cell that stays derivable."""

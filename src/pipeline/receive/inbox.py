"""The inbox: ``<period_end>/<ORGANISATION_CODE>/<source>.<csv|xlsx|txt|dat>``."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import organisations
from pipeline.faults import Fault
from pipeline.periods import nearest_quarter_end, parse_period

SOURCES = (
    "actions", "board", "control_totals", "duties", "eds", "employee_relations", "esr_staff",
    "movers", "pay", "recruitment", "survey", "training",
)  # fmt: skip
CONTROL_TOTALS = "control_totals"
"""The source that tells what the sender counted in the others; nobody is asked for it."""
SUFFIXES = (".csv", ".xlsx", ".txt", ".dat")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a submission belongs: one source of one organisation at one snapshot."""

    period_end: date
    organisation_code: str
    source: str

    def __str__(self) -> str:
        return f"{self.period_end}/{self.organisation_code}/{self.source}"


@dataclass(frozen=True, slots=True, order=True)
class Submission:
    """A file in its place."""

    place: Place
    path: Path


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that is rejected by its name alone."""

    name: str
    """The path below the inbox."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in an inbox, sorted."""

    submissions: tuple[Submission, ...]
    strays: tuple[Stray, ...]


def scan(inbox: Path, period: date | None = None) -> Inbox:
    """Return what lies in ``inbox``; with ``period``, in the folder of that snapshot alone.

    Hidden files and the temporary files of spreadsheet programs are passed over.
    """
    found: dict[Place, list[Path]] = defaultdict(list)
    strays: list[Stray] = []
    for folder in _children(inbox):
        period_end = parse_period(folder.name)
        if period is not None and period_end != period:
            continue
        fault = _period_fault(folder)
        if fault or period_end is None:
            strays.append(_stray(inbox, folder, fault or Fault("PERIOD_UNKNOWN")))
            continue
        for organisation in _children(folder):
            fault = _organisation_fault(organisation, period_end)
            if fault:
                strays.append(_stray(inbox, organisation, fault))
                continue
            for file in _children(organisation):
                fault = _file_fault(file)
                if fault:
                    strays.append(_stray(inbox, file, fault))
                else:
                    found[Place(period_end, organisation.name, file.stem)].append(file)
    for paths in [found.pop(place) for place in sorted(found) if len(found[place]) > 1]:
        strays += [_stray(inbox, path, Fault("PLACE_TAKEN_TWICE")) for path in paths]
    submissions = sorted(Submission(place, paths[0]) for place, paths in found.items())
    return Inbox(tuple(submissions), tuple(sorted(strays, key=lambda stray: stray.name)))


def _children(folder: Path) -> list[Path]:
    return sorted(
        child
        for child in folder.iterdir()
        if not child.name.startswith((".", "~$")) and child.name != "Thumbs.db"
    )


def _stray(inbox: Path, path: Path, fault: Fault) -> Stray:
    return Stray(_shown(path.relative_to(inbox).as_posix()), fault)


def _shown(name: str) -> str:
    """Return a name as it can be stored and printed: a disk takes bytes that are no text."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _period_fault(folder: Path) -> Fault | None:
    if not folder.is_dir():
        return Fault("STRAY_FILE", detail=f"'{_shown(folder.name)}' lies in the inbox itself")
    if parse_period(folder.name) is not None:
        return None
    try:
        nearest = nearest_quarter_end(date.fromisoformat(folder.name))
    except ValueError:
        return Fault("PERIOD_UNKNOWN", detail=f"the folder is called '{_shown(folder.name)}'")
    return Fault("PERIOD_UNKNOWN", detail=f"'{folder.name}'; the nearest quarter end is {nearest}")


def _organisation_fault(folder: Path, period_end: date) -> Fault | None:
    if not folder.is_dir():
        return Fault("STRAY_FILE", detail=f"'{_shown(folder.name)}' lies beside the organisations")
    if organisations.find(folder.name, period_end):
        return None
    if organisations.is_known(folder.name):
        history = organisations.history(folder.name)
        first, last = history[0], history[-1]
        until = last.valid_to.isoformat() if last.valid_to else "today"
        detail = f"{first.organisation_name} existed from {first.valid_from} to {until}"
        return Fault("ORGANISATION_NOT_THEN", detail=detail)
    close = organisations.closest(folder.name)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return Fault("ORGANISATION_UNKNOWN", detail=f"'{_shown(folder.name)}'{hint}")


def _file_fault(file: Path) -> Fault | None:
    if not file.is_file():
        return Fault("STRAY_FILE", detail=f"'{_shown(file.name)}' is no file")
    if file.stem not in SOURCES:
        detail = f"'{_shown(file.stem)}'; read are {', '.join(SOURCES)}"
        return Fault("SOURCE_UNKNOWN", detail=detail)
    if file.suffix.lower() not in SUFFIXES:
        detail = f"'{_shown(file.suffix)}'; read are {', '.join(SUFFIXES)}"
        return Fault("SUFFIX_UNKNOWN", detail=detail)
    return None

"""The command line: arguments in, one function of ``commands`` called, an exit code out."""

import argparse
import gc
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from pipeline import __version__
from pipeline.engines.settings import ENGINES
from pipeline.errors import EqualityError, ExitCode
from pipeline.errors_of_others import is_for_want_of_memory, is_of_damage
from pipeline.files import keep_private, words_for_disk_errors
from pipeline.key_sources import NAMES
from pipeline.periods import parse_period

DEFAULT_HOME = "var"
DEMO_HOME = "var/demo"

AUDIT_HELP = """\
List what in a printed table cannot be true, and which of its hidden cells can be worked out.

TABLE has a line for each printed row of one or more tables, under these headings (case, spaces and
punctuation do not matter; only Table, Group and one column of numbers are compulsory):

  Table, Group         which table, and the label of the line; 'Total' or 'Grand Total' is its total
  Count, Percent       as printed: hidden as #, *, - or <10, blank where nothing is printed;
                       the decimals of a percentage count (24.10 claims two)
  Base, Base Label     what the percentage is of: a number; all, known or the name of a population
  Ratio, Difference    as printed, against Comparator Group (or Part, Table, Period): +8 pp, 2.31
  Organisation, Period, Population, Characteristic
                       whose table, when, who is counted (the workforce), what the groups are of
  Part, Part Of        a band or site, and what it is a part of (all)
  Group Of, Total      the group that this one is a part of; yes where the label does not say total
  Hidden Means         what a mark stands for by the report's own rule, such as 1-9
  Measure, Value       mean or median, and its value
  From, To             two dates that must be in this order

Groups under a total add up to it, and so do the parts of a part. The download of GOV.UK gender pay
gap filings is known by its headings, and each filing is looked at. docs/audit.md shows examples and
every code. Ends with 0 whatever it lists, and with 2 where the file cannot be read.
"""

ATTACK_HELP = """\
List which hidden counts a reader of published databases can tell, under the disclosure policy.

DATABASE is a published equality.duckdb. Of several, oldest first, the hidden counts of the newest
are attacked with what all of them tell, and those of earlier versions of the same snapshots too.
A .csv or .xlsx file is a table typed in from a printed report, as for `equality audit`.

Ends with 0 where every hidden count is protected, with 1 where one is not, and with 2 where a file
is no published database. No number of people is printed of a database.
"""

FORGET_HELP = """\
Take people out of this home, and keep them out.

LIST is CSV in UTF-8, or - for standard input, with the columns Kind, Organisation Code, Identifier:

  Kind                 NHS Unique Id, Employee Number, Case Id, Member Id or Application Id
  Organisation Code    within which the identifier holds; blank for an NHS Unique Id
  Identifier           as in the extracts

Whoever is named by one identifier is found by all that stand beside it in a staff extract. Every
received file with a row of theirs is replaced by the same file without it, and destroyed; the
private database is written anew; a keyed hash of the identifiers keeps them out of files to come.
Releases that are out hold no person and stay. The next run releases what remains. No identifier is
printed, logged or noted. Ends with 2, and changes nothing, where an identifier is in no file.
"""


_DAMAGED = (
    "equality: a database of {} is damaged: a part of it is not what was written. "
    "Run: equality verify. It says which file, and what to do."
)
_NO_MEMORY = (
    "equality: there is not enough memory. The last release is untouched. Give the machine, or "
    "this account, more of it and run again: what has landed stays."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told in one sentence."""
    keep_private()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that a terminal has no letters for must not end the run that tells of it.
            stream.reconfigure(errors="replace")
    # A run makes many small objects that live as long as it does; looking through all of them
    # again and again for cycles took a third of its time.
    gc.set_threshold(200_000, 50, 50)
    options = _parser().parse_args(arguments)
    home = Path(options.home or os.environ.get("EQUALITY_HOME") or options.default_home)
    try:
        with words_for_disk_errors(home):
            code = int(options.command(home, options))
            sys.stdout.flush()
            return code
    except EqualityError as error:
        print(f"equality: {error}", file=sys.stderr)
        return int(error.exit_code)
    except KeyboardInterrupt:
        print("equality: interrupted; the last release is untouched.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Who reads has seen enough; what is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence
        if is_of_damage(error):
            print(_DAMAGED.format(home), file=sys.stderr)
            return int(ExitCode.DISK)
        print(
            _NO_MEMORY if is_for_want_of_memory(error) else _product_fault(error), file=sys.stderr
        )
        return int(ExitCode.FAULT)


def _product_fault(error: Exception) -> str:
    """Return where a fault of the product happened; its text may hold values, so it is left out."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"equality: a fault of the product: {type(error).__name__} at "
        f"{Path(place.filename).name}, line {place.lineno}, in {place.name}. "
        "The last release is untouched. Please report this line."
    )


def _parser() -> argparse.ArgumentParser:
    from pipeline import commands

    parser = argparse.ArgumentParser(
        prog="equality",
        description="Workforce-equality figures for merging NHS employers, safe to publish.",
        epilog="Exit codes: 0 released or nothing new, 1 the gate stopped the release or something "
        "is damaged, 2 wrong usage or settings, 3 some files are rejected and the rest is "
        "released, 4 another run holds the lock, 70 a fault of the product, 74 the disk is full or "
        "failing.",
    )
    parser.add_argument("--version", action="version", version=f"equality {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home", metavar="DIR", help="where everything is kept (EQUALITY_HOME, else var/)"
    )
    listing = argparse.ArgumentParser(add_help=False)
    listing.add_argument("--json", action="store_true", help="one array of objects, nothing else")
    commands_of = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        name: str, help_text: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        sub = commands_of.add_parser(
            name, help=help_text, description=help_text, parents=[common, *parents]
        )
        sub.set_defaults(
            command=getattr(commands, name.replace("-", "_")),
            default_home=DEMO_HOME if name == "demo" else DEFAULT_HOME,
        )
        return sub

    demo = add("demo", "write a sample inbox and run the main job on it")
    demo.add_argument("--seed", type=int, default=2022, help="another seed, other people")
    sample = add("sample", "write the sample inbox alone")
    sample.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    sample.add_argument("--seed", type=int, default=2022, help="another seed, other people")
    _add_scale(sample)
    run = add("run", "read what is new in the inbox and release the figures")
    run.add_argument("--inbox", type=Path, metavar="DIR", help="the inbox (EQUALITY_INBOX)")
    run.add_argument("--engine", choices=ENGINES, help="who builds the figures (settings.toml)")
    which = run.add_mutually_exclusive_group()
    which.add_argument("--period", type=_period, metavar="DATE", help="one snapshot's folder alone")
    which.add_argument(
        "--scheduled",
        action="store_true",
        help="for a timer, every day: wait for the extracts that settings.toml expects, until its "
        "deadline, then run and make the report",
    )
    add("status", "what has been received and released", listing)
    feedback = add("feedback", "what each submitter has to mend", listing)
    feedback.add_argument("--organisation", metavar="CODE", help="one organisation alone")
    figures = add("figures", "the rows of figure", listing)
    figures.add_argument(
        "--unprotected",
        action="store_true",
        help="true counts, for the analyst's own eyes; the look is recorded",
    )
    figures.add_argument("--where", metavar="SQL", help="a condition on the columns of figure")
    _add_explain(add("explain", "what stands behind a figure: files, rule, protection", listing))
    report = add("report", "the pages, spreadsheets, copies and filings of a release")
    report.add_argument("--release", metavar="ID", help="one of the releases; else the newest")
    _add_alerts(add("alerts", "what somebody should look at", listing))
    audit = add("audit", "what in a printed table cannot be true", listing)
    audit.description = AUDIT_HELP
    audit.formatter_class = argparse.RawDescriptionHelpFormatter
    audit.add_argument("table", type=Path, metavar="TABLE", help="a .csv or .xlsx file")
    attack = add("attack", "which hidden counts a reader of published files can tell", listing)
    attack.description = ATTACK_HELP
    attack.formatter_class = argparse.RawDescriptionHelpFormatter
    attack.add_argument("database", type=Path, nargs="+", metavar="DATABASE", help="oldest first")
    _add_recovery(add, listing)
    _add_key(add("key", "which keys a home has and where they come from; never a key", listing))
    add("check-registry", "whether the registry and the warehouse fit together")
    add("serve", "look every day what is due, as prefect.yaml says, and run it")
    return parser


def _add_scale(sample: argparse.ArgumentParser) -> None:
    """Add how large a sample is."""
    sample.add_argument(
        "--scale",
        choices=("demo", "ics", "england"),
        default="demo",
        help="the demo's ten employers; one system of 60,000 people; England, 1.5 million "
        "assignments of 220 employers",
    )
    sample.add_argument(
        "--people", type=int, metavar="N", help="of all employers of ics or england together"
    )
    sample.add_argument("--systems", type=int, metavar="N", help="the first N of england alone")
    sample.add_argument(
        "--snapshots", type=int, metavar="N", help="how many quarters of ics or england (1)"
    )


def _add_recovery(
    add: Callable[..., argparse.ArgumentParser], listing: argparse.ArgumentParser
) -> None:
    """Add what is done about damage and loss, and for people who want to be forgotten."""
    add("rebuild", "make the private database anew from the received files", listing)
    forget = add("forget", "take people out of this home, and keep them out")
    forget.description = FORGET_HELP
    forget.formatter_class = argparse.RawDescriptionHelpFormatter
    forget.add_argument("list", metavar="LIST", help="who: a CSV file, or - for standard input")
    backup = add("backup", "write everything but the keys into one file")
    backup.add_argument("file", type=Path, metavar="FILE", help="a new file, best on another disk")
    backup.add_argument(
        "--wait", type=float, default=300, metavar="SECONDS", help="for a run under way (300)"
    )
    restore = add("restore", "show readers an earlier release, or make a home of a backup")
    restore.add_argument("release", nargs="?", metavar="RELEASE", help="the release to show")
    restore.add_argument("--backup", type=Path, metavar="FILE", help="into an empty home")
    verify = add("verify", "whether anything in the home is damaged, and how to mend it", listing)
    verify.add_argument("--head", metavar="HASH", help="the trail must hold this entry")


def _add_explain(explain: argparse.ArgumentParser) -> None:
    """Add which figures are to be explained, and how."""
    explain.add_argument("standard", metavar="STANDARD", help="such as WRES")
    explain.add_argument("indicator", metavar="INDICATOR", help="such as 2, or ethnicity")
    explain.add_argument("--organisation", metavar="CODE", required=True, help="whose figure")
    explain.add_argument("--period", type=_period, metavar="DATE", required=True, help="of when")
    explain.add_argument("--part", metavar="PART", help="else all, where there is one")
    explain.add_argument("--group", metavar="GROUP", help="one group alone, such as BME")
    explain.add_argument("--measure", metavar="MEASURE", help="one measure alone, such as share")
    explain.add_argument("--level", metavar="LEVEL", help="employer, icb or system alone")
    explain.add_argument(
        "--unprotected",
        action="store_true",
        help="rows of files and true counts too, for the analyst's own eyes",
    )
    explain.add_argument("--html", type=Path, metavar="FILE", help="write it as a page")
    explain.description = (
        "Explain published figures: definition, value and interval, received files, rule in force "
        "and protection. The look is recorded."
    )


def _below(command: argparse.ArgumentParser) -> Callable[..., argparse.ArgumentParser]:
    """Return what adds a command below another one."""
    # What stands before the name of a command here holds where it is not given again after it.
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home", metavar="DIR", default=argparse.SUPPRESS, help="where everything is kept"
    )
    commands_of = command.add_subparsers(title="commands", metavar="COMMAND")
    return partial(commands_of.add_parser, parents=[common])


def _add_alerts(alerts: argparse.ArgumentParser) -> None:
    """Add what can be done about alerts, beside listing them."""
    from pipeline import commands

    add = _below(alerts)
    charts = add("charts", help="draw the declaration rates of each employer")
    charts.set_defaults(command=commands.alerts_charts)
    charts.add_argument("--organisation", metavar="CODE", help="one organisation alone")
    known = add("acknowledge", help="say that an alert is known")
    known.set_defaults(command=commands.alerts_acknowledge)
    known.add_argument("--organisation", metavar="CODE", required=True, help="whose alert")
    known.add_argument("--code", metavar="CODE", required=True, help="the code of the alert")
    known.add_argument("--characteristic", metavar="NAME", help="of this characteristic alone")
    known.add_argument("--part", metavar="PART", help="of this part alone, such as all")
    known.add_argument("--period", type=_period, metavar="DATE", help="else the newest snapshot")
    known.add_argument("--note", metavar="TEXT", default="", help="why; it is kept")
    known.add_argument("--withdraw", action="store_true", help="take it back")


def _add_key(key: argparse.ArgumentParser) -> None:
    """Add what can be done about keys, beside listing them."""
    from pipeline import commands

    add = _below(key)
    rotate = add("rotate", help="bring everything under newer keys")
    rotate.set_defaults(command=commands.key_rotate)
    rotate.add_argument(
        "keys", nargs="*", type=_key_name, metavar="KEY", help="pseudonym or store; else both"
    )
    rotate.description = (
        "Make newer keys, or take over those that were put behind the old ones in the environment, "
        "a file or the output of a command (docs/keys.md), and bring the private database and all "
        "sealed files under them. Nobody is lost: stored pseudonyms go through the added link. A "
        "rotation that was interrupted is finished instead, by this or by the next run."
    )


def _key_name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"{text} is no key; the keys are {' and '.join(NAMES)}")
    return text


def _period(text: str) -> date:
    period = parse_period(text)
    if period is None:
        raise argparse.ArgumentTypeError(
            f"{text} is no quarter end; give 31 March, 30 June, 30 September or 31 December as "
            "YYYY-MM-DD"
        )
    return period

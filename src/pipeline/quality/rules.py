"""The rules of the alerts: ``warehouse/reference/alert_rules.csv``, one line a rule.

A rule looks at one column, ``value``, of one frame, ``warehouse/alerts/<frame>.sql``, and alarms
where the value is below, or reaches, its limit. A team changes limits, words and which rules are
on in that file; who wants a rule on something new adds a frame.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from pipeline.errors import ProductError
from pipeline.quality.checks import DECLARATION, WARNING, Check
from pipeline.resources import REFERENCE, WAREHOUSE, read_rows, reference

PUBLIC, EMPLOYER = "public", "employer"
PUBLIC_FRAMES = frozenset({"declaration_rate", "declaration_fall"})
"""Frames that read nothing but the counts behind published declaration rates."""
NO_COUNTS_FRAMES = frozenset({"empty_column"})
"""Frames whose rows tell of columns and not of how many people declared."""

COLUMNS = (
    "code", "severity", "frame", "characteristic", "part", "below", "from", "minimum_base",
    "unless", "is_chance", "is_on", "told", "message", "to_do", "owner", "since", "reason",
)  # fmt: skip
PARTS = ("", "all", "directorate", "band_group")
_CHOICES = {
    "severity": ("warning", "critical"), "part": PARTS, "is_chance": ("yes", "no"),
    "is_on": ("yes", "no"), "told": (PUBLIC, EMPLOYER),
}  # fmt: skip
_TEXTS = ("message", "to_do", "owner", "reason")
_PLACES = {"characteristic", "subject", "limit"}
_CODE = re.compile(r"[A-Z][A-Z_]*")
_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One line of ``warehouse/reference/alert_rules.csv``.

    Attributes:
        code: the kind of alert.
        severity: ``warning`` or ``critical``; neither stops a release.
        frame: the query whose column ``value`` is looked at.
        characteristic: the only one that is looked at; all where empty.
        part: ``all``, ``directorate`` or ``band_group``; empty where the frame has no parts.
        below: alarm where the value is below it; else None.
        reaches: alarm where the value is this or more (column ``from``); else None.
        minimum_base: the smallest base of which anything is said.
        unless: the code of the rule whose alert on the same employer, snapshot and characteristic
            explains this one, which then is not told; empty where there is none.
        is_chance: whether the value is a p-value.
        is_on: whether the rule is looked at.
        told: ``public`` where the published rates tell it, or ``employer``: never published.
        message: what is wrong, in words, without a number of people.
        to_do: what to do.
        owner: who does it.
        since: the day from which the line holds as it stands.
        reason: why the limit is what it is.
    """

    code: str
    severity: str
    frame: str
    characteristic: str
    part: str
    below: Fraction | None
    reaches: Fraction | None
    minimum_base: int
    unless: str
    is_chance: bool
    is_on: bool
    told: str
    message: str
    to_do: str
    owner: str
    since: date
    reason: str

    @property
    def limit(self) -> Fraction:
        """The number that ``value`` is held against."""
        limit = self.reaches if self.below is None else self.below
        if limit is None:
            raise ProductError(f"The alert rule {self.code} has no limit.")
        return limit

    @property
    def label(self) -> str:
        """The characteristic in words, where the rule is on no single one the word itself."""
        return self.characteristic.replace("_", " ") or "characteristic"

    @property
    def check_id(self) -> str:
        """The name of its check: code, characteristic, and the kind of part if there is one."""
        part = f":{self.part}" if self.part not in ("", "all") else ""
        return f"{self.code.lower()}:{self.characteristic or 'all'}{part}"

    @property
    def check(self) -> Check:
        """The check that Great Expectations runs for this rule."""
        return Check(
            self.check_id,
            DECLARATION,
            "between",
            f"No employer has this alert: {self.words(self.label, '...')}",
            low=None if self.below is None else float(self.below),
            high=None if self.reaches is None else float(self.reaches),
            severity=WARNING,
            excludes_high=True,
        )

    def words(self, characteristic: str, subject: str) -> str:
        """Return the message on a characteristic and a subject, as the frame names them."""
        return self._filled(self.message, characteristic, subject)

    def action(self, characteristic: str, subject: str) -> str:
        """Return what to do and who does it."""
        return f"{self.owner}: {self._filled(self.to_do, characteristic, subject)}"

    def _filled(self, text: str, characteristic: str, subject: str) -> str:
        return text.format(
            characteristic=characteristic, subject=subject, limit=format(float(self.limit), "g")
        )


def load_rules(path: Path = REFERENCE / "alert_rules.csv") -> list[AlertRule]:
    """Return every rule, those too that are off.

    Raises:
        ProductError: the file is wrong; all its faults at once, each with its line.
    """
    rows = read_rows(path)
    frames = {file.stem for file in (WAREHOUSE / "alerts").glob("*.sql")}
    characteristics = {row["characteristic"] for row in reference("characteristic_value")}
    known = {
        "frame": frames,
        "characteristic": characteristics | {"", "age_band"},
        "unless": {row.get("code", "") for row in rows} | {""},
    }
    hidden = {
        row.get("code", "")
        for row in rows
        if row.get("told") != PUBLIC and row.get("frame") not in NO_COUNTS_FRAMES
    }
    faults = [
        f"line {number}: {fault}"
        for number, row in enumerate(rows, start=2)
        for fault in (*_faults(row, known), *_silence_faults(row, hidden))
    ]
    if not faults:
        rules = [_rule(row) for row in rows]
        faults = list(_repeated(rules))
    if faults:
        raise ProductError(f"The alert rules ({path.name}) are wrong: " + "; ".join(faults) + ".")
    return rules


def alert_rules() -> list[AlertRule]:
    """Return the rules that are on."""
    return [rule for rule in load_rules() if rule.is_on]


def _faults(row: Mapping[str, str], known: Mapping[str, set[str]]) -> Iterator[str]:
    if set(row) != set(COLUMNS) or None in row.values():
        yield f"must have the columns {', '.join(COLUMNS)}, and quotation marks where a text has ,"
        return
    if not _CODE.fullmatch(row["code"]):
        yield "code must be capitals and underscores"
    for name, values in known.items():
        if row[name] not in values:
            yield f"{name} '{row[name]}' is not known"
    for name, choices in _CHOICES.items():
        if row[name] not in choices:
            yield f"{name} must be one of {', '.join(choice or '(blank)' for choice in choices)}"
    yield from _number_faults(row)
    yield from _text_faults(row)
    if row["code"] and row["unless"] == row["code"]:
        yield "unless names the rule itself, which would never be told"
    try:
        date.fromisoformat(row["since"])
    except ValueError:
        yield "since must be an ISO date"
    if row["told"] == PUBLIC and (row["frame"] not in PUBLIC_FRAMES or row["is_chance"] == "yes"):
        yield f"told must be {EMPLOYER}: the published rates do not tell what the frame looks at"
    elif row["told"] == PUBLIC and row["part"] != "all":
        yield f"told must be {EMPLOYER}: rates are published of all staff and of no part of them"


def _silence_faults(row: Mapping[str, str], hidden: Set[str]) -> Iterator[str]:
    """Yield why a rule must not be silenced: a missing public alert would tell what is hidden."""
    if row.get("told") == PUBLIC and row.get("unless") in hidden - {row.get("code")}:
        yield (
            f"unless must not name {row['unless']}, which only the employer is told: that the "
            "public alert is missing would tell it to everybody"
        )


def _text_faults(row: Mapping[str, str]) -> Iterator[str]:
    for name in _TEXTS:
        if not row[name].strip():
            yield f"{name} is missing"
    for name in ("message", "to_do"):
        for place in sorted(set(re.findall(r"\{(.*?)\}", row[name])) - _PLACES):
            yield f"{name} names {{{place}}}, which is none of {', '.join(sorted(_PLACES))}"
        if re.search(r"[{}]", re.sub(r"\{.*?\}", "", row[name])):
            yield f"{name} has a brace without its other half"


def _number_faults(row: Mapping[str, str]) -> Iterator[str]:
    if not row["below"] and not row["from"]:
        yield "no limit: give below or from"
    if row["below"] and row["from"]:
        yield "two limits: give below or from"
    for name in ("below", "from", "minimum_base"):
        if row[name] and not _NUMBER.fullmatch(row[name]):
            yield f"{name} is not a number"
        elif name == "minimum_base" and not row[name].isdigit() and row[name]:
            yield "minimum_base is not a whole number"
        elif name == "below" and row["is_chance"] == "yes" and not 0 < Fraction(row[name] or 0) < 1:
            yield "a rule of chance needs a p-value above 0 and below 1 as below"


def _repeated(rules: Iterable[AlertRule]) -> Iterator[str]:
    for check_id, times in Counter(rule.check_id for rule in rules).items():
        if times > 1:
            yield f"{check_id} stands {times} times"


def _rule(row: Mapping[str, str]) -> AlertRule:
    return AlertRule(
        code=row["code"],
        severity=row["severity"],
        frame=row["frame"],
        characteristic=row["characteristic"],
        part=row["part"],
        below=Fraction(row["below"]) if row["below"] else None,
        reaches=Fraction(row["from"]) if row["from"] else None,
        minimum_base=int(row["minimum_base"] or 0),
        unless=row["unless"],
        is_chance=row["is_chance"] == "yes",
        is_on=row["is_on"] == "yes",
        told=row["told"],
        message=row["message"],
        to_do=row["to_do"],
        owner=row["owner"],
        since=date.fromisoformat(row["since"]),
        reason=row["reason"],
    )

"""Digests: what one organisation, its ICB or the analyst is told, as plain text and as HTML.

An employer is told of itself, with the gap in records where that is no small number. An ICB is told
what everybody may read in the published alerts, and no more: what else is known of an employer goes
to that employer. Nobody is told a number of people below the threshold of the disclosure policy.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from pipeline import organisations
from pipeline.alert.channels import ANALYST
from pipeline.alert.notices import Notice
from pipeline.alert.points import points
from pipeline.alert.wording import counted, day, number

_ROWS = re.compile(r" in \d+ of \d+ rows")
_ACKNOWLEDGE = (
    "What is known and cannot be mended yet can be acknowledged: ask your analyst, who runs "
    "`equality alerts acknowledge`."
)
_WORKBOOKS = "Each fault of a file stands, row by row, in the feedback workbook of your analyst."
_PUBLISHED = "This holds what the published alerts tell; each employer is told the rest itself."


@dataclass(frozen=True, slots=True)
class Digest:
    """One message, the same for everybody who is told of an organisation.

    Attributes:
        organisation_code: whom it concerns, or ``analyst``.
        subject: the subject line.
        text: the message in plain text.
        html: the same in HTML, with nothing that is loaded from elsewhere.
        identity: the hash of what it tells; what is acknowledged takes no part in it.
    """

    organisation_code: str
    subject: str
    text: str
    html: str
    identity: str


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    points: tuple[str, ...]


def employer_digest(
    code: str, notices: Iterable[Notice], newest: date, threshold: int, *, is_sample: bool
) -> Digest | None:
    """Return what an employer is told of itself, or None where there is nothing."""
    own = [notice for notice in notices if notice.organisation_code == code]
    if not own:
        return None

    def say(notice: Notice) -> str:
        return _own_point(notice, threshold)

    name = own[0].organisation_name
    return _digest(code, name, newest, own, say, (_WORKBOOKS, _ACKNOWLEDGE), is_sample=is_sample)


def icb_digest(
    code: str, published: Iterable[Notice], newest: date, *, is_sample: bool
) -> Digest | None:
    """Return what an ICB is told of itself and its bodies, or None where there is nothing."""
    own = [
        notice
        for notice in published
        if notice.organisation_code == code or icb_of(notice.organisation_code) == code
    ]
    closing = (_PUBLISHED, _ACKNOWLEDGE)
    name = organisations.icb_name(code)
    return _digest(code, name, newest, own, _published_point, closing, is_sample=is_sample)


def stop_digest(release_id: str, reasons: Iterable[str], *, is_sample: bool) -> Digest:
    """Return what the analyst is told of a release that the gate stopped; reasons, no figures."""
    told = tuple(without_figures(reason) for reason in reasons)
    newest = date.fromisoformat(release_id[:10])
    subject = f"Data quality {day(newest)}: the gate stopped the release"
    opening = (
        "Figures contradict each other, a hidden count can be worked out, or a check did not run, "
        "so nothing was released. The release before stays as it is."
    )
    closing = (
        "Look at the figures with `equality figures --unprotected` and at the alerts with "
        "`equality alerts`, mend what is wrong and run again.",
    )
    return _message(
        ANALYST,
        _marked(subject, is_sample=is_sample),
        opening,
        [_Section("Why", told)],
        closing,
        _hash([release_id, *told]),
    )


def without_figures(reason: str) -> str:
    """Return the reason of a stop without how many rows it concerns."""
    return _ROWS.sub("", reason)


def _own_point(notice: Notice, threshold: int) -> str:
    """Return an alert as its own employer is told it."""
    words = notice.message
    part = (notice.part or "").partition(":")
    if part[2] and part[2].lower() not in words.lower():
        words += f" ({part[0].replace('_', ' ')}: {part[2]})"
    if notice.records_to_target and notice.records_to_target > 0:
        is_small = notice.records_to_target < threshold
        records = f"fewer than {threshold}" if is_small else str(notice.records_to_target)
        aim = "put right" if notice.target is None else f"reach {notice.target:g}%"
        words += f": {records} records to {aim}"
    if notice.tested:
        words += (
            f"; {number(notice.tested)} series {'was' if notice.tested == 1 else 'were'} tested"
        )
    return words


def _published_point(notice: Notice) -> str:
    """Return an alert as everybody may be told it."""
    return f"{notice.organisation_name} ({notice.organisation_code}): {notice.message}"


def plain_digest(  # noqa: PLR0913, PLR0917 - whom, of what, in which words
    code: str,
    subject: str,
    opening: str,
    heading: str,
    told: Sequence[str],
    closing: Sequence[str],
    identity: str,
    *,
    is_sample: bool,
) -> Digest:
    """Return a message with one list of points.

    Args:
        code: whom it concerns.
        subject: the subject line.
        opening: what stands before the list.
        heading: the heading of the list.
        told: its points.
        closing: the paragraphs after it.
        identity: by which it is told once.
        is_sample: whether it is about invented people, which the subject then says.
    """
    subject = _marked(subject, is_sample=is_sample)
    return _message(code, subject, opening, [_Section(heading, tuple(told))], closing, identity)


def icb_of(code: str) -> str:
    """Return the ICB that an organisation belongs to, or nothing where it is not known."""
    found = organisations.history(code)
    return found[-1].icb_code if found else ""


def _digest(  # noqa: PLR0913, PLR0917 - whose digest, of what, in which words
    code: str,
    name: str,
    newest: date,
    notices: Sequence[Notice],
    say: Callable[[Notice], str],
    closing: Sequence[str],
    *,
    is_sample: bool,
) -> Digest | None:
    """Return a digest of alerts: the new, then those that run on, then those acknowledged."""
    open_ones = [notice for notice in notices if not notice.is_acknowledged]
    if not open_ones:
        return None
    new = points((notice for notice in open_ones if notice.quarters_running <= 1), say)
    on = points((notice for notice in open_ones if notice.quarters_running > 1), say)
    # Of what is known it is not said for how long it has stood.
    known = points(
        (replace(notice, quarters_running=1) for notice in notices if notice.is_acknowledged), say
    )
    sections = [
        _Section("New this quarter", tuple(point.sentence() for point in new)),
        _Section("Still to be mended", tuple(point.sentence() for point in on)),
        _Section(
            "Acknowledged", (f"{'; '.join(point.text for point in known)}.",) if known else ()
        ),
    ]
    subject = f"Data quality {day(newest)}, {name} ({code}): {counted(len(new), 'new alert')}"
    # Each alert alone, whatever is told together: what changes is told again.
    told = sorted(
        [notice.organisation_code, notice.period_end.isoformat(), notice.code, say(notice),
         notice.quarters_running]
        for notice in notices
    )  # fmt: skip
    opening = f"{name} ({code}), snapshot of {day(newest)}."
    return _message(
        code,
        _marked(subject, is_sample=is_sample),
        opening,
        sections,
        closing,
        _hash([newest.isoformat(), is_sample, told]),
    )


def _marked(subject: str, *, is_sample: bool) -> str:
    return f"Sample of invented people: {subject}" if is_sample else subject


def _message(  # noqa: PLR0913, PLR0917 - the parts of a message
    code: str,
    subject: str,
    opening: str,
    sections: Iterable[_Section],
    closing: Iterable[str],
    identity: str,
) -> Digest:
    text, html = [opening], [f"<p>{escape(opening)}</p>"]
    for section in sections:
        if section.points:
            text += ["", section.heading, *(f"- {point}" for point in section.points)]
            items = "".join(f"<li>{escape(point)}</li>" for point in section.points)
            html.append(f"<h2>{escape(section.heading)}</h2><ul>{items}</ul>")
    for paragraph in closing:
        text += ["", paragraph]
        html.append(f"<p>{escape(paragraph)}</p>")
    title = escape(subject)
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><h1>{title}</h1>\n"
        + "\n".join(html)
        + "\n</body></html>\n"
    )
    return Digest(code, subject, "\n".join(text) + "\n", page, identity)


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

"""The easy-read page: short sentences in words of every day, one thought each."""

from pipeline.report.document import Words
from pipeline.report.telling import names
from pipeline.report.telling.changed import CLOSED, WIDENED
from pipeline.report.telling.claims import WDES, WRES, Claim, pay_claims
from pipeline.report.telling.figures import number
from pipeline.report.telling.headlines import Changes
from pipeline.report.telling.pay_page import whole_part
from pipeline.report.telling.subject import Subject


def easy_read(subject: Subject, changes: Changes) -> tuple[Words, ...]:
    """Return 6 to 12 sentences."""
    told: list[Words] = [
        (f"This page is about people who work for {subject.name}.",),
        (f"It is about {names.day(subject.day)}.",),
        *_staff(subject),
        *_jobs(subject, WRES[1]),
        *_jobs(subject, WDES[1]),
        *_pay(subject),
        *_moves(changes),
        ("Some numbers are not shown.",),
        ("This keeps people's details safe.",),
    ]
    return tuple(told)


def _staff(subject: Subject) -> list[Words]:
    told: list[Words] = []
    everybody = subject.own.find((subject.day, "PSED", "sex", "all", "headcount", "ALL", ""))
    if everybody is not None and everybody.is_shown:
        told.append((number(everybody), " people worked there."))
    bme = subject.figure(WRES[0])
    if bme is not None and bme.is_shown:
        told.append((number(bme), " of staff were Black, Asian or from another minority."))
    return told


def _jobs(subject: Subject, claim: Claim) -> list[Words]:
    who = "White people" if claim.standard == "WRES" else "people who are not disabled"
    other = "people from minorities" if claim.standard == "WRES" else "disabled people"
    figure = subject.figure(claim)
    if figure is None or not figure.is_shown:
        return [(f"We cannot show if {other} got jobs as often as {who}.",)]
    if figure.direction in ("adverse", "favourable"):
        more = (figure.value or 0.0) > 1
        first, second = (who, other) if more else (other, who)
        return [(f"{names.upper(first)} got jobs more often than {second}.",)]
    if figure.direction == "near_parity":
        return [(f"{names.upper(who)} and {other} got jobs about as often.",)]
    return [(f"We cannot tell if {who} and {other} get jobs equally often.",)]


def _pay(subject: Subject) -> list[Words]:
    claim = pay_claims("GPG", whole_part(subject))[1]
    figure = subject.figure(claim)
    if figure is None or not figure.is_shown:
        return [("We cannot show how the pay of men and women compares.",)]
    told: list[Words] = [("The middle pay gap between men and women was ", number(figure), ".")]
    more = figure.value or 0.0
    if more:
        paid = "Men" if more > 0 else "Women"
        told.append((f"{paid} in the middle were paid more.",))
    return told


def _moves(changes: Changes) -> list[Words]:
    closed = sum(change.verdict == CLOSED for change in changes.values())
    widened = sum(change.verdict == WIDENED for change in changes.values())
    if not closed and not widened:
        return [("We cannot tell if things changed in a year.",)]
    told: list[Words] = []
    if closed:
        told.append((f"Gaps that got smaller in a year: {closed}.",))
    if widened:
        told.append((f"Gaps that got wider in a year: {widened}.",))
    return told

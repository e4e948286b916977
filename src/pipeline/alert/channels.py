"""Who is told, and how: ``home/channels.toml``, read as a whole, every fault of it at once.

The file holds addresses with tokens in them, so it is for its owner's eyes alone, and no message
repeats what stands in it: a fault names the place.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import organisations
from pipeline.alert.fields import Table, is_for_its_owner_alone
from pipeline.alert.targets import target_faults
from pipeline.errors import UsageError

ANALYST = "analyst"
STARTTLS, TLS = "starttls", "tls"
_PORTS = {STARTTLS: 587, TLS: 465}
_SECTIONS = {"attempts", "wait_seconds", "email", ANALYST, "icb", "employer"}
_SERVER = {
    "host", "port", "security", "sender", "user", "password_variable", "password_file", "ca_file",
    "timeout",
}  # fmt: skip
_LISTS = {"email", "apprise"}
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP server that takes e-mail, always under TLS.

    Attributes:
        host: its name, which its certificate must bear.
        port: 587 for STARTTLS and 465 for TLS from the first byte, where nothing else is said.
        security: ``starttls`` or ``tls``.
        sender: the address that messages come from.
        user: whom it knows us as, or None.
        password: the user's password, or None.
        ca_file: the certificates that it is checked against; those of this machine where None.
        timeout: how many seconds it may take to answer.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str | None
    password: str | None = field(repr=False)
    ca_file: Path | None
    timeout: float


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told of what concerns an organisation; the analyst of a release that was stopped.

    Attributes:
        kind: ``employer``, ``icb`` or ``analyst``.
        organisation_code: its ODS code; ``analyst`` for the analyst.
        email: addresses for e-mail.
        apprise: addresses of Apprise, which hold tokens.
    """

    kind: str
    organisation_code: str
    email: tuple[str, ...] = field(repr=False)
    apprise: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Channels:
    """The settings of ``channels.toml``.

    Attributes:
        server: the mail server, or None where nobody is told by e-mail.
        receivers: who is told.
        attempts: how often one run tries to send a message.
        wait_seconds: how long it waits after the first attempt; twice as long after each other.
    """

    server: MailServer | None
    receivers: tuple[Receiver, ...]
    attempts: int
    wait_seconds: float


def load_channels(path: Path) -> Channels:
    """Return the channels in ``path``.

    Raises:
        UsageError: the file is readable by other accounts, is not TOML, or names what is not known
            or cannot be used; all its faults at once.
    """
    top = Table(_read_toml(path), "", [])
    if not is_for_its_owner_alone(path):
        top.faults.append(
            f"it can be read by other accounts, and it holds tokens. Run: chmod 600 {path}"
        )
    top.only(_SECTIONS)
    receivers = _receivers(top)
    channels = Channels(
        server=_server(top, path.parent, needed=any(each.email for each in receivers)),
        receivers=receivers,
        attempts=int(top.number("attempts", 3, least=1, whole=True)),
        wait_seconds=top.number("wait_seconds", 1),
    )
    if top.faults:
        lines = "".join(f"\n  {fault}" for fault in top.faults)
        raise UsageError(f"{path} cannot be used, so nothing was run:{lines}")
    return channels


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        # The parser may quote what it did not understand, so only the line is told.
        line = _LINE.search(str(error))
        where = f", line {line[1]}" if line else ""
        raise UsageError(f"{path}{where} cannot be read as TOML.") from None


def _receivers(top: Table) -> tuple[Receiver, ...]:
    found = []
    if ANALYST in top.values:
        found.append(_receiver(top.table(ANALYST), ANALYST, ANALYST))
    for kind in ("icb", "employer"):
        section = top.table(kind)
        for code in section.values:
            fault = _code_fault(kind, code)
            if fault:
                section.fault(fault)
            found.append(_receiver(section.table(code), kind, code.upper()))
    return tuple(found)


def _code_fault(kind: str, code: str) -> str | None:
    found = organisations.history(code.upper())
    if not re.fullmatch(r"[A-Za-z0-9]{2,6}", code):
        return "a name is no ODS code; name each organisation by its code, as in [employer.01T]"
    if not found:
        alike = ", ".join(organisations.closest(code))
        return f"no organisation has the code {code}" + (f"; alike are {alike}" if alike else "")
    is_icb = found[-1].kind == "ICB"
    if is_icb != (kind == "icb"):
        return f"{code} is {'an ICB' if is_icb else 'an employer'}; write [{_other(kind)}.{code}]"
    return None


def _other(kind: str) -> str:
    return "employer" if kind == "icb" else "icb"


def _receiver(section: Table, kind: str, code: str) -> Receiver:
    section.only(_LISTS)
    email, apprise = section.texts("email"), section.texts("apprise")
    if not section.is_broken and not email and not apprise:
        section.fault('names nobody; give it email = ["..."] or apprise = ["..."]')
    for position, address in enumerate(email, start=1):
        if not _ADDRESS.fullmatch(address):
            section.fault(f"email: address {position} of the list is no e-mail address")
    for fault in target_faults(apprise):
        section.fault(f"apprise: {fault}")
    return Receiver(kind, code, tuple(dict.fromkeys(email)), tuple(dict.fromkeys(apprise)))


def _server(top: Table, home: Path, *, needed: bool) -> MailServer | None:
    if "email" not in top.values:
        if needed:
            top.fault("[email] is missing, and addresses for e-mail are given; name the server")
        return None
    section = top.table("email")
    if "password" in section.values:
        section.fault(
            "the password does not stand in this file; name the environment variable that holds "
            "it (password_variable) or a file of mode 0600 (password_file)"
        )
    section.only(_SERVER | {"password"})
    security = section.text("security", STARTTLS)
    if security not in _PORTS:
        section.fault(f'security must be "{STARTTLS}" or "{TLS}"; nothing is sent without TLS')
    sender = section.text("sender")
    if sender and not _ADDRESS.fullmatch(sender):
        section.fault("sender is no e-mail address")
    user, password = section.text("user", ""), section.password(home)
    if bool(user) != (password is not None) and not section.has_password_fault:
        section.fault("user and password belong together; give both or neither")
    return MailServer(
        host=section.text("host"),
        port=int(section.number("port", _PORTS.get(security, 587), least=1, whole=True)),
        security=security,
        sender=sender,
        user=user or None,
        password=password,
        ca_file=section.certificates(home),
        timeout=section.number("timeout", 20, least=1),
    )

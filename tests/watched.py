"""Who asks for an address elsewhere: three means to see it, and one of them makes it impossible.

- ``audit``: every Python process keeps a list of the addresses that it asks for. Always there.
- ``system``: strace keeps a list of what any process asks the kernel for, native code included.
- ``namespace``: the processes have a network of their own with nothing in it but 127.0.0.1.

A command runs under all that this machine has.
"""

import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOOK = Path(__file__).with_name("watching")
AUDIT, SYSTEM, NAMESPACE = "audit", "system", "namespace"

_CALLS = "connect,sendto,sendmsg,sendmmsg"
_TRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={_CALLS}", "-o"]
_INET = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    fcntl.ioctl(probe, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""The interface of 127.0.0.1 is down in a new namespace; this brings it up and runs the rest."""


@dataclass(frozen=True)
class Watched:
    """What became of a command, and which addresses it asked for.

    Attributes:
        ended: the command.
        audit: each address that a Python process asked for, with who did.
        system: each address that any process asked the kernel for; None where nobody could look.
    """

    ended: "subprocess.CompletedProcess[str]"
    audit: list[str]
    system: list[str] | None

    def elsewhere(self, means: str) -> list[str]:
        """Return what is not on this machine, as one of the means saw it."""
        asked = self.audit if means == AUDIT else self.system or []
        return [one for one in asked if not _is_here(one.split(" ", 1)[0])]


@cache
def means() -> frozenset[str]:
    """Return the means that this machine has."""
    found = {AUDIT}
    if shutil.which("strace") and _works([*_TRACE, os.devnull, sys.executable, "-c", "pass"]):
        found.add(SYSTEM)
    if shutil.which("unshare") and _works([*_in_namespace(), sys.executable, "-c", "pass"]):
        found.add(NAMESPACE)
    return frozenset(found)


def _works(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _in_namespace() -> list[str]:
    return ["unshare", "-rn", sys.executable, "-c", _LOOPBACK_UP]


def watch(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> Watched:
    """Run a command under every means there is.

    Args:
        command: what to run.
        folder: where the lists are kept.
        environment: the whole environment of the command; it should name no proxy.
        seconds: how long it may take.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log, trace = folder / "audit.jsonl", folder / "trace.txt"
    before = _in_namespace() if NAMESPACE in means() else []
    before += [*_TRACE, str(trace)] if SYSTEM in means() else []
    known = os.pathsep.join(filter(None, (str(HOOK), environment.get("PYTHONPATH"))))
    ended = subprocess.run(
        [*before, *command],
        env={**environment, "PYTHONPATH": known, "WATCHED_LOG": str(log)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    audit = [_line(json.loads(line)) for line in lines]
    return Watched(ended, audit, _traced(trace) if SYSTEM in means() else None)


def _line(asked: Mapping[str, object]) -> str:
    return f"{asked['host'] or 'localhost'} {asked['event']} by {asked['by']} from {asked['from']}"


def _traced(trace: Path) -> list[str]:
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [(_INET.search(line), line) for line in lines]
    return [f"{match[1] or match[2]} {line}" for match, line in found if match]


def _is_here(host: str) -> bool:
    """Return whether an address is one of this machine: a path, a name for it, or 127.0.0.1."""
    if host.startswith("/") or host in ("localhost", "") or "\0" in host:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback

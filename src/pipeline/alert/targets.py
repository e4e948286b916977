"""Apprise: Teams, Slack and whatever else it knows. It is imported where somebody is told by it.

It sends to the address that was named and to no other: no redirect is followed, no picture is
linked, nothing is kept on disk, and what it logs goes nowhere.
"""

import ipaddress
import logging
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.alert.failure import Failure

_LOCAL = "localhost"


def target_faults(addresses: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with Apprise addresses, by their position and never by their text."""
    for position, address in enumerate(addresses, start=1):
        target = _target(address)
        if target is None:
            yield (
                f"address {position} of the list is none that Apprise knows or it lacks a part; "
                "write it as Apprise documents the service"
            )
        elif not _is_secure(target, address):
            yield (
                f"address {position} of the list would send without encryption; use the secure "
                "form of the service, such as jsons:// for json://"
            )
        elif not target.verify_certificate:
            yield f"address {position} of the list checks no certificate; take verify=no out of it"


def service(address: str) -> str:
    """Return which service an address is of, as its scheme says; it holds no secret."""
    scheme = address.partition(":")[0].lower()
    return scheme if scheme.isalnum() else "other"


def post(address: str, subject: str, body: str) -> None:
    """Send a plain text to an Apprise address.

    Raises:
        Failure: it was not taken; the words hold no part of the address.
    """
    import apprise

    target = _target(address)
    if target is None or not target.notify(
        body=body, title=subject, body_format=apprise.NotifyFormat.TEXT
    ):
        raise Failure("the service does not answer or did not take it", may_pass=True)


def _target(address: str) -> Any:
    """Return the target of an address, or None where there is none."""
    # What they log quotes hosts and answers, and at its finest whole addresses.
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    import apprise

    asset = apprise.AppriseAsset(
        storage_mode=apprise.PersistentStoreMode.MEMORY.value,
        app_id="equality",
        app_desc="equality",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
    )
    return apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)


def _is_secure(target: Any, address: str) -> bool:
    """Return whether a target sends encrypted, or to this machine alone."""
    secure = target.secure_protocol or ()
    if service(address) in ((secure,) if isinstance(secure, str) else secure):
        return True
    host = str(getattr(target, "host", "") or "")
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == _LOCAL

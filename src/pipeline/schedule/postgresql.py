"""Where Prefect's own server keeps its data, as the environment of that server says it."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from pipeline.alert.fields import Table
from pipeline.schedule.settings import Schedule

_DATABASE = "PREFECT_SERVER_DATABASE_"
_TLS = f"{_DATABASE}SQLALCHEMY_CONNECT_ARGS_TLS_"


def database_settings(schedule: Schedule, home: Path) -> Mapping[str, str]:
    """Return the settings of a Prefect server that keeps its data in PostgreSQL.

    The password goes to that server alone. A server on another machine is spoken to under TLS, with
    a certificate that is checked.

    Args:
        schedule: the settings of the schedule.
        home: from where relative paths are taken.

    Returns:
        Environment variables; none where its data are in its own file.

    Raises:
        UsageError: the password or the certificates cannot be read; all faults at once.
    """
    if not schedule.postgresql:
        return {}
    table = Table(schedule.postgresql, "schedule.postgresql", [])
    host = table.text("host", "localhost")
    password, certificates = table.password(home), table.certificates(home)
    table.end(home / "settings.toml")
    found = {
        f"{_DATABASE}DRIVER": "postgresql+asyncpg",
        f"{_DATABASE}HOST": host,
        f"{_DATABASE}PORT": f"{table.number('port', 5432, whole=True):.0f}",
        f"{_DATABASE}NAME": table.text("name"),
        f"{_DATABASE}USER": table.text("user"),
    }
    if password:
        found[f"{_DATABASE}PASSWORD"] = password
    if certificates or not _is_this_machine(host):
        found[f"{_TLS}ENABLED"] = "true"
    if certificates:
        found[f"{_TLS}CA_FILE"] = str(certificates)
    return found


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

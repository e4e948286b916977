"""The Equality Delivery System: its frameworks and their outcomes.

Source: NHS England, Equality Delivery System (EDS2, 18 outcomes; EDS 2022, 11 outcomes).
"""

import re
from functools import cache

from pipeline.codes import listed_code
from pipeline.resources import reference

EDS2, EDS2022 = "EDS2", "EDS2022"
SERVICES_DOMAIN = "1"
"""The domain of EDS 2022 in which services are scored one by one."""

_OUTCOME = re.compile(r"(?:outcome)?\s*([1-4])\.?([1-6A-D])(?![0-9A-Za-z])", re.IGNORECASE)


def framework_code(framework: object) -> str | None:
    """Return EDS2 or EDS2022, or None for a framework that is not listed."""
    return listed_code("eds_framework", framework)


def outcome_code(framework: object, outcome: object) -> str | None:
    """Return the outcome as its framework numbers it, ``1.1`` or ``1A``; None where it has none.

    A title may follow the number: ``1A: access`` is ``1A``.
    """
    found = _OUTCOME.match(outcome.strip()) if isinstance(outcome, str) else None
    if not found:
        return None
    separator = "." if found[2].isdigit() else ""
    code = f"{found[1]}{separator}{found[2].upper()}"
    return code if (framework_code(framework), code) in _domains() else None


def takes_services(framework: str, outcome: str) -> bool:
    """Return whether the outcome is scored for each of several services (EDS 2022, domain 1)."""
    return framework == EDS2022 and _domains()[framework, outcome] == SERVICES_DOMAIN


@cache
def _domains() -> dict[tuple[str | None, str], str]:
    return {(row["framework"], row["outcome"]): row["domain"] for row in reference("eds_outcome")}

"""The disclosure policy, as a team may change it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError

_KEYS = {"policy", "threshold", "minimum_band_candidates"}


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be published.

    Attributes:
        name: the name of the rule set.
        threshold: counts from 1 to ``threshold - 1`` are hidden.
        minimum_band_candidates: how many small counts each band of a declaration rate must hold,
            for the band to be published where the count is hidden.
        sha256: the hash of the file.
    """

    name: str
    threshold: int
    minimum_band_candidates: int
    sha256: str

    @property
    def small_base(self) -> int:
        """Of how many people at most it may not be told that all are in one group."""
        return 2 * self.threshold

    def is_small(self, count: int) -> bool:
        """Return whether ``count`` is one that may not be told."""
        return 0 < count < self.threshold


def load_policy(path: Path) -> Policy:
    """Return the policy in ``path``.

    Raises:
        UsageError: the file is not there, is no YAML, or does not hold exactly the known keys.
    """
    import yaml

    try:
        content = path.read_bytes()
        entry = yaml.safe_load(content)
    except (OSError, yaml.YAMLError):
        raise UsageError(f"The disclosure policy {path} cannot be read as YAML.") from None
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise UsageError(
            f"The disclosure policy {path} must hold exactly: {', '.join(sorted(_KEYS))}."
        )
    for key in ("threshold", "minimum_band_candidates"):
        if not isinstance(entry[key], int) or entry[key] < 2:
            raise UsageError(f"The disclosure policy {path}: {key} must be a number of 2 or more.")
    return Policy(
        name=str(entry["policy"]),
        threshold=entry["threshold"],
        minimum_band_candidates=entry["minimum_band_candidates"],
        sha256=hashlib.sha256(content).hexdigest(),
    )

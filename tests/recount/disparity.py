"""The race disparity ratio: White staff in the higher of two tiers for each in the lower.

Source: NHS England, race disparity ratio (2021).
"""

from collections import Counter
from collections.abc import Iterator

from recount.extracts import Extracts
from recount.people import BANDS
from recount.values import MISSING, Figure, Key, ratio

STANDARDS = ("RDR",)

TIERS = {
    "lower": BANDS[: BANDS.index("6")],
    "middle": ("6", "7"),
    "upper": BANDS[BANDS.index("8a") :],
}
STEPS = (("lower", "middle"), ("middle", "upper"), ("lower", "upper"))
SIDES = {
    "all": ("clinical", "non_clinical"),
    "clinical": ("clinical",),
    "non_clinical": ("non_clinical",),
}


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    found = Counter((person.part, person.meanings["ethnicity"].group) for person in people or ())
    for lower, higher in STEPS:
        for part, sides in SIDES.items():
            white_above, white_below, bme_above, bme_below = (
                sum(found[f"{side}:{band}", group] for side in sides for band in TIERS[tier])
                for group in ("WHITE", "BME")
                for tier in (higher, lower)
            )
            figure = ratio(white_above, white_below, bme_above, bme_below)
            key = ("RDR", f"{lower}_to_{higher}", part, "ratio", "WHITE", "BME")
            yield key, MISSING if people is None else figure

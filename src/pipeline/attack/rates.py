"""What declaration rates, their bands and the alerts on them tell of how many are known."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pipeline.attack.relations import NO_END, Row

if TYPE_CHECKING:
    import pandas as pd

    Release = Mapping[str, pd.DataFrame]

Named = tuple[tuple[str, str, str], str, str]
"""Owner, characteristic (empty for everybody) and group of a count of the whole workforce."""
_AT_LEAST = re.compile(r"(\d+)% or more")
_BELOW = re.compile(r"below (\d+)%")


def rows_of_rates(release: "Release") -> Iterator[Row[Named]]:
    """Yield what each rate and each alert tells of the known and of everybody."""
    import pandas as pd

    if "declaration_rate" in release:
        table = release["declaration_rate"]
        for day, level, code, characteristic, known, headcount, rate, band in table[
            [
                "period_end", "level", "organisation_code", "characteristic", "known", "headcount",
                "rate", "band",
            ]
        ].itertuples(index=False):  # fmt: skip
            owner = (str(day)[:10], str(level), str(code))
            of_known, of_all = (owner, str(characteristic), "KNOWN"), (owner, "", "ALL")
            for named, value in ((of_known, known), (of_all, headcount)):
                if not pd.isna(value):
                    yield Row(((named, 1),), int(value), int(value))
            if not pd.isna(rate):
                yield from _rate(of_known, of_all, Fraction(str(rate)), Fraction(1, 20))
            yield from _band(of_known, of_all, band)
    if "alert" in release:
        yield from _alerts(release["alert"])


def _rate(known: Named, everybody: Named, rate: Fraction, within: Fraction) -> Iterator[Row[Named]]:
    """Yield that a percentage of everybody is known, but for its rounding."""
    for end, is_least in ((rate - within, True), (rate + within, False)):
        terms = ((known, 100 * end.denominator), (everybody, -end.numerator))
        yield Row(terms, 0, NO_END) if is_least else Row(terms, -NO_END, 0)


def _band(known: Named, everybody: Named, band: Any) -> Iterator[Row[Named]]:
    if not isinstance(band, str):
        return
    if found := _AT_LEAST.fullmatch(band):
        yield Row(((known, 100), (everybody, -int(found[1]))), 0, NO_END)
    elif found := _BELOW.fullmatch(band):
        yield Row(((known, 100), (everybody, -int(found[1]))), -NO_END, -1)
    else:
        raise ValueError(f"No knowledge of what the band {band!r} tells.")


def _alerts(alerts: "pd.DataFrame") -> Iterator[Row[Named]]:
    """Yield that with the records that are asked for, and with no fewer, the target is reached."""
    import pandas as pd

    told = alerts[alerts["characteristic"].notna() & alerts["target"].notna()]
    for day, code, characteristic, value, target, records in told[
        ["period_end", "organisation_code", "characteristic", "value", "target",
         "records_to_target"]
    ].itertuples(index=False):  # fmt: skip
        owner = (str(day)[:10], "employer", str(code))
        known, everybody = (owner, str(characteristic), "KNOWN"), (owner, "", "ALL")
        if not pd.isna(value):
            yield from _rate(known, everybody, Fraction(str(value)), Fraction(1, 20))
        if not pd.isna(records):
            aim = Fraction(str(target))
            terms = ((known, 100 * aim.denominator), (everybody, -aim.numerator))
            each = 100 * aim.denominator
            yield Row(terms, -int(records) * each, NO_END)
            if records > 0:
                yield Row(terms, -NO_END, -(int(records) - 1) * each - 1)

"""What a pay gap tells without its headcounts, by the law and by the policy that shows it.

An employer's gender pay gap stands whole where the law asks for it: 250 relevant employees or more
(SI 2017/353 and SI 2017/172). Those whose sex is not known are among them and stand in no figure,
so that it tells no number of men and women. Any other gap has enough people on each side. The four
pay quarters are of the same size, but for one.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.attack.counts import Numbering, Rows
from pipeline.attack.relations import NO_END, Row

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from pipeline.disclosure import Policy

    Ints = npt.NDArray[np.int64]

_MEDIAN = "median_hourly"
_QUARTERS = [f"quarter:{number}" for number in range(1, 5)]
_RANKED = (("sex", "KNOWN"), ("", "ALL"))


def rows_of_pay(
    figures: "pd.DataFrame", rows: Rows, of: "Ints", numbering: Numbering, policy: "Policy"
) -> Iterator[Row[int]]:
    """Yield what the pay gaps of figures tell of who is paid.

    Args:
        figures: the published figures.
        rows: whom their counts count.
        of: the column of each owner and name.
        numbering: the numbers of owners and names.
        policy: how many people a side a gap takes.
    """
    import numpy as np

    for group in _RANKED:
        names = [numbering.names.get(("full_pay", quarter, *group)) for quarter in _QUARTERS]
        if None not in names:
            table = of[:, np.array(names, dtype=np.int64)]
            for own in table[(table >= 0).all(axis=1)].tolist():
                for one, other in pairwise((*own, own[0])):
                    yield Row(((one, 1), (other, -1)), -1, 1)
    has_value = figures["value"].notna().to_numpy()
    gap = figures["measure"].eq("gap_percent").to_numpy() & has_value
    filed = (
        figures["standard"].eq("GPG") & figures["level"].eq("employer") & figures["part"].eq("all")
    ).to_numpy()
    whole = filed & has_value & figures["indicator"].ne(_MEDIAN).to_numpy()
    large = np.unique(rows.owner[whole])
    for place in np.flatnonzero(gap & ~(filed & np.isin(rows.owner, large))).tolist():
        for count in (0, 2):
            column = of[rows.owner[place], rows.name[count, place]]
            if column >= 0:
                yield Row(((int(column), 1),), policy.minimum_side, NO_END)

"""Everything that a reader knows of the counts of one state of the published figures.

Counts that are told are constants, whichever release told them. The other ones are columns that
the sums, the pooled counts, the values and the rates are conditions on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.attack.conditions import MOST_PEOPLE, Conditions
from pipeline.attack.counts import HIDDEN, Numbering, Rows, Told
from pipeline.attack.people import reference_of
from pipeline.attack.pooling import Pool, pools, rows_of_pools
from pipeline.attack.published import members_of, senders_of
from pipeline.attack.rates import rows_of_rates
from pipeline.attack.relations import (
    NO_END,
    Block,
    Columns,
    Row,
    block,
    columns,
    rows_of_parts,
    rows_of_sums,
    same_staff,
)
from pipeline.attack.values import conditions_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.attack.published import Release

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

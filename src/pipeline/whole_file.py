"""Faults that only a whole file has: no rows, too many unknown pay scales, columns that lack."""

from types import ModuleType

from pipeline.checked import rows_at_fault
from pipeline.faults import Fault, Severity
from pipeline.read import Reading
from pipeline.read.headings import heading_list
from pipeline.read.rows import listed
from pipeline.receive.sources import EmptyMeans, empty_means

UNMAPPED_PAY_SCALE_LIMIT = 0.005
"""Share of the rows above which pay scales that map to no band reject the file."""

_EMPTY_CODES = {
    EmptyMeans.REJECTED: "NO_ROWS",
    EmptyMeans.MISSING: "SOURCE_EMPTY",
    EmptyMeans.NONE: "NONE_HAPPENED",
}


def _missing_alternatives(reading: Reading, source: str, schema: ModuleType) -> list[Fault]:
    """Return the fault of a file that has none of the sets of columns of which it needs one."""
    choices: tuple[tuple[str, ...], ...] = getattr(schema, "ONE_OF", ())
    if not choices or any(set(choice) <= set(reading.headings) for choice in choices):
        return []
    names = heading_list(source).headings
    wanted = ", or ".join(" with ".join(names[field] for field in choice) for choice in choices)
    return [Fault("HEADINGS_ONE_OF", detail=f"looked for {wanted}")]


def file_faults(
    faults: list[Fault], reading: Reading, source: str, schema: ModuleType
) -> list[Fault]:
    """Return the faults that only the whole file has."""
    if not reading.headings:  # without a header there is nothing to count
        return []
    found = _missing_alternatives(reading, source, schema)
    if not reading.rows_received:
        return [*found, Fault(_EMPTY_CODES[empty_means(source)])]
    unmapped = [fault for fault in faults if fault.code == "PAY_SCALE_UNMAPPED"]
    if len(unmapped) > UNMAPPED_PAY_SCALE_LIMIT * reading.rows_received:
        detail = f"{len(unmapped)} of {reading.rows_received} rows: "
        detail += listed(fault.row_number for fault in unmapped)
        found.append(Fault("PAY_SCALE_UNMAPPED_MANY", column=unmapped[0].column, detail=detail))
    whole = all(fault.severity is not Severity.FILE for fault in [*faults, *found])
    if whole and len(rows_at_fault(faults)) == len(reading.rows):
        found.append(Fault("NO_ROW_ACCEPTED"))
    return found

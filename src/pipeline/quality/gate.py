"""The gate: Great Expectations over figures and declaration rates, before anything is released."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.quality.checks import Check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check.

    Attributes:
        check: the registered check.
        passed: whether every row satisfied it.
        rows: how many rows were looked at.
        failing: the positions in the frame of the rows that failed.
    """

    check: Check
    passed: bool
    rows: int
    failing: tuple[int, ...] = ()


def get_ready() -> Any:
    """Import Great Expectations with everything that reports or draws turned off, and return it.

    It is imported here and nowhere else, since that takes longer than everything else.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return great_expectations


def run_suite(
    name: str, checks: Iterable[Check], frames: Mapping[str, pd.DataFrame]
) -> list[CheckResult]:
    """Run the checks of one suite and return a result for each that has a frame.

    Nothing is sent anywhere, nothing is written, and no value enters a result.
    """
    context = get_ready().get_context(mode="ephemeral")
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("figures")
    results = []
    for check in checks:
        frame = frames.get(check.check_id)
        if frame is None:
            continue
        frame = frame.reset_index(drop=True)
        asset = source.add_dataframe_asset(f"{name}_{check.check_id}")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch(
            batch_parameters={"dataframe": frame}
        )
        outcome = batch.validate(_expectation(check), result_format="COMPLETE")
        failing = tuple(sorted(outcome.result.get("unexpected_index_list") or ()))
        results.append(CheckResult(check, bool(outcome.success), len(frame), failing))
    return results


def _expectation(check: Check) -> Any:
    import great_expectations.expectations as core
    from great_expectations.expectations.metadata_types import FailureSeverity

    severity = FailureSeverity(check.severity)
    if check.expectation == "between":
        return core.ExpectColumnValuesToBeBetween(
            column="value",
            min_value=check.low,
            max_value=check.high,
            strict_max=check.excludes_high,
            severity=severity,
        )
    if check.expectation == "equal":
        return core.ExpectColumnPairValuesToBeEqual(
            column_A="found", column_B="expected", severity=severity
        )
    if check.expectation == "at_least":
        return core.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="found", column_B="expected", or_equal=True, severity=severity
        )
    return core.ExpectTableRowCountToEqual(value=0, severity=severity)


def stop_reasons(registered: Iterable[Check], results: Iterable[CheckResult]) -> list[str]:
    """Return why there must be no release: a critical check failed, or a check did not run."""
    by_id = {result.check.check_id: result for result in results}
    reasons = []
    for check in registered:
        result = by_id.get(check.check_id)
        if result is None:
            reasons.append(f"{check.check_id} did not run ({check.description})")
        elif not result.passed and check.severity == "critical":
            rows = len(result.failing) or result.rows
            reasons.append(
                f"{check.check_id} failed in {rows} of {result.rows} rows ({check.description})"
            )
    return reasons

"""The gate: Great Expectations over figures and declaration rates, before anything is released."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.quality.checks import CRITICAL, Check


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

    @property
    def rows_failing(self) -> int:
        """How many rows fail: all of them where there should have been none."""
        return len(self.failing) or (0 if self.passed else self.rows)


def get_ready() -> Any:
    """Import Great Expectations with everything that reports or draws turned off, and return it.

    It is imported here and nowhere else, since that takes longer than everything else.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return great_expectations


def run_checks(checks: Iterable[Check], frames: Mapping[str, pd.DataFrame]) -> list[CheckResult]:
    """Run checks and return a result for each whose frame is there, in their order.

    Nothing is sent anywhere, nothing is written, and no value enters a result.

    Args:
        checks: the checks.
        frames: for each ``check_id`` the frame it looks at.
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
        if check.is_of_standard:
            frame = frame[frame["standard"].eq(check.suite)]
        frame = frame.reset_index(drop=True)
        asset = source.add_dataframe_asset(f"{check.suite}_{check.check_id}")
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
            column="value", min_value=check.low, max_value=check.high, severity=severity
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
    by_name = {(result.check.suite, result.check.check_id): result for result in results}
    reasons = []
    for check in registered:
        result = by_name.get((check.suite, check.check_id))
        name = f"{check.suite} {check.check_id}"
        if result is None:
            reasons.append(f"{name} did not run ({check.description})")
        elif not result.passed and check.severity == CRITICAL:
            failed = f"{result.rows_failing} of {result.rows} rows"
            reasons.append(f"{name} failed in {failed} ({check.description})")
    return reasons

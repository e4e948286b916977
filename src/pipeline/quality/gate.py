"""The gate: Great Expectations over figures and declaration rates, before anything is released."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.quality.checks import CRITICAL, Check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check.

    Attributes:
        check: the registered check.
        passed: whether every row satisfied it.
        rows: how many rows were looked at.
        failing: the positions in the whole frame of the rows that failed.
    """

    check: Check
    passed: bool
    rows: int
    failing: tuple[int, ...] = ()

    @property
    def rows_failing(self) -> int:
        """How many rows fail; all of them where the check could not be made."""
        return len(self.failing) or (0 if self.passed else self.rows)


def results_table(results: Iterable[CheckResult]) -> pd.DataFrame:
    """Return a row for each result, with how many rows were looked at and how many fail."""
    return pd.DataFrame(
        {
            "suite": result.check.suite,
            "check_id": result.check.check_id,
            "severity": result.check.severity,
            "description": result.check.description,
            "passed": result.passed,
            "rows": result.rows,
            "rows_failing": result.rows_failing,
        }
        for result in results
    )


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

    A frame is looked at once, and what was found in it is told for each suite that has the check.
    Nothing is sent anywhere, nothing is written, and no value enters a result.

    Args:
        checks: the checks.
        frames: for each ``check_id`` the frame it looks at.
    """
    checks = [check for check in checks if check.check_id in frames]
    found = _failing({check.check_id: check for check in checks}, frames)
    return [_result(check, frames[check.check_id], found[check.check_id]) for check in checks]


def _failing(
    checks: Mapping[str, Check], frames: Mapping[str, pd.DataFrame]
) -> dict[str, list[int] | None]:
    """Return for each check the positions of the rows that fail; None where it could not tell."""
    context = get_ready().get_context(mode="ephemeral")
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # One asset for all: the context writes down its whole configuration at every one it gets.
    asset = context.data_sources.add_pandas("figures").add_dataframe_asset("checked")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    found: dict[str, list[int] | None] = {}
    for check_id, check in checks.items():
        frame = frames[check_id].reset_index(drop=True)
        batch = whole.get_batch(batch_parameters={"dataframe": frame})
        outcome = batch.validate(_expectation(check), result_format="COMPLETE")
        # That a frame should have no row is told without their positions.
        failing = outcome.result.get("unexpected_index_list") or list(range(len(frame)))
        found[check_id] = [] if outcome.success else (sorted(failing) or None)
    return found


def _result(check: Check, frame: pd.DataFrame, failing: list[int] | None) -> CheckResult:
    """Return what a check found, in the rows of its suite's standard where it is of one."""
    looked_at = np.arange(len(frame))
    if check.is_of_standard:
        looked_at = looked_at[frame["standard"].eq(check.suite).to_numpy()]
    if failing is None:
        return CheckResult(check, passed=False, rows=len(looked_at))
    own = tuple(np.intersect1d(looked_at, failing).tolist())
    return CheckResult(check, not own, len(looked_at), own)


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

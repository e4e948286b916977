"""Directorates are named where something of them is told, and nowhere else."""

import pandas as pd

from pipeline.assess.columns import KEY
from pipeline.attack.breaches import Breach, Kind
from pipeline.attack.sums import Count
from pipeline.proved import breach_names
from pipeline.publish.tables import without_untold_names


def rows(*told: tuple[str, str, str]) -> pd.DataFrame:
    """Return figures of (organisation, part, status), otherwise alike."""
    frame = pd.DataFrame(told, columns=["organisation_code", "part", "status"])
    return frame.assign(
        period_end="2022-03-31", level="employer", standard="PSED", indicator="sex",
        measure="share", group_code="FEMALE", comparator_code=None,
    )  # fmt: skip


def parts(frame: pd.DataFrame, code: str = "01T") -> list[str]:
    return frame.loc[frame["organisation_code"].eq(code), "part"].tolist()


def test_a_part_of_which_nothing_is_told_is_numbered():
    figure = rows(
        ("01T", "all", "ok"),
        ("01T", "directorate:Finance", "ok"),
        ("01T", "directorate:Some Person", "suppressed"),
        ("01T", "directorate:Another Person", "suppressed"),
    )
    assert parts(without_untold_names(figure)) == [
        "all",
        "directorate:(not named 1)",
        "directorate:(not named 2)",
        "directorate:Finance",
    ]


def test_each_keeps_its_rows_and_its_number_over_snapshots_and_groups():
    figure = pd.concat(
        [
            rows(("01T", "directorate:B", "suppressed"), ("01T", "directorate:A", "suppressed")),
            rows(("01T", "directorate:B", "suppressed")).assign(period_end="2021-03-31"),
        ],
        ignore_index=True,
    )
    named = without_untold_names(figure)
    told = [(row.period_end, row.part) for row in named.itertuples()]
    assert told == [
        ("2021-03-31", "directorate:(not named 2)"),
        ("2022-03-31", "directorate:(not named 1)"),
        ("2022-03-31", "directorate:(not named 2)"),
    ]


def test_a_part_that_is_told_once_is_named_throughout():
    figure = pd.concat(
        [
            rows(("01T", "directorate:Finance", "ok"), ("01T", "directorate:X", "suppressed")),
            rows(("01T", "directorate:Finance", "suppressed")).assign(period_end="2021-03-31"),
        ],
        ignore_index=True,
    )
    assert parts(without_untold_names(figure)) == [
        "directorate:Finance", "directorate:(not named 1)", "directorate:Finance",
    ]  # fmt: skip


def test_what_one_employer_tells_names_no_part_of_another():
    figure = rows(
        ("01T", "directorate:Finance", "ok"), ("01V", "directorate:Finance", "suppressed")
    )
    named = without_untold_names(figure)
    assert parts(named) == ["directorate:Finance"]
    assert parts(named, "01V") == ["directorate:(not named 1)"]


def test_figures_without_such_parts_stay_as_they_are():
    figure = rows(("01T", "all", "ok"), ("01T", "band:8a", "suppressed"))
    pd.testing.assert_frame_equal(without_untold_names(figure), figure)


def test_the_figures_stay_sorted_by_their_key():
    figure = rows(("01T", "directorate:Z", "suppressed"), ("01T", "directorate:Y", "ok"))
    named = without_untold_names(figure)
    in_order = named.sort_values(list(KEY), ignore_index=True, na_position="first")
    pd.testing.assert_frame_equal(named, in_order)


def test_what_can_be_worked_out_is_told_without_a_typed_name():
    def breach(part):
        cell = Count("2022-03-31", "employer", "01T", "workforce", part, "sex", "FEMALE")
        return Breach(cell, Kind.INTERVAL)

    assert breach_names([breach("directorate:Some Person"), breach("band:8a")]) == [
        "2022-03-31 employer 01T workforce/band:8a/sex/FEMALE (interval)",
        "2022-03-31 employer 01T workforce/directorate:(not named)/sex/FEMALE (interval)",
    ]

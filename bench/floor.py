"""The floor: DuckDB alone reads every extract of an inbox and counts WRES 1, nothing else.

    python bench/floor.py INBOX

The CSV files go into tables of text, and the headcounts by pay row and ethnic group are counted
for each employer, each person once, in one query. No check, no key, no release: nothing that reads
all of these files can be quicker by much. Prints the counts as CSV; a baseline of ``bench/all.py``.
"""

import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "warehouse" / "reference"
_LISTS = (
    "assignment_category", "assignment_status", "staff_group", "grade_word", "pay_row",
    "characteristic_value",
)  # fmt: skip

WRES_1 = """
with scale as (
    select distinct
        "Pay Scale" as pay_scale,
        lower(split_part("Pay Scale", '|', -1)) as words,
        regexp_extract(lower("Pay Scale"), 'band ([1-9])( - range ([a-d]))?$', 1) as number,
        regexp_extract(lower("Pay Scale"), 'band ([1-9])( - range ([a-d]))?$', 3) as letter
    from esr_staff
),
grade as (
    select
        scale.pay_scale,
        coalesce(
            nullif(concat(number, letter), ''), arg_max(word.code, length(word.received_key))
        ) as band_code
    from scale
    left join grade_word as word
        on number = '' and contains(concat(' ', words, ' '), concat(' ', word.received_key, ' '))
    group by scale.pay_scale, number, letter
),
ethnic as (
    select distinct
        staff."Ethnic Origin" as ethnic_origin,
        coalesce(known.group_code, 'UNKNOWN') as group_code
    from (select distinct "Ethnic Origin" from esr_staff) as staff
    left join characteristic_value as known
        on
            known.characteristic = 'ethnicity'
            and known.received_key = regexp_extract(staff."Ethnic Origin", '^[A-Z0-9]{1,2}')
),
post as (
    select
        split_part(staff.filename, '/', -3) as period_end,
        split_part(staff.filename, '/', -2) as organisation_code,
        case
            when pay_row.pay_kind = 'MEDICAL' then 'medical'
            when side.code = 'NON_CLINICAL' then 'non_clinical'
            else 'clinical'
        end || ':' || grade.band_code as part,
        ethnic.group_code,
        row_number() over (
            partition by staff.filename, coalesce(staff."NHS Unique Id", staff."Employee Number")
            order by
                staff."Primary Assignment" desc, cast(staff."FTE" as double) desc,
                cast(pay_row.band_order as integer) desc, staff."Assignment Number"
        ) as choice_rank,
        first(ethnic.group_code) over (
            partition by staff.filename, coalesce(staff."NHS Unique Id", staff."Employee Number")
            order by ethnic.group_code = 'UNKNOWN', staff."Primary Assignment" desc
        ) as known_group
    from esr_staff as staff
    inner join grade on staff."Pay Scale" = grade.pay_scale
    inner join pay_row on grade.band_code = pay_row.band_code
    inner join assignment_category as category
        on lower(staff."Assignment Category") = category.received_key
    inner join assignment_status as state
        on replace(lower(staff."Assignment Status"), '&', 'and') = state.received_key
    inner join staff_group as side on lower(staff."Staff Group") = side.received_key
    inner join ethnic on staff."Ethnic Origin" is not distinct from ethnic.ethnic_origin
    where
        category.code in ('PERMANENT', 'FIXED_TERM', 'APPRENTICE', 'LOCUM')
        and state.code not in ('INACTIVE', 'TERMINATED')
        and try_cast(staff."Date Of Birth" as date) is not null
)
select period_end, organisation_code, part, known_group as group_code, count(*) as headcount
from post
where choice_rank = 1
group by all
order by all
"""


def counts(inbox: Path) -> list[tuple[str, str, str, str, int]]:
    """Return headcounts by snapshot, employer, pay row and ethnic group."""
    with duckdb.connect() as connection:
        for source in sorted({path.stem for path in inbox.glob("*/*/*.csv")}):
            connection.execute(
                f"create table {source} as select * from read_csv(?, all_varchar = true, "
                "header = true, delim = ',', union_by_name = true, filename = true)",
                [str(inbox / "*" / "*" / f"{source}.csv")],
            )
        for name in _LISTS:
            connection.execute(
                f"create table {name} as select * from read_csv(?, all_varchar = true)",
                [str(REFERENCE / f"{name}.csv")],
            )
        return connection.execute(WRES_1).fetchall()


if __name__ == "__main__":
    for row in counts(Path(sys.argv[1])):
        print(*row, sep=",")

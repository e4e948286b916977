-- Grain: one row for each snapshot, level, organisation, part of the workforce, characteristic and group.
-- Organisations that did not send their staff records have rows too, with is_sent false and no counts.
with
grouped as (
    select
        period_end,
        level,
        organisation_code,
        part,
        characteristic,
        group_code,
        cast(sum(headcount) as bigint) as headcount,
        cast(max(part_headcount) as bigint) as part_headcount
    from core.workforce_count
    group by period_end, level, organisation_code, part, characteristic, group_code
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.is_sent,
    part.part,
    listed.characteristic,
    listed.group_code,
    grouped.headcount,
    grouped.part_headcount
from core.coverage as coverage
cross join reference.workforce_part as part
cross join listed
left join grouped
    on
        coverage.period_end = grouped.period_end
        and coverage.level = grouped.level
        and coverage.organisation_code = grouped.organisation_code
        and part.part = grouped.part
        and listed.characteristic = grouped.characteristic
        and listed.group_code = grouped.group_code
where
    coverage.source = 'esr_staff'
    and (part.part = 'all' or listed.characteristic in ('ethnicity', 'disability'))

-- Grain: one row for each snapshot, level, organisation, characteristic and category: of the whole workforce.
-- Every category has a row, zeros too, wherever the organisation sent its staff records.
with
counted as (
    select
        period_end,
        level,
        organisation_code,
        characteristic,
        category_code,
        sum(headcount) as headcount
    from core.workforce_cell
    group by period_end, level, organisation_code, characteristic, category_code
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    category.characteristic,
    category.group_code,
    category.category_code,
    cast(coalesce(counted.headcount, 0) as bigint) as headcount,
    cast(
        sum(coalesce(counted.headcount, 0)) over (
            partition by
                coverage.period_end, coverage.level, coverage.organisation_code, category.characteristic
        ) as bigint
    ) as part_headcount
from core.coverage as coverage
cross join core.category as category
left join counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and category.characteristic = counted.characteristic
        and category.category_code = counted.category_code
where coverage.source = 'esr_staff' and coverage.is_sent

-- Grain: one row for each snapshot, level, organisation, part of the workforce, characteristic and category.
-- Every part and category has a row, zeros too, wherever the organisation sent its staff records.
-- Pay rows are counted by the two characteristics that a standard asks for by pay row.
with
placed as (
    select
        workforce.period_end,
        workforce.level,
        workforce.organisation_code,
        workforce.person,
        part.part
    from core.workforce as workforce
    inner join reference.workforce_part_row as part
        on workforce.side = part.side and workforce.band_code = part.band_code
),

counted as (
    select
        placed.period_end,
        placed.level,
        placed.organisation_code,
        placed.part,
        characteristic.characteristic,
        characteristic.category_code,
        count(*) as headcount
    from placed
    inner join core.workforce_characteristic as characteristic
        on
            placed.period_end = characteristic.period_end
            and placed.level = characteristic.level
            and placed.organisation_code = characteristic.organisation_code
            and placed.person = characteristic.person
    where placed.part = 'all' or characteristic.characteristic in ('ethnicity', 'disability')
    group by
        placed.period_end,
        placed.level,
        placed.organisation_code,
        placed.part,
        characteristic.characteristic,
        characteristic.category_code
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    part.part,
    category.characteristic,
    category.group_code,
    category.category_code,
    coalesce(counted.headcount, 0) as headcount,
    sum(coalesce(counted.headcount, 0)) over (
        partition by
            coverage.period_end,
            coverage.level,
            coverage.organisation_code,
            part.part,
            category.characteristic
    ) as part_headcount
from core.coverage as coverage
cross join reference.workforce_part as part
cross join core.category as category
left join counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and part.part = counted.part
        and category.characteristic = counted.characteristic
        and category.category_code = counted.category_code
where
    coverage.source = 'esr_staff'
    and coverage.is_sent
    and (part.part = 'all' or category.characteristic in ('ethnicity', 'disability'))

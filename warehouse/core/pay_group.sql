-- Grain: one row for each snapshot, level, organisation, population, part, characteristic and group of those paid.
-- population: full_pay (hourly pay in millionths of a pound) or bonus (pence in twelve months). middle is the
-- sum of the middle one or two amounts, and middles how many they are: the median is the one by the other.
-- Part `detail` holds the categories of a characteristic, every other part its groups.
with
paid as (
    select
        period_end,
        level,
        organisation_code,
        person,
        side,
        band_code,
        'full_pay' as population,
        full_pay_micros as amount
    from core.relevant_employee
    where full_pay_micros is not null
    union all
    select
        period_end,
        level,
        organisation_code,
        person,
        side,
        band_code,
        'bonus' as population,
        bonus_pence as amount
    from core.relevant_employee
    where bonus_pence > 0
),

described as (
    select
        paid.period_end,
        paid.level,
        paid.organisation_code,
        paid.side,
        paid.band_code,
        paid.population,
        paid.amount,
        characteristic.characteristic,
        characteristic.group_code,
        characteristic.category_code,
        comparison.detail_code
    from paid
    inner join core.counted_characteristic as characteristic
        on
            paid.period_end = characteristic.period_end
            and paid.level = characteristic.level
            and paid.organisation_code = characteristic.organisation_code
            and paid.person = characteristic.person
            and characteristic.measure = 'PAY'
    inner join reference.pay_comparison as comparison
        on characteristic.characteristic = comparison.characteristic
),

placed as (
    select
        described.period_end,
        described.level,
        described.organisation_code,
        described.population,
        part.part,
        described.characteristic,
        described.group_code,
        described.amount
    from described
    inner join core.pay_part as part
        on described.population = part.population
    inner join reference.workforce_part_row as part_row
        on
            part.part = part_row.part
            and described.side = part_row.side
            and described.band_code = part_row.band_code
    union all
    select
        period_end,
        level,
        organisation_code,
        population,
        'detail' as part,
        characteristic,
        category_code as group_code,
        amount
    from described
    where population = 'full_pay' and detail_code is not null
),

-- Equal amounts have any order among themselves: it changes neither the middle nor the sum.
ranked as (
    select
        period_end,
        level,
        organisation_code,
        population,
        part,
        characteristic,
        group_code,
        amount,
        row_number() over (
            partition by
                period_end, level, organisation_code, population, part, characteristic, group_code
            order by amount asc
        ) as place,
        count(*) over (
            partition by
                period_end, level, organisation_code, population, part, characteristic, group_code
        ) as headcount
    from placed
)

select
    period_end,
    level,
    organisation_code,
    population,
    part,
    characteristic,
    group_code,
    cast(count(*) as bigint) as headcount,
    cast(sum(amount) as bigint) as total,
    cast(sum(case when 2 * place between headcount and headcount + 2 then amount end) as bigint) as middle,
    cast(sum(case when 2 * place between headcount and headcount + 2 then 1 else 0 end) as bigint) as middles
from ranked
group by period_end, level, organisation_code, population, part, characteristic, group_code

-- Grain: one row for each snapshot, level, organisation, standard, rate of pay and quarter that it falls into.
-- Full-pay employees by hourly pay to the penny, in four sections as equal as can be: the cuts are at i * n / 4,
-- rounded half up. rate_number counts the rates that span quarters from the lowest (and the others by themselves).
-- first_people and second_people: of the rate's people those of the two groups that the standard compares.
-- Source: SI 2017/353, Schedule 1, paragraph 13; SI 2017/172, regulation 13.
with
described as (
    select
        employee.period_end,
        employee.level,
        employee.organisation_code,
        comparison.standard,
        (employee.full_pay_micros + 5000) // 10000 as pence,
        case when characteristic.group_code = comparison.group_code then 1 else 0 end as is_first,
        case when characteristic.group_code = comparison.compared_code then 1 else 0 end as is_second
    from core.relevant_employee as employee
    inner join core.counted_characteristic as characteristic
        on
            employee.period_end = characteristic.period_end
            and employee.level = characteristic.level
            and employee.organisation_code = characteristic.organisation_code
            and employee.person = characteristic.person
            and characteristic.measure = 'PAY'
    inner join reference.pay_comparison as comparison
        on
            characteristic.characteristic = comparison.characteristic
            and (characteristic.group_code <> 'UNKNOWN' or comparison.ranks_unknown = '1')
    where employee.full_pay_micros is not null
),

rate as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        pence,
        cast(count(*) as bigint) as people,
        cast(sum(is_first) as bigint) as first_people,
        cast(sum(is_second) as bigint) as second_people
    from described
    group by period_end, level, organisation_code, standard, pence
),

ranked as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        pence,
        people,
        first_people,
        second_people,
        cast(sum(people) over (partition by period_end, level, organisation_code, standard) as bigint) as everybody,
        cast(
            sum(people) over (
                partition by period_end, level, organisation_code, standard
                order by pence asc
                rows between unbounded preceding and current row
            ) as bigint
        ) as last_place
    from rate
),

quarter as (
    select 1 as quarter
    union all
    select 2 as quarter
    union all
    select 3 as quarter
    union all
    select 4 as quarter
),

seated as (
    select
        ranked.period_end,
        ranked.level,
        ranked.organisation_code,
        ranked.standard,
        ranked.pence,
        quarter.quarter,
        ranked.people,
        ranked.first_people,
        ranked.second_people,
        least(ranked.last_place, (quarter.quarter * ranked.everybody + 2) // 4)
        - greatest(ranked.last_place - ranked.people, ((quarter.quarter - 1) * ranked.everybody + 2) // 4)
            as seats
    from ranked
    inner join quarter
        on
            ranked.last_place > ((quarter.quarter - 1) * ranked.everybody + 2) // 4
            and ranked.last_place - ranked.people < (quarter.quarter * ranked.everybody + 2) // 4
)

select
    period_end,
    level,
    organisation_code,
    standard,
    pence,
    quarter,
    people,
    first_people,
    second_people,
    seats,
    seats < people as is_spanning,
    dense_rank() over (
        partition by period_end, level, organisation_code, standard, seats < people
        order by pence asc
    ) as rate_number
from seated

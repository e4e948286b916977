-- Grain: one row for each relevant employee of an organisation at a snapshot, each person once.
-- Pay is that of the first assignment, in the order of choice, whose employee number has a pay row. The rates
-- of two employee numbers cannot be added up without their hours; their bonuses at that employer are.
-- full_pay_micros: hourly pay in millionths of a pound of those on full pay, null for all others.
with
post as (
    select
        counted.period_end,
        counted.level,
        counted.organisation_code,
        counted.person,
        counted.employee,
        counted.employer_code,
        counted.side,
        counted.band_code,
        pay.is_full_pay,
        cast(pay.hourly_pay * 1000000 as bigint) as hourly_micros,
        cast(pay.bonus_pay * 100 as bigint) as bonus_pence,
        row_number() over (
            partition by
                counted.period_end,
                counted.level,
                counted.organisation_code,
                counted.person
            order by case when pay.employee is null then 1 else 0 end asc, counted.choice_rank asc
        ) as pay_rank
    from core.counted_assignment as counted
    left join staging.pay as pay
        on
            counted.period_end = pay.period_end
            and counted.employer_code = pay.organisation_code
            and counted.employee = pay.employee
    where counted.measure = 'PAY'
),

number_paid as (
    select distinct
        period_end,
        level,
        organisation_code,
        person,
        employer_code,
        employee,
        bonus_pence
    from post
),

bonus as (
    select
        period_end,
        level,
        organisation_code,
        person,
        employer_code,
        cast(sum(bonus_pence) as bigint) as bonus_pence
    from number_paid
    group by period_end, level, organisation_code, person, employer_code
)

select
    post.period_end,
    post.level,
    post.organisation_code,
    post.person,
    post.side,
    post.band_code,
    case when post.is_full_pay then post.hourly_micros end as full_pay_micros,
    coalesce(bonus.bonus_pence, 0) as bonus_pence
from post
inner join bonus
    on
        post.period_end = bonus.period_end
        and post.level = bonus.level
        and post.organisation_code = bonus.organisation_code
        and post.person = bonus.person
        and post.employer_code = bonus.employer_code
where post.pay_rank = 1

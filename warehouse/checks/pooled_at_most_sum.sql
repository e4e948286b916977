-- Grain: one row for each snapshot and pooled organisation: the sum of its employers and its own headcount.
with
headcount as (
    select distinct
        period_end,
        level,
        organisation_code,
        numerator
    from decided
    where standard = 'PSED' and measure = 'headcount' and numerator is not null
)

select
    pooled.period_end,
    pooled.level,
    pooled.organisation_code,
    cast(sum(employer.numerator) as bigint) as found,
    max(pooled.numerator) as expected
from headcount as pooled
inner join core.membership as membership
    on
        pooled.period_end = membership.period_end
        and pooled.level = membership.level
        and pooled.organisation_code = membership.organisation_code
inner join headcount as employer
    on
        membership.period_end = employer.period_end
        and membership.employer_code = employer.organisation_code
        and employer.level = 'employer'
where pooled.level <> 'employer'
group by pooled.period_end, pooled.level, pooled.organisation_code

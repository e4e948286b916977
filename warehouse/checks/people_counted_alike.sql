-- Grain: one row for each organisation, snapshot and people that figures count: their least and greatest number.
with
counted as (
    select
        period_end,
        level,
        organisation_code,
        numerator_people as people,
        numerator as headcount
    from decided
    union all
    select
        period_end,
        level,
        organisation_code,
        denominator_people as people,
        denominator as headcount
    from decided
    union all
    select
        period_end,
        level,
        organisation_code,
        comparator_numerator_people as people,
        comparator_numerator as headcount
    from decided
    union all
    select
        period_end,
        level,
        organisation_code,
        comparator_denominator_people as people,
        comparator_denominator as headcount
    from decided
)

select
    period_end,
    level,
    organisation_code,
    people,
    min(headcount) as found,
    max(headcount) as expected
from counted
where people is not null and headcount is not null
group by period_end, level, organisation_code, people

-- Grain: one row for each indicator that counts the whole workforce, with the headcount of the profile.
with
headcount as (
    select distinct
        period_end,
        level,
        organisation_code,
        numerator
    from decided
    where standard = 'PSED' and indicator = 'ethnicity' and measure = 'headcount'
)

select
    counted.period_end,
    counted.level,
    counted.organisation_code,
    counted.standard,
    counted.indicator,
    counted.denominator as found,
    headcount.numerator as expected
from decided as counted
inner join headcount
    on
        counted.period_end = headcount.period_end
        and counted.level = headcount.level
        and counted.organisation_code = headcount.organisation_code
where
    counted.measure = 'share'
    and counted.part = 'all'
    and counted.denominator is not null
    and (
        counted.standard in ('PSED', 'DECLARATION')
        or (counted.standard in ('WRES', 'WDES') and counted.indicator = '1')
    )

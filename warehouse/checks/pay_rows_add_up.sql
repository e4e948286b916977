-- Grain: one row for each snapshot, level, organisation and ethnic group of WRES 1.
select
    period_end,
    level,
    organisation_code,
    group_code,
    cast(
        sum(case when part <> 'all' and part not like '%:all' then numerator end) as bigint
    ) as found,
    cast(sum(case when part = 'all' then numerator end) as bigint) as expected
from decided
where standard = 'WRES' and indicator = '1' and measure = 'share' and numerator is not null
group by period_end, level, organisation_code, group_code

-- Grain: one row for each snapshot, level, organisation and group of WRES 1 and WDES 1.
select
    period_end,
    level,
    organisation_code,
    standard,
    group_code,
    cast(
        sum(
            case
                when standard = 'WRES' and part <> 'all' and part not like '%:all' then numerator
                when standard = 'WDES' and part like 'cluster_%' then numerator
            end
        ) as bigint
    ) as found,
    cast(sum(case when part = 'all' then numerator end) as bigint) as expected
from decided
where standard in ('WRES', 'WDES') and indicator = '1' and measure = 'share' and numerator is not null
group by period_end, level, organisation_code, standard, group_code

-- Grain: one row for each snapshot, level, organisation and measure (and ethnic group, for the rates).
-- The likelihood of appointment from shortlisting of each group, and White against BME.
select
    period_end,
    level,
    organisation_code,
    'WRES' as standard,
    '2' as indicator,
    'all' as part,
    'rate' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    appointed as numerator,
    shortlisted as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('appointed/all/ethnicity/', group_code) as numerator_people,
    concat('shortlisted/all/ethnicity/', group_code) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.appointment
union all
select
    white.period_end,
    white.level,
    white.organisation_code,
    'WRES' as standard,
    '2' as indicator,
    'all' as part,
    'relative_likelihood' as measure,
    white.group_code,
    bme.group_code as comparator_code,
    white.appointed as numerator,
    white.shortlisted as denominator,
    bme.appointed as comparator_numerator,
    bme.shortlisted as comparator_denominator,
    'appointed/all/ethnicity/WHITE' as numerator_people,
    'shortlisted/all/ethnicity/WHITE' as denominator_people,
    'appointed/all/ethnicity/BME' as comparator_numerator_people,
    'shortlisted/all/ethnicity/BME' as comparator_denominator_people,
    case when not white.is_sent then 'MISSING_SOURCE' end as reason
from core.appointment as white
inner join core.appointment as bme
    on
        white.period_end = bme.period_end
        and white.level = bme.level
        and white.organisation_code = bme.organisation_code
        and bme.group_code = 'BME'
where white.group_code = 'WHITE'

-- Grain: one row for each snapshot, level, organisation, indicator, part and group of applicants.
-- Applications of the group appointed, of those shortlisted.
select
    counted.period_end,
    counted.level,
    counted.organisation_code,
    comparison.standard,
    comparison.indicator,
    comparison.part,
    counted.group_code,
    counted.group_code = comparison.group_code as is_compared,
    counted.group_code = comparison.comparator_code as is_comparator,
    counted.appointed as events,
    counted.shortlisted as base,
    concat('appointed/all/', counted.characteristic, '/', counted.group_code) as events_people,
    concat('shortlisted/all/', counted.characteristic, '/', counted.group_code) as base_people,
    case when not counted.is_sent then 'MISSING_SOURCE' end as reason
from core.appointment as counted
inner join reference.comparison as comparison
    on
        counted.characteristic = comparison.characteristic
        and comparison.counted = 'appointed'

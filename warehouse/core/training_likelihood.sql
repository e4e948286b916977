-- Grain: one row for each snapshot, level, organisation, indicator, part and group of staff.
-- Staff of the group who had training that is not mandatory, of the group.
select
    staff.period_end,
    staff.level,
    staff.organisation_code,
    comparison.standard,
    comparison.indicator,
    comparison.part,
    staff.group_code,
    staff.group_code = comparison.group_code as is_compared,
    staff.group_code = comparison.comparator_code as is_comparator,
    case when staff.is_sent then cast(coalesce(trained.trained, 0) as bigint) end as events,
    staff.headcount as base,
    concat('trained', staff.people) as events_people,
    concat('workforce:', staff.source, staff.people) as base_people,
    case when not staff.is_sent then 'MISSING_SOURCE' end as reason
from core.observed_workforce as staff
inner join reference.comparison as comparison
    on
        staff.characteristic = comparison.characteristic
        and comparison.counted = 'trained'
        and staff.source = 'training'
left join core.trained as trained
    on
        staff.period_end = trained.period_end
        and staff.level = trained.level
        and staff.organisation_code = trained.organisation_code
        and staff.characteristic = trained.characteristic
        and staff.group_code = trained.group_code

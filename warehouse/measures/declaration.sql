-- Grain: one row for each snapshot, level, organisation, characteristic, part and group.
-- Known and unknown of all staff; of the unknown, those never asked and those who declined.
with
kind as (
    select 'NEVER_ASKED' as unknown_kind
    union all
    select 'DECLINED' as unknown_kind
),

counted as (
    select
        period_end,
        level,
        organisation_code,
        characteristic,
        unknown_kind,
        sum(headcount) as headcount
    from core.workforce_cell
    where group_code = 'UNKNOWN'
    group by period_end, level, organisation_code, characteristic, unknown_kind
)

select
    period_end,
    level,
    organisation_code,
    'DECLARATION' as standard,
    characteristic as indicator,
    'all' as part,
    'share' as measure,
    'KNOWN' as group_code,
    cast(null as varchar) as comparator_code,
    known_headcount as numerator,
    headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('workforce/all/', characteristic, '/KNOWN') as numerator_people,
    'workforce/all//ALL' as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.declaration
union all
select
    period_end,
    level,
    organisation_code,
    'DECLARATION' as standard,
    characteristic as indicator,
    'all' as part,
    'share' as measure,
    'UNKNOWN' as group_code,
    cast(null as varchar) as comparator_code,
    unknown_headcount as numerator,
    headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('workforce/all/', characteristic, '/UNKNOWN') as numerator_people,
    'workforce/all//ALL' as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.declaration
union all
select
    declaration.period_end,
    declaration.level,
    declaration.organisation_code,
    'DECLARATION' as standard,
    declaration.characteristic as indicator,
    'unknown_kind' as part,
    'share' as measure,
    kind.unknown_kind as group_code,
    cast(null as varchar) as comparator_code,
    case
        when declaration.is_sent then cast(coalesce(counted.headcount, 0) as bigint)
    end as numerator,
    declaration.unknown_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat(
        'workforce/all/', declaration.characteristic, ':UNKNOWN/', kind.unknown_kind
    ) as numerator_people,
    concat('workforce/all/', declaration.characteristic, '/UNKNOWN') as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not declaration.is_sent then 'MISSING_SOURCE' end as reason
from core.declaration as declaration
cross join kind
left join counted
    on
        declaration.period_end = counted.period_end
        and declaration.level = counted.level
        and declaration.organisation_code = counted.organisation_code
        and declaration.characteristic = counted.characteristic
        and kind.unknown_kind = counted.unknown_kind
where declaration.characteristic <> 'age_band'

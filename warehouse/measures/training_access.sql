-- Grain: one row for each snapshot, level, organisation and measure (and group, for the rates).
-- The likelihood of each group to have had training that is not mandatory, and of one against the other.
with
access as (
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
        case when staff.is_sent then cast(coalesce(trained.trained, 0) as bigint) end as trained,
        staff.headcount,
        concat('trained', staff.people) as trained_people,
        concat('workforce:', staff.source, staff.people) as staff_people,
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
)

select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part,
    'rate' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    trained as numerator,
    headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    trained_people as numerator_people,
    staff_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from access
union all
select
    compared.period_end,
    compared.level,
    compared.organisation_code,
    compared.standard,
    compared.indicator,
    compared.part,
    'relative_likelihood' as measure,
    compared.group_code,
    comparator.group_code as comparator_code,
    compared.trained as numerator,
    compared.headcount as denominator,
    comparator.trained as comparator_numerator,
    comparator.headcount as comparator_denominator,
    compared.trained_people as numerator_people,
    compared.staff_people as denominator_people,
    comparator.trained_people as comparator_numerator_people,
    comparator.staff_people as comparator_denominator_people,
    compared.reason
from access as compared
inner join access as comparator
    on
        compared.period_end = comparator.period_end
        and compared.level = comparator.level
        and compared.organisation_code = comparator.organisation_code
        and compared.standard = comparator.standard
        and compared.indicator = comparator.indicator
        and compared.part = comparator.part
where compared.is_compared and comparator.is_comparator

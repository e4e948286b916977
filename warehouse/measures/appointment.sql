-- Grain: one row for each snapshot, level, organisation, indicator and measure (and group, for the rates).
-- The likelihood of appointment from shortlisting of each group, and of one against the other.
with
appointment as (
    select
        counted.period_end,
        counted.level,
        counted.organisation_code,
        comparison.standard,
        comparison.indicator,
        comparison.part,
        counted.characteristic,
        counted.group_code,
        counted.shortlisted,
        counted.appointed,
        counted.group_code = comparison.group_code as is_compared,
        counted.group_code = comparison.comparator_code as is_comparator,
        concat('appointed/all/', counted.characteristic, '/', counted.group_code) as appointed_people,
        concat('shortlisted/all/', counted.characteristic, '/', counted.group_code) as shortlisted_people,
        case when not counted.is_sent then 'MISSING_SOURCE' end as reason
    from core.appointment as counted
    inner join reference.comparison as comparison
        on
            counted.characteristic = comparison.characteristic
            and comparison.counted = 'appointed'
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
    appointed as numerator,
    shortlisted as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    appointed_people as numerator_people,
    shortlisted_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from appointment
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
    compared.appointed as numerator,
    compared.shortlisted as denominator,
    comparator.appointed as comparator_numerator,
    comparator.shortlisted as comparator_denominator,
    compared.appointed_people as numerator_people,
    compared.shortlisted_people as denominator_people,
    comparator.appointed_people as comparator_numerator_people,
    comparator.shortlisted_people as comparator_denominator_people,
    compared.reason
from appointment as compared
inner join appointment as comparator
    on
        compared.period_end = comparator.period_end
        and compared.level = comparator.level
        and compared.organisation_code = comparator.organisation_code
        and compared.standard = comparator.standard
        and compared.indicator = comparator.indicator
        and compared.part = comparator.part
where compared.is_compared and comparator.is_comparator

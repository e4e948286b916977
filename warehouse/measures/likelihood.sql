-- Grain: one row for each snapshot, level, organisation, indicator, part and measure (and group, for the rates).
-- The likelihood of an event in each group, and in one group against the other.
with
likelihood as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        indicator,
        part,
        group_code,
        is_compared,
        is_comparator,
        events,
        base,
        events_people,
        base_people,
        reason
    from core.appointment_likelihood
    union all
    select
        period_end,
        level,
        organisation_code,
        standard,
        indicator,
        part,
        group_code,
        is_compared,
        is_comparator,
        events,
        base,
        events_people,
        base_people,
        reason
    from core.formal_likelihood
    union all
    select
        period_end,
        level,
        organisation_code,
        standard,
        indicator,
        part,
        group_code,
        is_compared,
        is_comparator,
        events,
        base,
        events_people,
        base_people,
        reason
    from core.training_likelihood
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
    events as numerator,
    base as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    events_people as numerator_people,
    base_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from likelihood
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
    compared.events as numerator,
    compared.base as denominator,
    comparator.events as comparator_numerator,
    comparator.base as comparator_denominator,
    compared.events_people as numerator_people,
    compared.base_people as denominator_people,
    comparator.events_people as comparator_numerator_people,
    comparator.base_people as comparator_denominator_people,
    compared.reason
from likelihood as compared
inner join likelihood as comparator
    on
        compared.period_end = comparator.period_end
        and compared.level = comparator.level
        and compared.organisation_code = comparator.organisation_code
        and compared.standard = comparator.standard
        and compared.indicator = comparator.indicator
        and compared.part = comparator.part
where compared.is_compared and comparator.is_comparator

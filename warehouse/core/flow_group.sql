-- Grain: one row for each snapshot, level, organisation, population of the flow, characteristic and group.
-- Populations: starters, leavers, exit_interviewed (of the leavers), promoted. events are their people, base
-- the people they are set against; people and base_people name them.
-- Of a year: whether there were staff records a year before.
with
happened as (
    select
        period_end,
        level,
        organisation_code,
        case movement when 'STARTER' then 'starters' else 'leavers' end as population,
        characteristic,
        group_code
    from core.mover
    union all
    select
        period_end,
        level,
        organisation_code,
        'exit_interviewed' as population,
        characteristic,
        group_code
    from core.mover
    where movement = 'LEAVER' and had_exit_interview
    union all
    select
        promotion.period_end,
        promotion.level,
        promotion.organisation_code,
        'promoted' as population,
        characteristic.characteristic,
        characteristic.group_code
    from core.promotion as promotion
    inner join core.counted_characteristic as characteristic
        on
            promotion.period_end = characteristic.period_end
            and promotion.level = characteristic.level
            and promotion.organisation_code = characteristic.organisation_code
            and promotion.person = characteristic.person
            and characteristic.measure = 'WORKFORCE'
),

counted as (
    select
        period_end,
        level,
        organisation_code,
        population,
        characteristic,
        group_code,
        count(*) as events
    from happened
    group by period_end, level, organisation_code, population, characteristic, group_code
),

recorded as (
    select distinct
        period_end,
        level,
        organisation_code
    from core.mover
    where movement = 'LEAVER' and had_exit_interview is not null
),

population as (
    select
        'starters' as population,
        'movers' as source
    union all
    select
        'leavers' as population,
        'movers' as source
    union all
    select
        'exit_interviewed' as population,
        'movers' as source
    union all
    select
        'promoted' as population,
        'esr_staff' as source
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
    where characteristic in ('ethnicity', 'disability', 'sex')
),

stated as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        population.population,
        listed.characteristic,
        listed.group_code,
        case
            when not coverage.is_sent then 'MISSING_SOURCE'
            when population.population = 'promoted' and not coalesce(before.is_sent, false) then 'NO_BASELINE'
        end as reason,
        cast(coalesce(counted.events, 0) as bigint) as events
    from core.coverage as coverage
    inner join population
        on coverage.source = population.source
    cross join listed
    left join core.coverage as before
        on
            before.period_end = last_day(cast(coverage.period_end - interval 12 month as date))
            and coverage.level = before.level
            and coverage.organisation_code = before.organisation_code
            and coverage.source = before.source
    left join counted
        on
            coverage.period_end = counted.period_end
            and coverage.level = counted.level
            and coverage.organisation_code = counted.organisation_code
            and population.population = counted.population
            and listed.characteristic = counted.characteristic
            and listed.group_code = counted.group_code
)

select
    stated.period_end,
    stated.level,
    stated.organisation_code,
    stated.population,
    stated.characteristic,
    stated.group_code,
    stated.reason,
    case when stated.reason is null then stated.events end as events,
    concat(stated.population, '/all/', stated.characteristic, '/', stated.group_code) as people,
    case
        when stated.reason is not null then stated.reason
        when stated.population = 'leavers' and observed.headcount is null then 'MISSING_SOURCE'
        when
            stated.population = 'exit_interviewed'
            and leavers.events > 0
            and recorded.organisation_code is null
            then 'NOT_RECORDED'
    end as rate_reason,
    case
        when stated.reason is not null then null
        when stated.population = 'exit_interviewed' then leavers.events
        when stated.population = 'leavers' then observed.headcount
        else workforce.headcount
    end as base,
    concat(
        case
            when stated.population = 'exit_interviewed' then 'leavers'
            when stated.population = 'leavers' then 'workforce:movers'
            else 'workforce'
        end,
        '/all/', stated.characteristic, '/', stated.group_code
    ) as base_people
from stated
left join core.workforce_group as workforce
    on
        stated.period_end = workforce.period_end
        and stated.level = workforce.level
        and stated.organisation_code = workforce.organisation_code
        and workforce.part = 'all'
        and stated.characteristic = workforce.characteristic
        and stated.group_code = workforce.group_code
left join core.observed_workforce as observed
    on
        stated.period_end = observed.period_end
        and stated.level = observed.level
        and stated.organisation_code = observed.organisation_code
        and observed.source = 'movers'
        and stated.characteristic = observed.characteristic
        and stated.group_code = observed.group_code
left join stated as leavers
    on
        stated.period_end = leavers.period_end
        and stated.level = leavers.level
        and stated.organisation_code = leavers.organisation_code
        and leavers.population = 'leavers'
        and stated.characteristic = leavers.characteristic
        and stated.group_code = leavers.group_code
left join recorded
    on
        stated.period_end = recorded.period_end
        and stated.level = recorded.level
        and stated.organisation_code = recorded.organisation_code

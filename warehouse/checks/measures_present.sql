-- Grain: one row for each registered measure and organisation that sent its source: whether it is there.
with
has_population as (
    select distinct
        organisation_code,
        characteristic
    from core.population
),

wanted as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        registered.standard,
        registered.indicator,
        registered.measure
    from core.coverage as coverage
    inner join registered
        on coverage.source = registered.source
    left join has_population
        on
            coverage.organisation_code = has_population.organisation_code
            and registered.indicator = has_population.characteristic
    where
        coverage.is_sent
        and coverage.period_end >= registered.valid_from
        and coverage.period_end <= registered.valid_to
        and (registered.standard <> 'CENSUS' or has_population.organisation_code is not null)
),

present as (
    select distinct
        period_end,
        level,
        organisation_code,
        standard,
        indicator,
        measure
    from decided
    where reason is null or reason <> 'MISSING_SOURCE'
)

select
    wanted.period_end,
    wanted.level,
    wanted.organisation_code,
    wanted.standard,
    wanted.indicator,
    wanted.measure,
    case when present.measure is null then 0 else 1 end as found,
    1 as expected
from wanted
left join present
    on
        wanted.period_end = present.period_end
        and wanted.level = present.level
        and wanted.organisation_code = present.organisation_code
        and wanted.standard = present.standard
        and wanted.indicator = present.indicator
        and wanted.measure = present.measure

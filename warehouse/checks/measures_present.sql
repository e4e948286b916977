-- Grain: one row for each registered measure and organisation that sent its sources: whether it is there.
-- A survey or a plan may hold some of the items only, so their measures need be there without counts.
-- The estimate over employers is wanted where two of them at least have counts.
with
has_population as (
    select distinct
        organisation_code,
        characteristic
    from core.population
),

has_strata as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        stratum.standard,
        stratum.indicator
    from core.membership as membership
    inner join decided as stratum
        on
            membership.period_end = stratum.period_end
            and membership.employer_code = stratum.organisation_code
    where
        membership.level <> 'employer'
        and stratum.level = 'employer'
        and stratum.measure = 'relative_likelihood'
        and stratum.numerator is not null
    group by
        membership.period_end,
        membership.level,
        membership.organisation_code,
        stratum.standard,
        stratum.indicator
    having count(*) > count(distinct stratum.part)
),

lacking as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        registered.standard,
        registered.indicator,
        registered.measure
    from core.coverage as coverage
    inner join registered
        on registered.needs like concat('%;', coverage.source, ';%')
    where not coverage.is_sent
),

wanted as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        registered.standard,
        registered.indicator,
        registered.measure,
        registered.source in ('survey', 'actions') as is_partial
    from core.coverage as coverage
    inner join registered
        on coverage.source = registered.source
    left join has_population
        on
            coverage.organisation_code = has_population.organisation_code
            and registered.indicator = has_population.characteristic
    left join has_strata
        on
            coverage.period_end = has_strata.period_end
            and coverage.level = has_strata.level
            and coverage.organisation_code = has_strata.organisation_code
            and registered.standard = has_strata.standard
            and registered.indicator = has_strata.indicator
    left join lacking
        on
            coverage.period_end = lacking.period_end
            and coverage.level = lacking.level
            and coverage.organisation_code = lacking.organisation_code
            and registered.standard = lacking.standard
            and registered.indicator = lacking.indicator
            and registered.measure = lacking.measure
    where
        coverage.is_sent
        and lacking.measure is null
        and coverage.period_end >= registered.valid_from
        and coverage.period_end <= registered.valid_to
        and (registered.standard <> 'CENSUS' or has_population.organisation_code is not null)
        and (registered.method <> 'mantel_haenszel' or has_strata.indicator is not null)
),

present as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        indicator,
        measure,
        max(case when reason is null or reason <> 'MISSING_SOURCE' then 1 else 0 end) as is_counted
    from decided
    group by period_end, level, organisation_code, standard, indicator, measure
)

select
    wanted.period_end,
    wanted.level,
    wanted.organisation_code,
    wanted.standard,
    wanted.indicator,
    wanted.measure,
    case
        when present.measure is null then 0
        when wanted.is_partial then 1
        else present.is_counted
    end as found,
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

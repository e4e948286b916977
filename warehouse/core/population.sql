-- Grain: one row for each organisation, area (or `boundary`: all its areas pooled), characteristic, group and base.
with
pooled_area as (
    select
        boundary.organisation_code,
        boundary.area_code,
        population.characteristic,
        population.group_code,
        population.base,
        cast(population.residents as bigint) as residents,
        cast(population.total_residents as bigint) as total_residents,
        cast(population.answered_residents as bigint) as answered_residents
    from reference.boundary as boundary
    inner join reference.census_population as population
        on boundary.area_code = population.area_code
    where boundary.is_pooled = '1'
)

select
    organisation_code,
    area_code,
    characteristic,
    group_code,
    base,
    residents,
    total_residents,
    answered_residents
from pooled_area
union all
select
    organisation_code,
    'boundary' as area_code,
    characteristic,
    group_code,
    base,
    cast(sum(residents) as bigint) as residents,
    cast(sum(total_residents) as bigint) as total_residents,
    cast(sum(answered_residents) as bigint) as answered_residents
from pooled_area
group by organisation_code, characteristic, group_code, base

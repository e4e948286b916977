-- Grain: one row for each snapshot, level, organisation, characteristic, area and base, measure, group and comparator.
-- The share of the workforce whose characteristic is known against that of the residents who answered
-- (in parts `...:all_staff` of all staff against that of all residents of the base): as a difference and
-- as a ratio (the representation index). Where no census table has an area's counts, one row says so.
with
white_minority as (
    select
        period_end,
        level,
        organisation_code,
        cast(sum(headcount) as bigint) as headcount
    from core.workforce_count
    where
        characteristic = 'ethnicity'
        and group_code = 'WHITE'
        and category_code <> 'A'
    group by period_end, level, organisation_code
),

staff as (
    select
        workforce.period_end,
        workforce.level,
        workforce.organisation_code,
        workforce.is_sent,
        workforce.characteristic,
        compared.group_code,
        workforce.part_headcount as everybody,
        case
            when compared.group_code = 'NOT_WHITE_BRITISH'
                then workforce.headcount + white_minority.headcount
            else workforce.headcount
        end as headcount
    from core.workforce_group as workforce
    inner join reference.census_group as compared
        on
            workforce.characteristic = compared.characteristic
            and workforce.group_code
            = case compared.group_code when 'NOT_WHITE_BRITISH' then 'BME' else compared.group_code end
    left join white_minority
        on
            workforce.period_end = white_minority.period_end
            and workforce.level = white_minority.level
            and workforce.organisation_code = white_minority.organisation_code
    where workforce.part = 'all'
),

area as (
    select
        organisation_code,
        area_code,
        characteristic,
        group_code,
        case base when 'ALL_RESIDENTS' then 'POPULATION' else 'POPULATION_16_PLUS' end as comparator_code,
        residents,
        answered_residents,
        total_residents
    from core.population
    union all
    select distinct
        population.organisation_code,
        'boundary' as area_code,
        compared.characteristic,
        compared.group_code,
        'POPULATION_16_PLUS' as comparator_code,
        cast(null as bigint) as residents,
        cast(null as bigint) as answered_residents,
        cast(null as bigint) as total_residents
    from core.population as population
    cross join reference.census_group as compared
    where compared.characteristic not in (select counted.characteristic from core.population as counted)
),

based as (
    select
        staff.*,
        area.area_code as part,
        area.comparator_code,
        area.residents,
        area.answered_residents as base_residents,
        declaration.known_headcount as base_headcount,
        concat('workforce/all/', staff.characteristic, '/KNOWN') as base_people
    from staff
    inner join area
        on
            staff.organisation_code = area.organisation_code
            and staff.characteristic = area.characteristic
            and staff.group_code = area.group_code
    inner join core.declaration as declaration
        on
            staff.period_end = declaration.period_end
            and staff.level = declaration.level
            and staff.organisation_code = declaration.organisation_code
            and staff.characteristic = declaration.characteristic
    union all
    select
        staff.*,
        concat(area.area_code, ':all_staff') as part,
        area.comparator_code,
        area.residents,
        area.total_residents as base_residents,
        staff.everybody as base_headcount,
        'workforce/all//ALL' as base_people
    from staff
    inner join area
        on
            staff.organisation_code = area.organisation_code
            and staff.characteristic = area.characteristic
            and staff.group_code = area.group_code
),

measured as (
    select 'difference_pp' as measure
    union all
    select 'ratio' as measure
)

select
    based.period_end,
    based.level,
    based.organisation_code,
    'CENSUS' as standard,
    based.characteristic as indicator,
    based.part,
    measured.measure,
    based.group_code,
    based.comparator_code,
    case when based.residents is not null then based.headcount end as numerator,
    case when based.residents is not null then based.base_headcount end as denominator,
    based.residents as comparator_numerator,
    based.base_residents as comparator_denominator,
    concat('workforce/all/', based.characteristic, '/', based.group_code) as numerator_people,
    based.base_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not based.is_sent or based.residents is null then 'MISSING_SOURCE' end as reason
from based
cross join measured

-- Grain: one row for each snapshot, level, organisation, characteristic, area and base, measure, group and comparator.
-- The share of the workforce whose characteristic is known (all staff in parts `...:all_staff`) against
-- that of the residents: as a difference and as a ratio (the representation index).
with
white_minority as (
    select
        period_end,
        level,
        organisation_code,
        cast(sum(headcount) as bigint) as headcount
    from core.workforce_count
    where
        part = 'all'
        and characteristic = 'ethnicity'
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
        workforce.group_code,
        workforce.headcount,
        concat('workforce/all/', workforce.characteristic, '/', workforce.group_code) as people
    from core.workforce_group as workforce
    where
        workforce.part = 'all'
        and workforce.group_code in ('BME', 'DISABLED', 'FEMALE')
    union all
    select
        workforce.period_end,
        workforce.level,
        workforce.organisation_code,
        workforce.is_sent,
        workforce.characteristic,
        'NOT_WHITE_BRITISH' as group_code,
        workforce.headcount + white_minority.headcount as headcount,
        'workforce/all/ethnicity/NOT_WHITE_BRITISH' as people
    from core.workforce_group as workforce
    left join white_minority
        on
            workforce.period_end = white_minority.period_end
            and workforce.level = white_minority.level
            and workforce.organisation_code = white_minority.organisation_code
    where workforce.part = 'all' and workforce.group_code = 'BME'
),

based as (
    select
        staff.*,
        '' as part_suffix,
        declaration.known_headcount as base_headcount,
        concat('workforce/all/', staff.characteristic, '/KNOWN') as base_people
    from staff
    inner join core.declaration as declaration
        on
            staff.period_end = declaration.period_end
            and staff.level = declaration.level
            and staff.organisation_code = declaration.organisation_code
            and staff.characteristic = declaration.characteristic
    union all
    select
        staff.*,
        ':all_staff' as part_suffix,
        declaration.headcount as base_headcount,
        'workforce/all//ALL' as base_people
    from staff
    inner join core.declaration as declaration
        on
            staff.period_end = declaration.period_end
            and staff.level = declaration.level
            and staff.organisation_code = declaration.organisation_code
            and staff.characteristic = declaration.characteristic
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
    concat(population.area_code, based.part_suffix) as part,
    measured.measure,
    based.group_code,
    case
        when population.base = 'ALL_RESIDENTS' then 'POPULATION' else 'POPULATION_16_PLUS'
    end as comparator_code,
    based.headcount as numerator,
    based.base_headcount as denominator,
    population.residents as comparator_numerator,
    population.total_residents as comparator_denominator,
    based.people as numerator_people,
    based.base_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not based.is_sent then 'MISSING_SOURCE' end as reason
from based
inner join core.population as population
    on
        based.organisation_code = population.organisation_code
        and based.characteristic = population.characteristic
        and based.group_code = population.group_code
cross join measured

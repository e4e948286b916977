-- Grain: one row for each snapshot, level, organisation, directorate or band group, characteristic and coarse group.
-- At most three groups a characteristic, and only of the months of the yearly publication. Directorates are
-- an employer's own; part `coarse` is everybody, where the coarse groups are others than those of part `all`.
with
listed as (
    select distinct
        characteristic,
        coarse_characteristic,
        coarse_group
    from reference.coarse_group
),

published as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        coverage.is_sent
    from core.coverage as coverage
    inner join reference.profile_month as profile_month
        on extract(month from coverage.period_end) = cast(profile_month.month as bigint)
    where coverage.source = 'esr_staff'
),

person as (
    select workforce.*
    from core.workforce as workforce
    inner join reference.profile_month as profile_month
        on extract(month from workforce.period_end) = cast(profile_month.month as bigint)
),

placed as (
    select
        person.period_end,
        person.level,
        person.organisation_code,
        person.person,
        concat('directorate:', directorate.directorate_name) as part
    from person
    inner join core.directorate as directorate
        on
            person.organisation_code = directorate.organisation_code
            and coalesce(person.directorate, '') = directorate.directorate
    where person.level = 'employer'
    union all
    select
        person.period_end,
        person.level,
        person.organisation_code,
        person.person,
        part.part
    from person
    inner join reference.workforce_part_row as part
        on
            person.side = part.side
            and person.band_code = part.band_code
            and part.part like 'cluster%'
    union all
    select
        period_end,
        level,
        organisation_code,
        person,
        'coarse' as part
    from person
),

part as (
    select distinct
        period_end,
        level,
        organisation_code,
        true as is_sent,
        part
    from placed
    where part like 'directorate:%'
    union all
    select
        published.period_end,
        published.level,
        published.organisation_code,
        published.is_sent,
        workforce_part.part
    from published
    cross join reference.workforce_part as workforce_part
    where workforce_part.part like 'cluster%'
    union all
    select
        period_end,
        level,
        organisation_code,
        is_sent,
        'coarse' as part
    from published
),

counted as (
    select
        placed.period_end,
        placed.level,
        placed.organisation_code,
        placed.part,
        coarse.coarse_characteristic,
        coarse.coarse_group,
        count(*) as headcount
    from placed
    inner join core.workforce_characteristic as characteristic
        on
            placed.period_end = characteristic.period_end
            and placed.level = characteristic.level
            and placed.organisation_code = characteristic.organisation_code
            and placed.person = characteristic.person
    inner join reference.coarse_group as coarse
        on
            characteristic.characteristic = coarse.characteristic
            and characteristic.group_code = coarse.group_code
    group by
        placed.period_end,
        placed.level,
        placed.organisation_code,
        placed.part,
        coarse.coarse_characteristic,
        coarse.coarse_group
)

select
    part.period_end,
    part.level,
    part.organisation_code,
    part.is_sent,
    part.part,
    listed.characteristic,
    listed.coarse_characteristic,
    listed.coarse_group as group_code,
    case when part.is_sent then cast(coalesce(counted.headcount, 0) as bigint) end as headcount,
    case
        when part.is_sent
            then cast(
                sum(coalesce(counted.headcount, 0)) over (
                    partition by
                        part.period_end,
                        part.level,
                        part.organisation_code,
                        part.part,
                        listed.characteristic
                ) as bigint
            )
    end as part_headcount
from part
cross join listed
left join counted
    on
        part.period_end = counted.period_end
        and part.level = counted.level
        and part.organisation_code = counted.organisation_code
        and part.part = counted.part
        and listed.coarse_characteristic = counted.coarse_characteristic
        and listed.coarse_group = counted.coarse_group
where part.part <> 'coarse' or listed.characteristic <> listed.coarse_characteristic

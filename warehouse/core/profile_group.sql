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

celled as (
    select
        counted.period_end,
        counted.level,
        counted.organisation_code,
        counted.side,
        counted.band_code,
        counted.directorate,
        coarse.coarse_characteristic,
        coarse.coarse_group,
        count(*) as headcount
    from core.counted_characteristic as counted
    inner join reference.profile_month as profile_month
        on extract(month from counted.period_end) = cast(profile_month.month as bigint)
    inner join reference.coarse_group as coarse
        on
            counted.characteristic = coarse.characteristic
            and counted.group_code = coarse.group_code
    where counted.measure = 'WORKFORCE'
    group by
        counted.period_end,
        counted.level,
        counted.organisation_code,
        counted.side,
        counted.band_code,
        counted.directorate,
        coarse.coarse_characteristic,
        coarse.coarse_group
),

placed as (
    select
        celled.period_end,
        celled.level,
        celled.organisation_code,
        concat('directorate:', directorate.directorate_name) as part,
        celled.coarse_characteristic,
        celled.coarse_group,
        celled.headcount
    from celled
    inner join core.directorate as directorate
        on
            celled.organisation_code = directorate.organisation_code
            and coalesce(celled.directorate, '') = directorate.directorate
    where celled.level = 'employer'
    union all
    select
        celled.period_end,
        celled.level,
        celled.organisation_code,
        part.part,
        celled.coarse_characteristic,
        celled.coarse_group,
        celled.headcount
    from celled
    inner join reference.workforce_part_row as part
        on
            celled.side = part.side
            and celled.band_code = part.band_code
            and part.part like 'cluster%'
    union all
    select
        period_end,
        level,
        organisation_code,
        'coarse' as part,
        coarse_characteristic,
        coarse_group,
        headcount
    from celled
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
        period_end,
        level,
        organisation_code,
        part,
        coarse_characteristic,
        coarse_group,
        sum(headcount) as headcount
    from placed
    group by period_end, level, organisation_code, part, coarse_characteristic, coarse_group
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

-- Grain: one row for each employer, snapshot, part of its staff and characteristic: who declared, and how that moved.
-- The parts are `all`, each directorate and each band group; subject and place name them in words. A joiner is in
-- the workforce of the employer and was not at the snapshot before: the newest of its snapshots in the twelve months
-- before, so that a quarter for which nothing was sent hides nothing. The columns of that snapshot are null where
-- there is none, and its counts too where the part had no staff then.
-- Of a year: each snapshot is set against the last one of the twelve months before it.
with
listed as (
    select distinct
        part.part,
        pay_row.label,
        cast(pay_row.band_order as integer) as band_order
    from reference.workforce_part_row as part
    inner join reference.pay_row as pay_row on part.band_code = pay_row.band_code
    where part.part like 'cluster%'
),

named as (
    select
        part,
        string_agg(label, ', ' order by band_order asc) as part_name
    from listed
    group by part
),

employer as (
    select distinct
        period_end,
        organisation_code
    from core.workforce
    where level = 'employer'
),

snapshot as (
    select
        now.period_end,
        now.organisation_code,
        max(earlier.period_end) as period_before
    from employer as now
    left join employer as earlier
        on
            now.organisation_code = earlier.organisation_code
            and now.period_end > earlier.period_end
            and now.period_end <= last_day(earlier.period_end + interval 12 month)
    group by now.period_end, now.organisation_code
),

person as (
    select
        counted.period_end,
        snapshot.period_before,
        counted.organisation_code,
        counted.characteristic,
        counted.person,
        counted.side,
        counted.band_code,
        coalesce(counted.directorate, '') as directorate,
        coalesce(counted.group_code <> 'UNKNOWN', true) as is_known,
        coalesce(counted.unknown_kind, '') as unknown_kind
    from core.counted_characteristic as counted
    inner join snapshot
        on
            counted.period_end = snapshot.period_end
            and counted.organisation_code = snapshot.organisation_code
    where counted.level = 'employer' and counted.measure = 'WORKFORCE'
),

compared as (
    select distinct
        period_before,
        organisation_code
    from snapshot
),

-- The people of snapshots that another one is compared with: of the others nobody is looked for.
person_before as (
    select
        person.period_end,
        person.organisation_code,
        person.characteristic,
        person.person,
        person.is_known
    from person
    inner join compared
        on
            person.period_end = compared.period_before
            and person.organisation_code = compared.organisation_code
),

-- People are counted once, by what places them in parts: the parts are sums of these.
cell as (
    select
        now.period_end,
        now.period_before,
        now.organisation_code,
        now.characteristic,
        now.side,
        now.band_code,
        now.directorate,
        count(*) as headcount,
        count(*) filter (where now.is_known) as known,
        count(*) filter (where not now.is_known and now.unknown_kind <> 'DECLINED') as never_asked,
        count(*) filter (where now.unknown_kind = 'DECLINED') as declined,
        count(*) filter (where earlier.person is null) as joiners,
        count(*) filter (where earlier.person is null and now.is_known) as joiners_known,
        count(*) filter (where earlier.is_known and not now.is_known) as known_to_unknown
    from person as now
    left join person_before as earlier
        on
            now.period_before = earlier.period_end
            and now.organisation_code = earlier.organisation_code
            and now.characteristic = earlier.characteristic
            and now.person = earlier.person
    group by
        now.period_end,
        now.period_before,
        now.organisation_code,
        now.characteristic,
        now.side,
        now.band_code,
        now.directorate
),

placed as (
    select
        cell.*,
        'all' as part,
        cast(null as varchar) as part_name
    from cell
    union all
    select
        cell.*,
        concat('directorate:', directorate.directorate_name) as part,
        directorate.directorate_name as part_name
    from cell
    inner join core.directorate as directorate
        on
            cell.organisation_code = directorate.organisation_code
            and cell.directorate = directorate.directorate
    union all
    select
        cell.*,
        concat('band_group:', part.part) as part,
        named.part_name
    from cell
    inner join reference.workforce_part_row as part
        on
            cell.side = part.side
            and cell.band_code = part.band_code
            and part.part like 'cluster%'
    inner join named on part.part = named.part
),

counted as (
    select
        period_end,
        period_before,
        organisation_code,
        part,
        part_name,
        characteristic,
        sum(headcount) as headcount,
        sum(known) as known,
        sum(never_asked) as never_asked,
        sum(declined) as declined,
        sum(joiners) as joiners,
        sum(joiners_known) as joiners_known,
        sum(known_to_unknown) as known_to_unknown
    from placed
    group by period_end, period_before, organisation_code, part, part_name, characteristic
)

select
    now.period_end,
    now.organisation_code,
    now.part,
    now.characteristic,
    replace(now.characteristic, '_', ' ') as characteristic_name,
    case
        when now.part_name is null then replace(now.characteristic, '_', ' ')
        else concat(replace(now.characteristic, '_', ' '), ' in ', now.part_name)
    end as subject,
    case when now.part_name is null then '' else concat(' in ', now.part_name) end as place,
    cast(now.headcount as bigint) as headcount,
    cast(now.known as bigint) as known,
    cast(now.never_asked as bigint) as never_asked,
    cast(now.declined as bigint) as declined,
    now.period_before,
    strftime(now.period_before, '%-d %B %Y') as day_before,
    cast(earlier.headcount as bigint) as headcount_before,
    cast(earlier.known as bigint) as known_before,
    cast(earlier.never_asked as bigint) as never_asked_before,
    cast(earlier.declined as bigint) as declined_before,
    case when now.period_before is not null then cast(now.joiners as bigint) end as joiners,
    case when now.period_before is not null then cast(now.joiners_known as bigint) end as joiners_known,
    case when now.period_before is not null then cast(now.known_to_unknown as bigint) end as known_to_unknown
from counted as now
left join counted as earlier
    on
        now.period_before = earlier.period_end
        and now.organisation_code = earlier.organisation_code
        and now.part = earlier.part
        and now.characteristic = earlier.characteristic

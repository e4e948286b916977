-- Grain: one row for each employer, snapshot and characteristic: who has declared, and how that moved.
-- A joiner is in the workforce of the employer and was not at the snapshot one quarter before. The columns
-- of the quarter before are null where the employer sent no staff records then.
with
person as (
    select
        period_end,
        last_day(period_end - interval 3 month) as period_before,
        organisation_code,
        characteristic,
        person,
        coalesce(group_code <> 'UNKNOWN', true) as is_known,
        coalesce(unknown_kind, '') as unknown_kind
    from core.counted_characteristic
    where level = 'employer' and measure = 'WORKFORCE'
),

counted as (
    select
        period_end,
        organisation_code,
        characteristic,
        count(*) as headcount,
        count(*) filter (where is_known) as known,
        count(*) filter (where not is_known and unknown_kind <> 'DECLINED') as never_asked,
        count(*) filter (where unknown_kind = 'DECLINED') as declined
    from person
    group by period_end, organisation_code, characteristic
),

moved as (
    select
        now.period_end,
        now.organisation_code,
        now.characteristic,
        count(*) filter (where earlier.person is null) as joiners,
        count(*) filter (where earlier.person is null and now.is_known) as joiners_known,
        count(*) filter (where earlier.is_known and not now.is_known) as known_to_unknown
    from person as now
    left join person as earlier
        on
            now.period_before = earlier.period_end
            and now.organisation_code = earlier.organisation_code
            and now.characteristic = earlier.characteristic
            and now.person = earlier.person
    group by now.period_end, now.organisation_code, now.characteristic
)

select
    now.period_end,
    now.organisation_code,
    now.characteristic,
    replace(now.characteristic, '_', ' ') as characteristic_name,
    cast(now.headcount as bigint) as headcount,
    cast(now.known as bigint) as known,
    cast(now.never_asked as bigint) as never_asked,
    cast(now.declined as bigint) as declined,
    earlier.period_end as period_before,
    cast(earlier.headcount as bigint) as headcount_before,
    cast(earlier.known as bigint) as known_before,
    cast(earlier.never_asked as bigint) as never_asked_before,
    cast(earlier.declined as bigint) as declined_before,
    case when earlier.period_end is not null then cast(moved.joiners as bigint) end as joiners,
    case when earlier.period_end is not null then cast(moved.joiners_known as bigint) end as joiners_known,
    case when earlier.period_end is not null then cast(moved.known_to_unknown as bigint) end as known_to_unknown
from counted as now
inner join moved
    on
        now.period_end = moved.period_end
        and now.organisation_code = moved.organisation_code
        and now.characteristic = moved.characteristic
left join counted as earlier
    on
        last_day(now.period_end - interval 3 month) = earlier.period_end
        and now.organisation_code = earlier.organisation_code
        and now.characteristic = earlier.characteristic

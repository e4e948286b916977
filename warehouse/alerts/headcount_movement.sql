-- Grain: one row for each employer and snapshot that sent movers; value: people whom movers do not explain.
-- Headcount is held against that of the newest snapshot in the twelve months before, which the movers file covers,
-- with the starters after that day up to this one and the leavers in between. Who starts or leaves on the very day
-- of a snapshot may stand in it or not.
with
headcount as (
    select
        period_end,
        organisation_code,
        count(*) as headcount
    from core.workforce
    where level = 'employer'
    group by period_end, organisation_code
),

compared as (
    select
        now.period_end,
        now.organisation_code,
        now.headcount,
        max(earlier.period_end) as period_before,
        max_by(earlier.headcount, earlier.period_end) as headcount_before
    from headcount as now
    inner join headcount as earlier
        on
            now.organisation_code = earlier.organisation_code
            and now.period_end > earlier.period_end
            and now.period_end <= last_day(earlier.period_end + interval 12 month)
    group by now.period_end, now.organisation_code, now.headcount
),

moved as (
    select
        compared.period_end,
        compared.organisation_code,
        compared.headcount,
        compared.period_before,
        compared.headcount_before,
        count(*) filter (
            where mover.movement = 'STARTER' and mover.movement_date > compared.period_before
        ) as starters,
        count(*) filter (
            where mover.movement = 'LEAVER' and mover.movement_date > compared.period_before
        ) as leavers,
        count(*) filter (
            where
            (mover.movement = 'STARTER' and mover.movement_date = compared.period_before)
            or (mover.movement = 'LEAVER' and mover.movement_date = compared.period_end)
        ) as more_at_most,
        count(*) filter (
            where
            (mover.movement = 'LEAVER' and mover.movement_date = compared.period_before)
            or (mover.movement = 'STARTER' and mover.movement_date = compared.period_end)
        ) as fewer_at_most
    from compared
    inner join core.coverage as coverage
        on
            compared.period_end = coverage.period_end
            and compared.organisation_code = coverage.organisation_code
            and coverage.level = 'employer'
            and coverage.source = 'movers'
            and coverage.is_sent
    left join staging.movers as mover
        on
            compared.period_end = mover.period_end
            and compared.organisation_code = mover.organisation_code
            and compared.period_before <= mover.movement_date
            and compared.period_end >= mover.movement_date
    group by
        compared.period_end,
        compared.organisation_code,
        compared.headcount,
        compared.period_before,
        compared.headcount_before
),

explained as (
    select
        *,
        headcount - headcount_before - starters + leavers as difference
    from moved
)

select
    period_end,
    organisation_code,
    cast(null as varchar) as characteristic,
    'all' as part,
    'headcount' as subject,
    cast(greatest(headcount, headcount_before) as bigint) as base,
    cast(null as bigint) as known,
    cast(headcount as bigint) as headcount,
    period_before,
    cast(greatest(difference - more_at_most, -difference - fewer_at_most, 0) as bigint) as value,
    cast(greatest(difference - more_at_most, -difference - fewer_at_most, 0) as bigint) as records_to_target,
    concat(
        headcount, ' staff, after ', headcount_before, ' at ', strftime(period_before, '%-d %B %Y'), '; ', starters,
        ' started and ', leavers, ' left, which does not explain ',
        greatest(difference - more_at_most, -difference - fewer_at_most, 0)
    ) as detail,
    cast(null as varchar) as aim
from explained

-- Grain: one row for each employer that ever sent a file and each snapshot, as the employer was then.
-- From July 2022 the staff of a sub-ICB location are its ICB's: once the ICB sends their records, only
-- those locations that send something themselves still stand for an employer.
-- Of all snapshots: an employer that ever sent a file stands at each.
with
employer as (
    select distinct organisation_code
    from ledger.load
    where status <> 'expired'
),

snapshot as (
    select distinct period_end
    from ledger.load
    where status <> 'expired'
),

sender as (
    select
        period_end,
        organisation_code,
        max(case when source = 'esr_staff' then 1 else 0 end) as sent_staff
    from ledger.load
    where status <> 'expired'
    group by period_end, organisation_code
)

select
    snapshot.period_end,
    organisation.organisation_code,
    organisation.organisation_name,
    organisation.kind,
    organisation.icb_code
from employer
cross join snapshot
inner join reference.organisation as organisation
    on
        employer.organisation_code = organisation.organisation_code
        and snapshot.period_end >= cast(organisation.valid_from as date)
        and snapshot.period_end <= cast(coalesce(organisation.valid_to, '9999-12-31') as date)
left join sender
    on
        snapshot.period_end = sender.period_end
        and organisation.organisation_code = sender.organisation_code
left join sender as board
    on
        snapshot.period_end = board.period_end
        and organisation.icb_code = board.organisation_code
where
    organisation.kind <> 'SUB_ICB'
    or sender.organisation_code is not null
    or coalesce(board.sent_staff, 0) = 0

-- Grain: one row for each employer that ever sent a file and each snapshot, as the employer was then.
with
employer as (
    select distinct organisation_code
    from ledger.load
),

snapshot as (
    select distinct period_end
    from ledger.load
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

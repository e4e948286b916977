-- Grain: one row for each snapshot, level, organisation and source: how many employers sent it.
-- The ICB's employers before July 2022 are all CCGs that it took in, whether they ever sent a file or not.
with
body as (
    select
        snapshot.period_end,
        organisation.icb_code,
        count(*) as bodies
    from (select distinct period_end from core.membership) as snapshot
    inner join reference.organisation as organisation
        on
            organisation.kind = 'CCG'
            and snapshot.period_end >= cast(organisation.valid_from as date)
            and snapshot.period_end <= cast(coalesce(organisation.valid_to, '9999-12-31') as date)
    group by snapshot.period_end, organisation.icb_code
),

landed as (
    select
        period_end,
        organisation_code,
        source
    from ledger.load
    where status = 'landed'
)

select
    membership.period_end,
    membership.level,
    membership.organisation_code,
    membership.organisation_name,
    source.source,
    case
        when membership.level = 'employer' then count(*)
        else sum(case when membership.employer_kind = 'TRUST' then 1 else 0 end) + greatest(
            sum(case when membership.employer_kind = 'TRUST' then 0 else 1 end),
            coalesce(max(body.bodies), 0)
        )
    end as employers,
    count(landed.source) as employers_sent,
    count(landed.source) > 0 as is_sent
from core.membership as membership
cross join reference.source as source
left join landed
    on
        membership.period_end = landed.period_end
        and membership.employer_code = landed.organisation_code
        and source.source = landed.source
left join body
    on
        membership.period_end = body.period_end
        and membership.organisation_code = body.icb_code
group by
    membership.period_end,
    membership.level,
    membership.organisation_code,
    membership.organisation_name,
    source.source

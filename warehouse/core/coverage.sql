-- Grain: one row for each snapshot, level, organisation and source: how many employers sent it.
with
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
    count(*) as employers,
    count(landed.source) as employers_sent,
    count(landed.source) > 0 as is_sent
from core.membership as membership
cross join reference.source as source
left join landed
    on
        membership.period_end = landed.period_end
        and membership.employer_code = landed.organisation_code
        and source.source = landed.source
group by
    membership.period_end,
    membership.level,
    membership.organisation_code,
    membership.organisation_name,
    source.source

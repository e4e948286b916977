-- Grain: one row for each snapshot, body and service scored in domain 1 of EDS 2022.
-- The middle service by total stands for the domain, the lower one of an even number; services of the
-- same total are taken in the order of their names. Where several services are scored and one of them
-- lacks an outcome, which one is in the middle cannot be told.
with
wanted as (
    select count(*) as outcomes
    from reference.eds_outcome
    where framework = 'EDS2022' and domain = '1'
),

scored as (
    select
        sent.period_end,
        sent.organisation_code,
        coalesce(sent.service, '') as service,
        count(distinct sent.outcome) as outcomes,
        sum(sent.score) as total
    from staging.eds as sent
    inner join reference.eds_outcome as listed
        on sent.framework = listed.framework and sent.outcome = listed.outcome
    where sent.framework = 'EDS2022' and listed.domain = '1' and sent.score is not null
    group by
        sent.period_end,
        sent.organisation_code,
        coalesce(sent.service, '')
),

ranked as (
    select
        period_end,
        organisation_code,
        service,
        outcomes,
        total,
        count(*) over (partition by period_end, organisation_code) as services,
        min(outcomes) over (partition by period_end, organisation_code) as fewest_outcomes,
        row_number() over (
            partition by period_end, organisation_code
            order by total asc, service asc
        ) as total_rank
    from scored
)

select
    ranked.period_end,
    ranked.organisation_code,
    ranked.service,
    ranked.services,
    coalesce(
        2 * ranked.total_rank in (ranked.services, ranked.services + 1)
        and (ranked.services = 1 or ranked.fewest_outcomes = wanted.outcomes),
        false
    ) as is_middle
from ranked
cross join wanted

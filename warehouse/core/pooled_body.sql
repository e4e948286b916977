-- Grain: one row for each snapshot, level, organisation and source: the bodies whose records are pooled.
-- Named by their forebears, so that the same people have the same name before and after a merger.
with
sent as (
    select distinct
        membership.period_end,
        membership.level,
        membership.organisation_code,
        received.source,
        forebear.body_code
    from core.membership as membership
    inner join ledger.load as received
        on
            membership.period_end = received.period_end
            and membership.employer_code = received.organisation_code
            and received.status = 'landed'
    inner join core.forebear as forebear
        on
            membership.period_end = forebear.period_end
            and membership.employer_code = forebear.organisation_code
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.organisation_name,
    coverage.source,
    cast(coverage.employers as bigint) as employers,
    cast(coverage.employers_sent as bigint) as employers_sent,
    coalesce(string_agg(sent.body_code, ' ' order by sent.body_code), '') as bodies
from core.coverage as coverage
left join sent
    on
        coverage.period_end = sent.period_end
        and coverage.level = sent.level
        and coverage.organisation_code = sent.organisation_code
        and coverage.source = sent.source
-- What a sender counted in its own extracts is pooled with nothing.
where coverage.source <> 'control_totals'
group by
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.organisation_name,
    coverage.source,
    coverage.employers,
    coverage.employers_sent

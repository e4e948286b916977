-- Grain: one row for each snapshot, kind of rule, code and measure: the rule in force then.
with
snapshot as (
    select distinct period_end
    from ledger.load
    where status <> 'expired'
),

ranked as (
    select
        snapshot.period_end,
        inclusion_rule.kind,
        inclusion_rule.code,
        inclusion_rule.measure,
        inclusion_rule.rule,
        row_number() over (
            partition by
                snapshot.period_end,
                inclusion_rule.kind,
                inclusion_rule.code,
                inclusion_rule.measure
            order by inclusion_rule.valid_from desc
        ) as newest
    from snapshot
    inner join reference.inclusion_rule as inclusion_rule
        on snapshot.period_end >= cast(inclusion_rule.valid_from as date)
)

select
    period_end,
    kind,
    code,
    measure,
    rule
from ranked
where newest = 1

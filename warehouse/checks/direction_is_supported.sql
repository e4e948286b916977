-- Grain: one row for each figure of which more is claimed than it supports; there should be none.
-- Parity is 1 for ratios and 0 for differences and gaps.
with
claimed as (
    select
        decided.*,
        case when decided.measure in ('relative_likelihood', 'ratio') then 1 else 0 end as parity
    from decided
    where decided.direction in ('adverse', 'favourable')
)

select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part
from claimed
where
    p_value is null
    or p_value > 0.05
    or ci_low is null
    or (ci_low < parity and ci_high > parity)

-- Grain: one row for each figure that lies outside its own interval; there should be none.
select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part
from decided
where
    ci_low > ci_high
    or ci_low > value
    or ci_high < value
    or (ci_low is null) <> (ci_high is null)
    or (ci_low is not null and value is null)

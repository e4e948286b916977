-- Grain: one row for each figure whose status and value contradict each other; there should be none.
select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part
from decided
where
    (status = 'ok' and (value is null or reason is not null))
    or (status <> 'ok' and (value is not null or reason is null))

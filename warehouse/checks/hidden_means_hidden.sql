-- Grain: one row for each published figure without a value that tells something all the same; there should be none.
select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part
from published
where
    (
        status <> 'ok'
        and (
            value is not null
            or ci_low is not null
            or ci_high is not null
            or p_value is not null
            or direction is not null
        )
    )
    or (status = 'suppressed' and reason <> 'SUPPRESSED')

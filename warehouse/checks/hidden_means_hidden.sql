-- Grain: one row for each published figure that tells something of what it hides; there should be none.
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
    or (disclosure = 'PERCENT_ONLY' and (ci_low is not null or ci_high is not null or p_value is not null))
    or (status = 'suppressed' and coalesce(reason, '') not in ('SUPPRESSED', 'DETAIL_NOT_PUBLISHED'))
    or (
        status <> 'suppressed'
        and (
            disclosure = 'SUPPRESSED'
            or (value is not null and disclosure <> 'PERCENT_ONLY' and (
                (numerator_people is not null and numerator is null)
                or (denominator_people is not null and denominator is null)
                or (comparator_numerator_people is not null and comparator_numerator is null)
                or (comparator_denominator_people is not null and comparator_denominator is null)
            ))
        )
    )

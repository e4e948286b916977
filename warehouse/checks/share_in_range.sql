-- Grain: one row for each share and rate that has a value.
-- People may have several cases, and more may start or leave in a year than are there at its end: such
-- rates have no upper end.
select
    standard,
    case
        when
            split_part(coalesce(numerator_people, ''), '/', 1) in (
                'disciplinary', 'capability_performance', 'capability_ill_health', 'starters', 'leavers'
            )
            then least(value, 100)
        else value
    end as value
from decided
where measure in ('share', 'rate') and value is not null

-- Grain: one row for each share and rate that has a value.
select value
from decided
where measure in ('share', 'rate') and value is not null

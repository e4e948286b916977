-- Grain: one row for each snapshot, level, organisation, side, band, characteristic, category and kind of unknown:
-- the people of the workforce, where there are any. Every count of the workforce is a sum of these.
select
    period_end,
    level,
    organisation_code,
    side,
    band_code,
    characteristic,
    group_code,
    category_code,
    unknown_kind,
    cast(count(*) as bigint) as headcount
from core.counted_characteristic
where measure = 'WORKFORCE'
group by
    period_end,
    level,
    organisation_code,
    side,
    band_code,
    characteristic,
    group_code,
    category_code,
    unknown_kind

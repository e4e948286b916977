-- Grain: one row for each figure with a value: the value, and what it is to the decimals of its registry file.
select
    decided.period_end,
    decided.level,
    decided.organisation_code,
    decided.standard,
    decided.indicator,
    decided.part,
    decided.value as found,
    round(decided.value, cast(registered.decimals as integer)) as expected
from decided
inner join registered
    on
        decided.standard = registered.standard
        and decided.indicator = registered.indicator
        and decided.measure = registered.measure
where decided.value is not null

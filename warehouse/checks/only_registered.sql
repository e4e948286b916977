-- Grain: one row for each figure that its registry file does not provide for; there should be none.
select
    decided.period_end,
    decided.level,
    decided.organisation_code,
    decided.standard,
    decided.indicator,
    decided.part
from decided
left join registered
    on
        decided.standard = registered.standard
        and decided.indicator = registered.indicator
        and decided.measure = registered.measure
        and decided.period_end >= registered.valid_from
        and decided.period_end <= registered.valid_to
left join registered_group
    on
        decided.standard = registered_group.standard
        and decided.indicator = registered_group.indicator
        and decided.group_code = registered_group.group_code
where registered.measure is null or registered_group.group_code is null

-- Grain: one row for each snapshot, level, organisation and characteristic: how many are known.
select
    unknown.period_end,
    unknown.level,
    unknown.organisation_code,
    unknown.characteristic,
    unknown.is_sent,
    unknown.part_headcount as headcount,
    unknown.headcount as unknown_headcount,
    unknown.part_headcount - unknown.headcount as known_headcount
from core.workforce_group as unknown
where unknown.part = 'all' and unknown.group_code = 'UNKNOWN'

-- Grain: one row for each snapshot, level, organisation, part of the board, measure and ethnic group.
-- The share of each group in the board, and its BME share against the workforce's.
select
    period_end,
    level,
    organisation_code,
    'WRES' as standard,
    '9' as indicator,
    part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    members as numerator,
    part_members as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('board/', part, '/ethnicity/', group_code) as numerator_people,
    concat('board/', part, '//ALL') as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from core.board_group
union all
select
    board.period_end,
    board.level,
    board.organisation_code,
    'WRES' as standard,
    '9' as indicator,
    board.part,
    'difference_pp' as measure,
    board.group_code,
    'WORKFORCE' as comparator_code,
    board.members as numerator,
    board.part_members as denominator,
    workforce.headcount as comparator_numerator,
    workforce.part_headcount as comparator_denominator,
    concat('board/', board.part, '/ethnicity/BME') as numerator_people,
    concat('board/', board.part, '//ALL') as denominator_people,
    'workforce/all/ethnicity/BME' as comparator_numerator_people,
    'workforce/all//ALL' as comparator_denominator_people,
    case
        when board.reason is not null then board.reason
        when not coalesce(workforce.is_sent, false) then 'MISSING_SOURCE'
    end as reason
from core.board_group as board
left join core.workforce_group as workforce
    on
        board.period_end = workforce.period_end
        and board.level = workforce.level
        and board.organisation_code = workforce.organisation_code
        and workforce.part = 'all'
        and workforce.characteristic = 'ethnicity'
        and workforce.group_code = 'BME'
where board.group_code = 'BME'

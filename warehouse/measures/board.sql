-- Grain: one row for each snapshot, level, organisation, indicator, part of the board, measure and group.
-- The share of each group in the board, and the share of one of them against the workforce's.
with
board as (
    select
        counted.period_end,
        counted.level,
        counted.organisation_code,
        comparison.standard,
        comparison.indicator,
        counted.part,
        counted.characteristic,
        counted.group_code,
        counted.members,
        counted.part_members,
        counted.reason,
        case when counted.group_code = comparison.group_code then comparison.comparator_code end as comparator_code,
        concat('board/', counted.part, '/', counted.characteristic, '/', counted.group_code) as members_people,
        concat('board/', counted.part, '//ALL') as part_people
    from core.board_group as counted
    inner join reference.comparison as comparison
        on
            counted.characteristic = comparison.characteristic
            and comparison.counted = 'board'
)

select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    members as numerator,
    part_members as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    members_people as numerator_people,
    part_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from board
union all
select
    board.period_end,
    board.level,
    board.organisation_code,
    board.standard,
    board.indicator,
    board.part,
    'difference_pp' as measure,
    board.group_code,
    board.comparator_code,
    board.members as numerator,
    board.part_members as denominator,
    workforce.headcount as comparator_numerator,
    workforce.part_headcount as comparator_denominator,
    board.members_people as numerator_people,
    board.part_people as denominator_people,
    concat('workforce/all/', board.characteristic, '/', board.group_code) as comparator_numerator_people,
    'workforce/all//ALL' as comparator_denominator_people,
    case
        when board.reason is not null then board.reason
        when not coalesce(workforce.is_sent, false) then 'MISSING_SOURCE'
    end as reason
from board
left join core.workforce_group as workforce
    on
        board.period_end = workforce.period_end
        and board.level = workforce.level
        and board.organisation_code = workforce.organisation_code
        and workforce.part = 'all'
        and board.characteristic = workforce.characteristic
        and board.group_code = workforce.group_code
where board.comparator_code is not null

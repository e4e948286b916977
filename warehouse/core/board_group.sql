-- Grain: one row for each snapshot, level, organisation, part of the board, characteristic and group.
-- Governing bodies are not additive: an ICB has a board of its own or none, so at level icb only the
-- board that the ICB itself sent counts, and a system has none.
with
board_part as (
    select 'all' as part
    union all
    select 'voting' as part
    union all
    select 'executive' as part
),

board_group as (
    select distinct
        characteristic,
        group_code
    from core.category
    where characteristic in ('ethnicity', 'disability')
),

has_board as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        case coverage.level
            when 'employer' then true
            when 'icb' then own.kind = 'ICB'
            else false
        end as is_own,
        case
            when coverage.level = 'employer' then coverage.is_sent else own_coverage.is_sent
        end as is_sent
    from core.coverage as coverage
    left join core.organisation as own
        on
            coverage.period_end = own.period_end
            and coverage.organisation_code = own.organisation_code
    left join core.coverage as own_coverage
        on
            coverage.period_end = own_coverage.period_end
            and coverage.organisation_code = own_coverage.organisation_code
            and own_coverage.level = 'employer'
            and own_coverage.source = 'board'
    where coverage.source = 'board'
),

member as (
    select
        period_end,
        organisation_code,
        is_voting,
        is_executive,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from staging.board
    union all
    select
        period_end,
        organisation_code,
        is_voting,
        is_executive,
        'disability' as characteristic,
        disability_key as received_key
    from staging.board
),

counted as (
    select
        member.period_end,
        member.organisation_code,
        board_part.part,
        value_list.characteristic,
        value_list.group_code,
        count(*) as members
    from member
    inner join board_part
        on
            board_part.part = 'all'
            or (board_part.part = 'voting' and member.is_voting)
            or (board_part.part = 'executive' and member.is_executive)
    inner join reference.characteristic_value as value_list
        on
            member.characteristic = value_list.characteristic
            and member.received_key = coalesce(value_list.received_key, '')
    group by
        member.period_end,
        member.organisation_code,
        board_part.part,
        value_list.characteristic,
        value_list.group_code
),

listed as (
    select
        has_board.period_end,
        has_board.level,
        has_board.organisation_code,
        board_part.part,
        board_group.characteristic,
        board_group.group_code,
        case
            when not coalesce(has_board.is_own, false) then 'NOT_ADDITIVE'
            when not coalesce(has_board.is_sent, false) then 'MISSING_SOURCE'
        end as reason,
        counted.members
    from has_board
    cross join board_part
    cross join board_group
    left join counted
        on
            has_board.period_end = counted.period_end
            and has_board.organisation_code = counted.organisation_code
            and board_part.part = counted.part
            and board_group.characteristic = counted.characteristic
            and board_group.group_code = counted.group_code
)

select
    period_end,
    level,
    organisation_code,
    part,
    characteristic,
    group_code,
    reason,
    case when reason is null then cast(coalesce(members, 0) as bigint) end as members,
    case
        when reason is null
            then cast(
                sum(coalesce(members, 0)) over (
                    partition by period_end, level, organisation_code, part, characteristic
                ) as bigint
            )
    end as part_members
from listed

-- Grain: one row for each figure that is one of several which add up to, or make up, another one.
-- The groups of a partition stand for their total by their first figure, whose base is everybody.
with
member as (
    select
        printed.row_number,
        min(printed.row_number) over (
            partition by
                printed.period_end, printed.level, printed.organisation_code, printed.standard, printed.indicator,
                printed.part
        ) as first_row
    from printed
    inner join registered
        on
            printed.standard = registered.standard
            and printed.indicator = registered.indicator
            and printed.figure_measure = registered.measure
    where registered.is_partition and printed.figure_measure = 'share'
),

pay_row as (
    select
        whole.row_number as total_row,
        part.row_number as child_row
    from printed as whole
    inner join printed as part
        on
            whole.period_end = part.period_end
            and whole.level = part.level
            and whole.organisation_code = part.organisation_code
            and whole.standard = part.standard
            and whole.indicator = part.indicator
            and whole.group_code = part.group_code
            and whole.figure_measure = part.figure_measure
            and split_part(whole.part, ':', 1) = split_part(part.part, ':', 1)
    where
        whole.standard = 'WRES'
        and whole.indicator = '1'
        and whole.figure_measure = 'share'
        and whole.part like '%:all'
        and part.part not like '%:all'
)

select
    first_row as relation_id,
    'groups' as kind,
    first_row as total_row,
    row_number as child_row
from member
union all
select
    -total_row as relation_id,
    'parts' as kind,
    total_row,
    child_row
from pay_row

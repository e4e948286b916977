-- Grain: one row for each snapshot, level, organisation, part of the workforce, characteristic and group.
-- Organisations that did not send their staff records have rows too, with is_sent false and no counts.
-- Pay rows are counted by the two characteristics that a standard asks for by pay row.
with
grouped as (
    select
        cell.period_end,
        cell.level,
        cell.organisation_code,
        part.part,
        cell.characteristic,
        cell.group_code,
        sum(cell.headcount) as headcount
    from core.workforce_cell as cell
    inner join reference.workforce_part_row as part
        on cell.side = part.side and cell.band_code = part.band_code
    where part.part = 'all' or cell.characteristic in ('ethnicity', 'disability')
    group by
        cell.period_end,
        cell.level,
        cell.organisation_code,
        part.part,
        cell.characteristic,
        cell.group_code
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.is_sent,
    part.part,
    listed.characteristic,
    listed.group_code,
    case when coverage.is_sent then cast(coalesce(grouped.headcount, 0) as bigint) end as headcount,
    case
        when coverage.is_sent
            then cast(
                sum(coalesce(grouped.headcount, 0)) over (
                    partition by
                        coverage.period_end,
                        coverage.level,
                        coverage.organisation_code,
                        part.part,
                        listed.characteristic
                ) as bigint
            )
    end as part_headcount
from core.coverage as coverage
cross join reference.workforce_part as part
cross join listed
left join grouped
    on
        coverage.period_end = grouped.period_end
        and coverage.level = grouped.level
        and coverage.organisation_code = grouped.organisation_code
        and part.part = grouped.part
        and listed.characteristic = grouped.characteristic
        and listed.group_code = grouped.group_code
where
    coverage.source = 'esr_staff'
    and (part.part = 'all' or listed.characteristic in ('ethnicity', 'disability'))

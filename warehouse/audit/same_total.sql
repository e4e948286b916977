-- Grain: one row for each total that differs from the one printed most of the same people.
with
total as (
    select
        row_number,
        organisation,
        period,
        population,
        printed_count
    from printed
    where is_total = 1 and part = 'all' and measure = '' and printed_count is not null
),

ranked as (
    select
        organisation,
        period,
        population,
        printed_count,
        min(row_number) as first_row,
        row_number() over (
            partition by organisation, period, population
            order by count(*) desc, min(row_number) asc
        ) as place
    from total
    group by organisation, period, population, printed_count
)

select
    'SAME_TOTAL' as code,
    total.row_number,
    cast(ranked.first_row as bigint) as other_row,
    cast(ranked.printed_count as bigint) as found
from total
inner join ranked
    on
        total.organisation = ranked.organisation
        and total.period = ranked.period
        and total.population = ranked.population
where ranked.place = 1 and total.printed_count <> ranked.printed_count

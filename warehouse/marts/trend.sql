-- Grain: one row for each figure with the same figure a quarter and a year before beside it.
-- Like with like: a figure before stands only where the same bodies had sent what it is made from (where not,
-- same_bodies is false) and where no break in the series lies between. Indicators over twelve months are to be
-- compared a year apart: quarters in between share cases.
with
needed as (
    select distinct
        indicator.standard,
        indicator.indicator,
        coverage.source
    from indicator
    inner join coverage
        on concat(', ', indicator.needs, ',') like concat('%, ', coverage.source, ',%')
),

made_from as (
    select
        needed.standard,
        needed.indicator,
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        string_agg(
            concat(coverage.source, ': ', coverage.bodies), '; ' order by coverage.source
        ) as bodies
    from needed
    inner join coverage
        on needed.source = coverage.source
    group by
        needed.standard,
        needed.indicator,
        coverage.period_end,
        coverage.level,
        coverage.organisation_code
),

comparable as (
    select
        now.standard,
        now.indicator,
        now.period_end,
        now.level,
        now.organisation_code,
        before.period_end as period_before,
        now.bodies = before.bodies as is_same_bodies,
        count(series_break.since) > 0 as is_broken
    from made_from as now
    inner join made_from as before
        on
            now.standard = before.standard
            and now.indicator = before.indicator
            and now.level = before.level
            and now.organisation_code = before.organisation_code
            and before.period_end in (
                last_day(cast(now.period_end - interval 3 month as date)),
                last_day(cast(now.period_end - interval 12 month as date))
            )
    left join series_break
        on
            now.standard = series_break.standard
            and now.indicator = series_break.indicator
            and before.period_end < series_break.since
            and now.period_end >= series_break.since
    group by
        now.standard,
        now.indicator,
        now.period_end,
        now.level,
        now.organisation_code,
        before.period_end,
        now.bodies,
        before.bodies
),

before as (
    select
        comparable.period_end as period_now,
        figure.period_end,
        figure.level,
        figure.organisation_code,
        figure.standard,
        figure.indicator,
        figure.part,
        figure.measure,
        figure.group_code,
        figure.comparator_code,
        comparable.is_same_bodies,
        case
            when comparable.is_same_bodies and not comparable.is_broken then figure.value
        end as value
    from comparable
    inner join figure
        on
            comparable.period_before = figure.period_end
            and comparable.level = figure.level
            and comparable.organisation_code = figure.organisation_code
            and comparable.standard = figure.standard
            and comparable.indicator = figure.indicator
)

select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.standard,
    figure.indicator,
    figure.part,
    figure.measure,
    figure.group_code,
    figure.comparator_code,
    figure.value,
    quarter_before.value as value_quarter_before,
    year_before.value as value_year_before,
    quarter_before.is_same_bodies as same_bodies_quarter_before,
    year_before.is_same_bodies as same_bodies_year_before,
    figure.status
from figure
left join before as quarter_before
    on
        figure.period_end = quarter_before.period_now
        and quarter_before.period_end = last_day(cast(figure.period_end - interval 3 month as date))
        and figure.level = quarter_before.level
        and figure.organisation_code = quarter_before.organisation_code
        and figure.standard = quarter_before.standard
        and figure.indicator = quarter_before.indicator
        and figure.part = quarter_before.part
        and figure.measure = quarter_before.measure
        and figure.group_code = quarter_before.group_code
        and coalesce(figure.comparator_code, '') = coalesce(quarter_before.comparator_code, '')
left join before as year_before
    on
        figure.period_end = year_before.period_now
        and year_before.period_end = last_day(cast(figure.period_end - interval 12 month as date))
        and figure.level = year_before.level
        and figure.organisation_code = year_before.organisation_code
        and figure.standard = year_before.standard
        and figure.indicator = year_before.indicator
        and figure.part = year_before.part
        and figure.measure = year_before.measure
        and figure.group_code = year_before.group_code
        and coalesce(figure.comparator_code, '') = coalesce(year_before.comparator_code, '')

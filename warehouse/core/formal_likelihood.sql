-- Grain: one row for each snapshot, level, organisation, indicator, part and group of staff.
-- Formal cases of the group, of its headcount: of two years over twice the headcount, of the year to the
-- snapshot, and of the window that the year asks for.
with
year_window as (
    select
        'one_year' as window_part,
        1 as years
    union all
    select
        'two_year' as window_part,
        2 as years
),

rule_of_snapshot as (
    select
        snapshot.period_end,
        window_rule.standard,
        window_rule.indicator,
        cast(window_rule.years as integer) as years,
        row_number() over (
            partition by snapshot.period_end, window_rule.standard, window_rule.indicator
            order by window_rule.valid_from desc
        ) as newest
    from (select distinct period_end from core.membership) as snapshot
    inner join reference.window_rule as window_rule
        on snapshot.period_end >= cast(window_rule.valid_from as date)
),

shown as (
    select
        rule_of_snapshot.period_end,
        comparison.standard,
        comparison.indicator,
        case when comparison.part = 'all' then year_window.window_part else comparison.part end as part,
        comparison.characteristic,
        comparison.group_code,
        comparison.comparator_code,
        comparison.counted,
        year_window.window_part,
        year_window.years,
        rule_of_snapshot.years = year_window.years as is_asked_for
    from rule_of_snapshot
    inner join reference.comparison as comparison
        on
            rule_of_snapshot.standard = comparison.standard
            and rule_of_snapshot.indicator = comparison.indicator
    cross join year_window
    where rule_of_snapshot.newest = 1
),

figure as (
    select
        period_end,
        standard,
        indicator,
        part,
        characteristic,
        group_code,
        comparator_code,
        counted,
        window_part,
        years
    from shown
    where part = window_part or is_asked_for
    union all
    select
        period_end,
        standard,
        indicator,
        'all' as part,
        characteristic,
        group_code,
        comparator_code,
        counted,
        window_part,
        years
    from shown
    where part = window_part and is_asked_for
),

counted as (
    select
        formal_case.period_end,
        formal_case.level,
        formal_case.organisation_code,
        lower(formal_case.case_type) as counted,
        formal_case.characteristic,
        formal_case.group_code,
        count(*) as two_year,
        sum(case when formal_case.is_of_last_year then 1 else 0 end) as one_year
    from core.formal_case as formal_case
    group by
        formal_case.period_end,
        formal_case.level,
        formal_case.organisation_code,
        formal_case.case_type,
        formal_case.characteristic,
        formal_case.group_code
)

select
    staff.period_end,
    staff.level,
    staff.organisation_code,
    figure.standard,
    figure.indicator,
    figure.part,
    staff.group_code,
    staff.group_code = figure.group_code as is_compared,
    staff.group_code = figure.comparator_code as is_comparator,
    case
        when staff.is_sent
            then cast(
                coalesce(case when figure.years = 2 then counted.two_year else counted.one_year end, 0) as bigint
            )
    end as events,
    cast(staff.headcount * figure.years as bigint) as base,
    concat(
        figure.counted, '/', figure.window_part, '/', staff.characteristic, '/', staff.group_code
    ) as events_people,
    concat(
        case when figure.years = 2 then 'workforce_two_year:' else 'workforce:' end,
        staff.source,
        staff.people
    ) as base_people,
    case when not staff.is_sent then 'MISSING_SOURCE' end as reason
from core.observed_workforce as staff
inner join figure
    on
        staff.period_end = figure.period_end
        and staff.characteristic = figure.characteristic
        and staff.source = 'employee_relations'
left join counted
    on
        staff.period_end = counted.period_end
        and staff.level = counted.level
        and staff.organisation_code = counted.organisation_code
        and figure.counted = counted.counted
        and staff.characteristic = counted.characteristic
        and staff.group_code = counted.group_code

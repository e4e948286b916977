-- Grain: one row for each figure with the same figure a quarter and a year before beside it.
-- Indicators over twelve months are to be compared a year apart: quarters in between share cases.
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
    figure.status
from figure
left join figure as quarter_before
    on
        quarter_before.period_end = last_day(cast(figure.period_end - interval 3 month as date))
        and figure.level = quarter_before.level
        and figure.organisation_code = quarter_before.organisation_code
        and figure.standard = quarter_before.standard
        and figure.indicator = quarter_before.indicator
        and figure.part = quarter_before.part
        and figure.measure = quarter_before.measure
        and figure.group_code = quarter_before.group_code
        and coalesce(figure.comparator_code, '') = coalesce(quarter_before.comparator_code, '')
left join figure as year_before
    on
        year_before.period_end = last_day(cast(figure.period_end - interval 12 month as date))
        and figure.level = year_before.level
        and figure.organisation_code = year_before.organisation_code
        and figure.standard = year_before.standard
        and figure.indicator = year_before.indicator
        and figure.part = year_before.part
        and figure.measure = year_before.measure
        and figure.group_code = year_before.group_code
        and coalesce(figure.comparator_code, '') = coalesce(year_before.comparator_code, '')

-- Grain: one row for each snapshot, level, organisation, characteristic, group, area and base, and census base.
-- The share of staff and of residents, their difference in percentage points and their ratio.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator as characteristic,
    figure.group_code,
    figure.part as area,
    figure.comparator_code as census_base,
    max(figure.numerator) as staff_in_group,
    max(figure.denominator) as staff_base,
    max(figure.comparator_numerator) as residents_in_group,
    max(figure.comparator_denominator) as residents,
    max(case when figure.measure = 'difference_pp' then figure.value end) as difference_pp,
    max(case when figure.measure = 'difference_pp' then figure.ci_low end) as difference_ci_low,
    max(case when figure.measure = 'difference_pp' then figure.ci_high end) as difference_ci_high,
    max(case when figure.measure = 'ratio' then figure.value end) as representation_index,
    max(case when figure.measure = 'difference_pp' then figure.direction end) as direction,
    max(figure.status) as status
from figure
where figure.standard = 'CENSUS'
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    figure.group_code,
    figure.part,
    figure.comparator_code

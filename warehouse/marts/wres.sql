-- Grain: one row for each snapshot, level, organisation, WRES indicator and part.
-- The shares (or likelihoods, or answers to the survey) of each ethnic group side by side, with the difference or
-- relative likelihood, and for a pooled one the Mantel-Haenszel estimate over its employers.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    split_part(figure.part, ':mantel', 1) as part,
    max(case when figure.group_code = 'WHITE' and figure.measure in ('share', 'rate') then figure.numerator end)
        as white_count,
    max(case when figure.group_code = 'BME' and figure.measure in ('share', 'rate') then figure.numerator end)
        as bme_count,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.numerator end)
        as unknown_count,
    max(case when figure.group_code = 'WHITE' and figure.measure in ('share', 'rate') then figure.denominator end)
        as white_base,
    max(case when figure.group_code = 'BME' and figure.measure in ('share', 'rate') then figure.denominator end)
        as bme_base,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.denominator end)
        as unknown_base,
    max(case when figure.group_code = 'WHITE' and figure.measure in ('share', 'rate') then figure.value end)
        as white_percent,
    max(case when figure.group_code = 'BME' and figure.measure in ('share', 'rate') then figure.value end)
        as bme_percent,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.value end)
        as unknown_percent,
    max(case when figure.measure = 'difference_pp' then figure.value end) as difference_pp,
    max(case when figure.measure = 'relative_likelihood' then figure.value end)
        as relative_likelihood,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.ci_low end)
        as ci_low,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.ci_high end)
        as ci_high,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.p_value end)
        as p_value,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.direction end)
        as direction,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.status end)
        as comparison_status,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.reason end)
        as comparison_reason,
    max(case when figure.measure = 'ratio' then figure.value end) as mantel_haenszel
from figure
where figure.standard = 'WRES'
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    split_part(figure.part, ':mantel', 1)

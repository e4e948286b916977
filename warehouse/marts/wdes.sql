-- Grain: one row for each snapshot, level, organisation, WDES metric and part.
-- The shares (or likelihoods, answers to the survey, scores) of disabled and non-disabled staff side by side, with
-- the difference or relative likelihood, and for a pooled one the Mantel-Haenszel estimate over its employers.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    split_part(figure.part, ':mantel', 1) as part,
    max(case when figure.group_code = 'DISABLED' and figure.measure in ('share', 'rate') then figure.numerator end)
        as disabled_count,
    max(case when figure.group_code = 'NON_DISABLED' and figure.measure in ('share', 'rate') then figure.numerator end)
        as non_disabled_count,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.numerator end)
        as unknown_count,
    max(case when figure.group_code = 'DISABLED' and figure.measure in ('share', 'rate') then figure.denominator end)
        as disabled_base,
    max(
        case
            when figure.group_code = 'NON_DISABLED' and figure.measure in ('share', 'rate')
                then figure.denominator
        end
    )
        as non_disabled_base,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.denominator end)
        as unknown_base,
    max(case when figure.group_code = 'DISABLED' and figure.measure in ('share', 'rate') then figure.value end)
        as disabled_percent,
    max(case when figure.group_code = 'NON_DISABLED' and figure.measure in ('share', 'rate') then figure.value end)
        as non_disabled_percent,
    max(case when figure.group_code = 'UNKNOWN' and figure.measure in ('share', 'rate') then figure.value end)
        as unknown_percent,
    max(case when figure.group_code = 'DISABLED' and figure.measure = 'score' then figure.value end)
        as disabled_score,
    max(case when figure.group_code = 'NON_DISABLED' and figure.measure = 'score' then figure.value end)
        as non_disabled_score,
    max(case when figure.group_code = 'ALL' and figure.measure = 'score' then figure.value end)
        as overall_score,
    max(case when figure.measure = 'count' then figure.value end) as actions,
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
where figure.standard = 'WDES'
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    split_part(figure.part, ':mantel', 1)

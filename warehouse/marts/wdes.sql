-- Grain: one row for each snapshot, level, organisation, WDES metric and part.
-- The shares (or likelihoods) of disabled and non-disabled staff side by side, with the gap or relative likelihood.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    figure.part,
    max(case when figure.group_code = 'DISABLED' and figure.measure in ('share', 'rate') then figure.numerator end)
        as disabled_count,
    max(case when figure.group_code = 'NON_DISABLED' and figure.measure in ('share', 'rate') then figure.numerator end)
        as non_disabled_count,
    max(case when figure.group_code = 'DISABLED' and figure.measure in ('share', 'rate') then figure.value end)
        as disabled_percent,
    max(case when figure.group_code = 'NON_DISABLED' and figure.measure in ('share', 'rate') then figure.value end)
        as non_disabled_percent,
    max(case when figure.measure = 'difference_pp' then figure.value end) as difference_pp,
    max(case when figure.measure = 'relative_likelihood' then figure.value end)
        as relative_likelihood,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.direction end)
        as direction,
    max(case when figure.measure in ('difference_pp', 'relative_likelihood') then figure.status end)
        as comparison_status
from figure
where figure.standard = 'WDES'
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator,
    figure.part

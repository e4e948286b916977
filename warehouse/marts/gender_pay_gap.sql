-- Grain: one row for each snapshot, level and organisation.
-- The figures of the gender pay gap regulations side by side; positive gaps mean that men are paid more.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    max(case when figure.indicator = 'mean_hourly' then figure.value end) as mean_hourly_gap_percent,
    max(case when figure.indicator = 'median_hourly' then figure.value end)
        as median_hourly_gap_percent,
    max(case when figure.indicator = 'mean_bonus' then figure.value end) as mean_bonus_gap_percent,
    max(case when figure.indicator = 'median_bonus' then figure.value end)
        as median_bonus_gap_percent
from figure
where figure.standard = 'GPG' and figure.part = 'all'
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name

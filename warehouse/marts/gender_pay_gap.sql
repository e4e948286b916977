-- Grain: one row for each snapshot, level and organisation.
-- The figures of the gender pay gap regulations side by side; positive gaps mean that men are paid more.
-- is_illustrative: pooled before there was a body to employ all these people, so nobody's statutory figure.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.part = 'illustrative' as is_illustrative,
    max(case when figure.indicator = 'mean_hourly' then figure.numerator end) as men_on_full_pay,
    max(case when figure.indicator = 'mean_hourly' then figure.comparator_numerator end)
        as women_on_full_pay,
    max(case when figure.indicator = 'mean_hourly' then figure.value end) as mean_hourly_gap_percent,
    max(case when figure.indicator = 'median_hourly' then figure.value end)
        as median_hourly_gap_percent,
    max(case when figure.indicator = 'mean_bonus' then figure.value end) as mean_bonus_gap_percent,
    max(case when figure.indicator = 'median_bonus' then figure.value end)
        as median_bonus_gap_percent,
    max(case when figure.indicator = 'bonus_share' and figure.group_code = 'MALE' then figure.value end)
        as men_paid_bonus_percent,
    max(case when figure.indicator = 'bonus_share' and figure.group_code = 'FEMALE' then figure.value end)
        as women_paid_bonus_percent,
    max(case when figure.indicator = 'quarter_1' and figure.group_code = 'MALE' then figure.value end)
        as men_in_lower_quarter_percent,
    max(case when figure.indicator = 'quarter_1' and figure.group_code = 'FEMALE' then figure.value end)
        as women_in_lower_quarter_percent,
    max(case when figure.indicator = 'quarter_2' and figure.group_code = 'MALE' then figure.value end)
        as men_in_lower_middle_quarter_percent,
    max(case when figure.indicator = 'quarter_2' and figure.group_code = 'FEMALE' then figure.value end)
        as women_in_lower_middle_quarter_percent,
    max(case when figure.indicator = 'quarter_3' and figure.group_code = 'MALE' then figure.value end)
        as men_in_upper_middle_quarter_percent,
    max(case when figure.indicator = 'quarter_3' and figure.group_code = 'FEMALE' then figure.value end)
        as women_in_upper_middle_quarter_percent,
    max(case when figure.indicator = 'quarter_4' and figure.group_code = 'MALE' then figure.value end)
        as men_in_upper_quarter_percent,
    max(case when figure.indicator = 'quarter_4' and figure.group_code = 'FEMALE' then figure.value end)
        as women_in_upper_quarter_percent,
    max(case when figure.indicator = 'median_hourly' then figure.status end) as median_hourly_status,
    max(case when figure.indicator = 'median_hourly' then figure.reason end) as median_hourly_reason
from figure
where figure.standard = 'GPG' and figure.part in ('all', 'illustrative')
group by
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.part

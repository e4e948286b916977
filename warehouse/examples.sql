-- Twenty questions that the data teams of an integrated care system ask of the published database, each with its query.
-- They run as they are against published/equality.duckdb, opened read-only. "The newest snapshot" is the latest in the
-- file; "the ICB" is its commissioning bodies pooled, each person once. A value that is missing is hidden to protect
-- people or cannot be told: the columns status and reason say which.

-- 1. Whose figures are in this release, for which snapshots, and how many of them have a value?
select
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    min(figure.period_end) as first_snapshot,
    max(figure.period_end) as newest_snapshot,
    sum(case when figure.status = 'ok' then 1 else 0 end) as figures_with_a_value,
    count(*) as figures
from figure
group by figure.level, figure.organisation_code, figure.organisation_name
order by figure.level, figure.organisation_code, newest_snapshot;

-- 2. What are the nine WRES indicators of the ICB at the newest snapshot, and what may be claimed?
select
    wres.indicator,
    indicator.title,
    wres.part,
    wres.white_percent,
    wres.bme_percent,
    wres.difference_pp,
    wres.relative_likelihood,
    wres.ci_low,
    wres.ci_high,
    wres.direction,
    wres.comparison_status
from wres
inner join indicator
    on wres.indicator = indicator.indicator
where
    indicator.standard = 'WRES'
    and indicator.measure in ('difference_pp', 'relative_likelihood')
    and wres.level = 'icb'
    and wres.part in ('all', 'clinical:all', 'non_clinical:all', 'medical:all', 'voting', 'executive')
    and wres.period_end = (select max(newest.period_end) from wres as newest)
order by wres.indicator, wres.part;

-- 3. Are White applicants more likely to be appointed from shortlisting than BME applicants, employer by employer?
-- The likelihood of each group is shown where its count is not hidden; "comparison_status" says why there is no ratio.
select
    wres.period_end,
    wres.level,
    wres.organisation_name,
    wres.white_percent as white_appointed_percent,
    wres.bme_percent as bme_appointed_percent,
    wres.relative_likelihood,
    wres.ci_low,
    wres.ci_high,
    wres.direction,
    wres.comparison_status
from wres
where wres.indicator = '2' and wres.part = 'all'
order by wres.level, wres.organisation_code, wres.period_end;

-- 4. In the staff survey, where does the experience of BME staff differ from that of White staff (WRES 5 to 8)?
select
    wres.level,
    wres.organisation_name,
    wres.indicator,
    wres.white_percent,
    wres.bme_percent,
    wres.difference_pp,
    wres.p_value,
    wres.direction
from wres
where
    wres.indicator in ('5', '6', '7', '8')
    and wres.comparison_status = 'ok'
    and wres.period_end = (select max(newest.period_end) from wres as newest)
order by wres.level, wres.organisation_code, wres.indicator;

-- 5. Which WDES metrics are adverse for disabled staff, and by how much?
select
    wdes.period_end,
    wdes.level,
    wdes.organisation_name,
    wdes.indicator,
    wdes.disabled_percent,
    wdes.non_disabled_percent,
    wdes.difference_pp,
    wdes.relative_likelihood,
    wdes.p_value
from wdes
where wdes.direction = 'adverse'
order by wdes.level, wdes.organisation_code, wdes.period_end, wdes.indicator, wdes.part;

-- 6. What is the median gender pay gap of each employer, beside the median of all NHS employers that filed?
select
    gender_pay_gap.period_end,
    gender_pay_gap.organisation_code,
    gender_pay_gap.organisation_name,
    gender_pay_gap.median_hourly_gap_percent,
    benchmark.value as nhs_median,
    benchmark.organisations as nhs_employers,
    gender_pay_gap.median_hourly_status
from gender_pay_gap
left join benchmark
    on
        gender_pay_gap.period_end = benchmark.period_end
        and benchmark.standard = 'GPG'
        and benchmark.indicator = 'median_hourly'
        and benchmark.peer_group = 'NHS_EMPLOYERS'
where gender_pay_gap.level = 'employer'
order by gender_pay_gap.period_end, gender_pay_gap.organisation_code;

-- 7. What share of each quarter of pay are women, the lowest paid quarter first?
select
    figure.organisation_name,
    figure.indicator as pay_quarter,
    figure.value as women_percent,
    figure.status
from figure
where
    figure.standard = 'GPG'
    and figure.indicator in ('quarter_1', 'quarter_2', 'quarter_3', 'quarter_4')
    and figure.group_code = 'FEMALE'
    and figure.part = 'all'
    and figure.level = 'employer'
    and figure.period_end = (select max(newest.period_end) from figure as newest)
order by figure.organisation_code, figure.indicator;

-- 8. How many staff does each body have, snapshot by snapshot?
select distinct
    workforce_profile.level,
    workforce_profile.organisation_code,
    workforce_profile.organisation_name,
    workforce_profile.period_end,
    workforce_profile.all_staff
from workforce_profile
where
    workforce_profile.characteristic = 'sex'
    and workforce_profile.part = 'all'
    and workforce_profile.all_staff is not null
order by workforce_profile.level, workforce_profile.organisation_code, workforce_profile.period_end;

-- 9. What share of staff in each body is Black and minority ethnic, White, or of unknown ethnicity?
select
    workforce_profile.level,
    workforce_profile.organisation_name,
    workforce_profile.category,
    workforce_profile.headcount,
    workforce_profile.all_staff,
    workforce_profile.percent_of_staff,
    workforce_profile.status
from workforce_profile
where
    workforce_profile.characteristic = 'ethnicity'
    and workforce_profile.part = 'all'
    and workforce_profile.period_end = (select max(newest.period_end) from workforce_profile as newest)
order by workforce_profile.level, workforce_profile.organisation_code, workforce_profile.category;

-- 10. In which pay bands of the ICB and its employers are BME staff fewer than in the workforce as a whole (WRES 1)?
select
    wres.organisation_name,
    wres.part as pay_row,
    wres.bme_percent,
    wres.difference_pp as against_whole_workforce,
    wres.direction,
    wres.comparison_status
from wres
where
    wres.indicator = '1'
    and wres.part <> 'all'
    and wres.period_end = (select max(newest.period_end) from wres as newest)
order by wres.level, wres.organisation_code, wres.part;

-- 11. Do the ICB's staff look like the people it serves? Ethnicity of staff against residents of its whole area.
select
    census_comparison.group_code,
    census_comparison.census_base,
    census_comparison.staff_in_group,
    census_comparison.staff_base,
    census_comparison.residents_in_group,
    census_comparison.residents,
    census_comparison.difference_pp,
    census_comparison.representation_index,
    census_comparison.direction
from census_comparison
where
    census_comparison.level = 'icb'
    and census_comparison.characteristic = 'ethnicity'
    and census_comparison.area = 'boundary:all_staff'
    and census_comparison.period_end = (select max(newest.period_end) from census_comparison as newest)
order by census_comparison.group_code, census_comparison.census_base;

-- 12. Against which local authorities does the share of BME staff fall short, or exceed, the most?
select
    census_comparison.organisation_name,
    census_comparison.area,
    census_comparison.difference_pp,
    census_comparison.difference_ci_low,
    census_comparison.difference_ci_high,
    census_comparison.direction
from census_comparison
where
    census_comparison.characteristic = 'ethnicity'
    and census_comparison.group_code = 'BME'
    and census_comparison.census_base = 'POPULATION'
    and census_comparison.status = 'ok'
    and census_comparison.period_end = (select max(newest.period_end) from census_comparison as newest)
order by
    census_comparison.difference_pp, census_comparison.organisation_code, census_comparison.level,
    census_comparison.area;

-- 13. Which employers know the ethnicity or disability of fewer than 95% of their staff?
select
    declaration_rate.organisation_code,
    declaration_rate.organisation_name,
    declaration_rate.characteristic,
    declaration_rate.known,
    declaration_rate.headcount,
    declaration_rate.rate
from declaration_rate
where
    declaration_rate.level = 'employer'
    and declaration_rate.characteristic in ('ethnicity', 'disability')
    and declaration_rate.band = 'below 95%'
    and declaration_rate.period_end = (select max(newest.period_end) from declaration_rate as newest)
order by declaration_rate.rate, declaration_rate.organisation_code, declaration_rate.characteristic;

-- 14. How has the share of ICB staff whose characteristics are known moved from snapshot to snapshot?
select
    declaration_rate.characteristic,
    declaration_rate.period_end,
    declaration_rate.rate,
    declaration_rate.band,
    declaration_rate.status
from declaration_rate
where declaration_rate.level = 'icb'
order by declaration_rate.characteristic, declaration_rate.period_end;

-- 15. Which WRES and WDES figures stand beside their own of a year before, from the same bodies?
-- The change is what the numbers do; it may be chance, since the view tests nothing.
select
    trend.organisation_name,
    trend.level,
    trend.standard,
    trend.indicator,
    trend.part,
    trend.measure,
    trend.group_code,
    trend.value_year_before,
    trend.value,
    round(trend.value - trend.value_year_before, 1) as change
from trend
where
    trend.standard in ('WRES', 'WDES')
    and trend.value is not null
    and trend.value_year_before is not null
order by
    trend.organisation_code, trend.level, trend.standard, trend.indicator, trend.part, trend.measure, trend.group_code,
    trend.period_end;

-- 16. What may be claimed of each standard at the newest snapshot: how many are favourable, adverse, too small?
select
    figure.standard,
    figure.level,
    figure.direction,
    count(*) as figures
from figure
where
    figure.status = 'ok'
    and figure.period_end = (select max(newest.period_end) from figure as newest)
group by figure.standard, figure.level, figure.direction
order by figure.standard, figure.level, figure.direction;

-- 17. How much is hidden or cannot be told, standard by standard, and why?
select
    figure.standard,
    figure.status,
    coalesce(figure.reason, 'has a value') as reason,
    count(*) as figures
from figure
where figure.level = 'icb'
group by figure.standard, figure.status, figure.reason
order by figure.standard, figure.status, figure.reason;

-- 18. Whose extracts are missing or were rejected at the newest snapshot, so that we can ask for them?
select
    load.organisation_code,
    load.organisation_name,
    load.source,
    load.status
from load
where
    load.status in ('missing', 'rejected')
    and load.period_end = (select max(newest.period_end) from load as newest)
order by load.organisation_code, load.source;

-- 19. Which reports and duties of the law are late, missing, or published without an address?
select
    figure.organisation_name,
    indicator.title,
    figure.group_code as state,
    figure.value as documents
from figure
inner join indicator
    on
        figure.standard = indicator.standard
        and figure.indicator = indicator.indicator
        and figure.measure = indicator.measure
where
    figure.standard = 'DUTIES'
    and figure.part = 'all'
    and figure.group_code in ('LATE', 'MISSING', 'NO_ADDRESS')
    and figure.value > 0
    and figure.level = 'employer'
    and figure.period_end = (select max(newest.period_end) from figure as newest)
order by figure.organisation_code, figure.indicator, figure.group_code;

-- 20. Which equality plans have overdue actions, and how many of how many?
select
    figure.organisation_name,
    figure.part as standard,
    max(case when figure.group_code = 'OVERDUE' then figure.value end) as overdue,
    max(case when figure.group_code = 'OPEN' then figure.value end) as still_open,
    max(case when figure.group_code = 'ALL' then figure.value end) as actions
from figure
where
    figure.standard = 'ACTIONS'
    and figure.indicator = 'status'
    and figure.measure = 'count'
    and figure.level = 'employer'
    and figure.period_end = (select max(newest.period_end) from figure as newest)
group by figure.organisation_code, figure.organisation_name, figure.part
having max(case when figure.group_code = 'OVERDUE' then figure.value end) > 0
order by figure.organisation_code, figure.part;

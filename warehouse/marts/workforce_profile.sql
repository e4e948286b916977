-- Grain: one row for each snapshot, level, organisation, characteristic, part and category.
-- The public sector equality duty profile: headcount and percentage of the part's staff in each category.
-- Parts: all staff, in detail, in coarse groups, and once a year each directorate and band group.
select
    figure.period_end,
    figure.level,
    figure.organisation_code,
    figure.organisation_name,
    figure.indicator as characteristic,
    figure.part,
    figure.group_code as category,
    figure.numerator as headcount,
    figure.denominator as all_staff,
    figure.value as percent_of_staff,
    figure.ci_low,
    figure.ci_high,
    figure.status
from figure
where figure.standard = 'PSED' and figure.measure = 'share'

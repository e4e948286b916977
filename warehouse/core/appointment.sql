-- Grain: one row for each snapshot, level, organisation, characteristic and group of applicants.
-- Applications are counted, not people, as recruitment systems do.
with
application as (
    select
        period_end,
        organisation_code,
        is_appointed,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from staging.recruitment
    where is_shortlisted
    union all
    select
        period_end,
        organisation_code,
        is_appointed,
        'disability' as characteristic,
        disability_key as received_key
    from staging.recruitment
    where is_shortlisted
    union all
    select
        period_end,
        organisation_code,
        is_appointed,
        'sex' as characteristic,
        sex_key as received_key
    from staging.recruitment
    where is_shortlisted
),

counted as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        value_list.characteristic,
        value_list.group_code,
        count(*) as shortlisted,
        sum(case when application.is_appointed then 1 else 0 end) as appointed
    from application
    inner join core.membership as membership
        on
            application.period_end = membership.period_end
            and application.organisation_code = membership.employer_code
    inner join reference.characteristic_value as value_list
        on
            application.characteristic = value_list.characteristic
            and application.received_key = coalesce(value_list.received_key, '')
    group by
        membership.period_end,
        membership.level,
        membership.organisation_code,
        value_list.characteristic,
        value_list.group_code
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
    where characteristic in ('ethnicity', 'disability', 'sex')
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.is_sent,
    listed.characteristic,
    listed.group_code,
    case
        when coverage.is_sent then cast(coalesce(counted.shortlisted, 0) as bigint)
    end as shortlisted,
    case
        when coverage.is_sent then cast(coalesce(counted.appointed, 0) as bigint)
    end as appointed
from core.coverage as coverage
cross join listed
left join counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and listed.characteristic = counted.characteristic
        and listed.group_code = counted.group_code
where coverage.source = 'recruitment'

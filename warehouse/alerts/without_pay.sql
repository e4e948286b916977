-- Grain: one row for each employer and snapshot that sent pay; value: percent of the workforce without a pay row.
with
paid as (
    select
        staff.period_end,
        staff.organisation_code,
        staff.person,
        max(case when pay.employee is null then 0 else 1 end) as is_paid
    from staging.esr_staff as staff
    left join staging.pay as pay
        on
            staff.period_end = pay.period_end
            and staff.organisation_code = pay.organisation_code
            and staff.employee = pay.employee
    group by staff.period_end, staff.organisation_code, staff.person
),

counted as (
    select
        workforce.period_end,
        workforce.organisation_code,
        count(*) as headcount,
        count(*) filter (where paid.is_paid = 0) as unpaid
    from core.workforce as workforce
    inner join paid
        on
            workforce.period_end = paid.period_end
            and workforce.organisation_code = paid.organisation_code
            and workforce.person = paid.person
    where workforce.level = 'employer'
    group by workforce.period_end, workforce.organisation_code
)

select
    counted.period_end,
    counted.organisation_code,
    cast(null as varchar) as characteristic,
    'all' as part,
    'pay' as subject,
    cast(counted.headcount as bigint) as base,
    cast(null as bigint) as known,
    cast(counted.headcount as bigint) as headcount,
    cast(null as date) as period_before,
    100.0 * counted.unpaid / counted.headcount as value,
    cast(counted.unpaid as bigint) as records_to_target,
    concat(counted.unpaid, ' of ', counted.headcount, ' staff have no row in the pay extract') as detail,
    cast(null as varchar) as aim
from counted
inner join core.coverage as coverage
    on
        counted.period_end = coverage.period_end
        and counted.organisation_code = coverage.organisation_code
        and coverage.level = 'employer'
        and coverage.source = 'pay'
        and coverage.is_sent

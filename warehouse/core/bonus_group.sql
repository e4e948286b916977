-- Grain: one row for each snapshot, level, organisation, characteristic and group of the relevant employees.
-- How many there are, on full pay or not, and how many of them were paid a bonus in the twelve months.
select
    employee.period_end,
    employee.level,
    employee.organisation_code,
    characteristic.characteristic,
    characteristic.group_code,
    cast(count(*) as bigint) as headcount,
    cast(sum(case when employee.bonus_pence > 0 then 1 else 0 end) as bigint) as paid
from core.relevant_employee as employee
inner join core.counted_characteristic as characteristic
    on
        employee.period_end = characteristic.period_end
        and employee.level = characteristic.level
        and employee.organisation_code = characteristic.organisation_code
        and employee.person = characteristic.person
        and characteristic.measure = 'PAY'
group by
    employee.period_end,
    employee.level,
    employee.organisation_code,
    characteristic.characteristic,
    characteristic.group_code

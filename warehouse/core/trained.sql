-- Grain: one row for each snapshot, level, organisation, characteristic and group: the people of the workforce
-- with a course that was not mandatory in the twelve months. A person counts once, whatever the courses.
with
person as (
    select distinct
        observed.period_end,
        observed.level,
        observed.organisation_code,
        employee.person
    from staging.training as course
    inner join core.observed_employer as observed
        on
            course.period_end = observed.period_end
            and course.organisation_code = observed.employer_code
            and observed.source = 'training'
    inner join core.employee as employee
        on
            course.period_end = employee.period_end
            and course.organisation_code = employee.organisation_code
            and course.employee = employee.employee
    where
        course.course_type in ('NON_MANDATORY', 'CPD')
        and course.completion_date > cast(course.period_end - interval 12 month as date)
)

select
    person.period_end,
    person.level,
    person.organisation_code,
    characteristic.characteristic,
    characteristic.group_code,
    count(*) as trained
from person
inner join core.counted_characteristic as characteristic
    on
        person.period_end = characteristic.period_end
        and person.level = characteristic.level
        and person.organisation_code = characteristic.organisation_code
        and person.person = characteristic.person
        and characteristic.measure = 'WORKFORCE'
where characteristic.characteristic in ('ethnicity', 'disability')
group by
    person.period_end,
    person.level,
    person.organisation_code,
    characteristic.characteristic,
    characteristic.group_code

-- Grain: one row for each completed course of an employee in the accepted file of its employer and snapshot.
select
    received.period_end,
    received.organisation_code,
    course.employee,
    course.course_type,
    course.completion_date
from landing.training as course
inner join ledger.load as received on course.load_id = received.load_id
where received.status = 'landed'

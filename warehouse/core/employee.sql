-- Grain: one row for each employee of an employer at a snapshot: the person, and whether the person
-- type of any post counts (bank-only staff have cases and courses, and are in no workforce).
with
post as (
    select
        staff.period_end,
        staff.organisation_code,
        staff.employee,
        staff.person,
        staff.ethnicity_key,
        staff.disability_key,
        max(case when person_rule.rule = 'in' then 1 else 0 end) over (
            partition by staff.period_end, staff.organisation_code, staff.employee
        ) as posts_in,
        row_number() over (
            partition by staff.period_end, staff.organisation_code, staff.employee
            order by staff.is_primary desc, staff.fte desc, staff.assignment_rank asc
        ) as choice_rank
    from staging.esr_staff as staff
    left join core.inclusion as person_rule
        on
            staff.period_end = person_rule.period_end
            and staff.person_type = person_rule.code
            and person_rule.kind = 'person_type'
            and person_rule.measure = 'WORKFORCE'
)

select
    period_end,
    organisation_code,
    employee,
    person,
    ethnicity_key,
    disability_key,
    posts_in = 1 as is_counted
from post
where choice_rank = 1

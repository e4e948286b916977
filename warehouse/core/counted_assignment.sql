-- Grain: one row for each assignment that counts towards the workforce, at each level it counts in.
-- choice_rank 1 is the assignment that stands for its person: primary, then the most hours, then the
-- highest band, then organisation and assignment number. No pseudonym takes part in the order.
select
    membership.period_end,
    membership.level,
    membership.organisation_code,
    staff.person,
    staff.organisation_code as employer_code,
    staff.staff_side,
    pay_row.band_code,
    pay_row.pay_kind,
    staff.ethnicity_key,
    staff.disability_key,
    staff.sex_key,
    staff.religion_key,
    staff.sexual_orientation_key,
    staff.marital_status_key,
    staff.age_band,
    staff.directorate,
    row_number() over (
        partition by
            membership.period_end,
            membership.level,
            membership.organisation_code,
            staff.person
        order by
            staff.is_primary desc,
            staff.fte desc,
            cast(pay_row.band_order as integer) desc,
            staff.organisation_code asc,
            staff.assignment_rank asc
    ) as choice_rank
from staging.esr_staff as staff
inner join core.membership as membership
    on
        staff.period_end = membership.period_end
        and staff.organisation_code = membership.employer_code
inner join reference.pay_row as pay_row
    on staff.band_code = pay_row.band_code
inner join core.inclusion as person_rule
    on
        staff.period_end = person_rule.period_end
        and staff.person_type = person_rule.code
        and person_rule.kind = 'person_type'
        and person_rule.measure = 'WORKFORCE'
        and person_rule.rule = 'in'
inner join core.inclusion as state_rule
    on
        staff.period_end = state_rule.period_end
        and staff.assignment_state = state_rule.code
        and state_rule.kind = 'assignment_state'
        and state_rule.measure = 'WORKFORCE'
        and state_rule.rule = 'in'

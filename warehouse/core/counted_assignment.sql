-- Grain: one row for each assignment that counts for a measure, at each level it counts in.
-- measure: WORKFORCE (the workforce) or PAY (relevant employees of the pay gaps: of the employers that sent
-- pay; a rule `in_if_paid` asks for a pay row as well). choice_rank 1 is the assignment that stands for its
-- person: primary, then the most hours, then the highest band, then organisation and assignment number.
-- No pseudonym takes part in the order.
with
payer as (
    select distinct
        period_end,
        organisation_code
    from staging.pay
),

included as (
    select
        staff.*,
        person_rule.measure
    from staging.esr_staff as staff
    inner join core.inclusion as person_rule
        on
            staff.period_end = person_rule.period_end
            and staff.person_type = person_rule.code
            and person_rule.kind = 'person_type'
    inner join core.inclusion as state_rule
        on
            staff.period_end = state_rule.period_end
            and staff.assignment_state = state_rule.code
            and state_rule.kind = 'assignment_state'
            and state_rule.rule = 'in'
            and person_rule.measure = state_rule.measure
    left join payer
        on
            staff.period_end = payer.period_end
            and staff.organisation_code = payer.organisation_code
    left join staging.pay as pay
        on
            staff.period_end = pay.period_end
            and staff.organisation_code = pay.organisation_code
            and staff.employee = pay.employee
    where
        (person_rule.rule = 'in' or (person_rule.rule = 'in_if_paid' and pay.employee is not null))
        and (person_rule.measure <> 'PAY' or payer.organisation_code is not null)
)

select
    membership.period_end,
    membership.level,
    membership.organisation_code,
    included.measure,
    included.person,
    included.employee,
    included.organisation_code as employer_code,
    case
        when pay_row.pay_kind = 'MEDICAL' then 'medical'
        when included.staff_side = 'NON_CLINICAL' then 'non_clinical'
        else 'clinical'
    end as side,
    pay_row.band_code,
    included.ethnicity_key,
    included.disability_key,
    included.sex_key,
    included.religion_key,
    included.sexual_orientation_key,
    included.marital_status_key,
    included.age_band,
    included.directorate,
    row_number() over (
        partition by
            membership.period_end,
            membership.level,
            membership.organisation_code,
            included.measure,
            included.person
        order by
            included.is_primary desc,
            included.fte desc,
            cast(pay_row.band_order as integer) desc,
            included.organisation_code asc,
            included.assignment_rank asc
    ) as choice_rank
from included
inner join core.membership as membership
    on
        included.period_end = membership.period_end
        and included.organisation_code = membership.employer_code
inner join reference.pay_row as pay_row
    on included.band_code = pay_row.band_code

-- Grain: one row for each formal case, each level it counts in, and characteristic: the group of its person.
-- The workforce says it where it knows, else the staff record (of somebody no longer in post), else the file
-- of the cases; those of bank-only staff are left out. A case is a case of its employer, so a person with cases
-- in two of them has several.
with
received as (
    select
        period_end,
        organisation_code,
        employee,
        case_id,
        case_type,
        formal_start_date,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from staging.employee_relations
    union all
    select
        period_end,
        organisation_code,
        employee,
        case_id,
        case_type,
        formal_start_date,
        'disability' as characteristic,
        disability_key as received_key
    from staging.employee_relations
)

select
    observed.period_end,
    observed.level,
    observed.organisation_code,
    received.case_type,
    received.formal_start_date > cast(received.period_end - interval 12 month as date) as is_of_last_year,
    received.characteristic,
    case
        when coalesce(known.group_code, 'UNKNOWN') <> 'UNKNOWN' then known.group_code
        when coalesce(recorded.group_code, 'UNKNOWN') <> 'UNKNOWN' then recorded.group_code
        else value_list.group_code
    end as group_code
from received
inner join core.observed_employer as observed
    on
        received.period_end = observed.period_end
        and received.organisation_code = observed.employer_code
        and observed.source = 'employee_relations'
inner join reference.characteristic_value as value_list
    on
        received.characteristic = value_list.characteristic
        and received.received_key = coalesce(value_list.received_key, '')
left join core.employee as employee
    on
        received.period_end = employee.period_end
        and received.organisation_code = employee.organisation_code
        and received.employee = employee.employee
left join reference.characteristic_value as recorded
    on
        received.characteristic = recorded.characteristic
        and coalesce(recorded.received_key, '') = case received.characteristic
            when 'ethnicity' then employee.ethnicity_key
            else employee.disability_key
        end
left join core.counted_characteristic as known
    on
        observed.period_end = known.period_end
        and observed.level = known.level
        and observed.organisation_code = known.organisation_code
        and employee.person = known.person
        and known.measure = 'WORKFORCE'
        and received.characteristic = known.characteristic
        and known.characteristic in ('ethnicity', 'disability')
where coalesce(employee.is_counted, true)

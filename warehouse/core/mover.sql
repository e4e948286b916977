-- Grain: one row for each starter and leaver, each level they count in, and characteristic: the group of the person.
-- Whoever came or went twice in the twelve months is counted once, with the last movement. They are an
-- employer's starters and leavers: who moves between two employers of an ICB is a leaver of one and a
-- starter of the other in its figures too, since those who left carry no number that joins them.
with
latest as (
    select
        period_end,
        organisation_code,
        employee,
        movement,
        leaving_reason,
        had_exit_interview,
        ethnicity_key,
        disability_key,
        sex_key,
        row_number() over (
            partition by period_end, organisation_code, employee, movement
            order by movement_date desc
        ) as preference
    from staging.movers
),

received as (
    select
        period_end,
        organisation_code,
        employee,
        movement,
        leaving_reason,
        had_exit_interview,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from latest
    where preference = 1
    union all
    select
        period_end,
        organisation_code,
        employee,
        movement,
        leaving_reason,
        had_exit_interview,
        'disability' as characteristic,
        disability_key as received_key
    from latest
    where preference = 1
    union all
    select
        period_end,
        organisation_code,
        employee,
        movement,
        leaving_reason,
        had_exit_interview,
        'sex' as characteristic,
        sex_key as received_key
    from latest
    where preference = 1
)

select
    membership.period_end,
    membership.level,
    membership.organisation_code,
    membership.employer_code,
    received.employee,
    received.movement,
    received.leaving_reason,
    received.had_exit_interview,
    received.characteristic,
    value_list.group_code
from received
inner join core.membership as membership
    on
        received.period_end = membership.period_end
        and received.organisation_code = membership.employer_code
inner join reference.characteristic_value as value_list
    on
        received.characteristic = value_list.characteristic
        and received.received_key = coalesce(value_list.received_key, '')

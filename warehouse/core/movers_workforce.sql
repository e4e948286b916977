-- Grain: one row for each snapshot, level, organisation, characteristic and group: the headcount of the employers
-- that sent their movers. Where all that sent their staff did (is_whole), that is the workforce.
with
employer as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        membership.employer_code,
        movers.source is not null as is_observed
    from core.membership as membership
    inner join ledger.load as staff
        on
            membership.period_end = staff.period_end
            and membership.employer_code = staff.organisation_code
            and staff.source = 'esr_staff'
            and staff.status = 'landed'
    left join ledger.load as movers
        on
            membership.period_end = movers.period_end
            and membership.employer_code = movers.organisation_code
            and movers.source = 'movers'
            and movers.status = 'landed'
),

observed as (
    select
        period_end,
        level,
        organisation_code,
        count(*) = sum(case when is_observed then 1 else 0 end) as is_whole
    from employer
    group by period_end, level, organisation_code
    having sum(case when is_observed then 1 else 0 end) > 0
),

person as (
    select distinct
        assignment.period_end,
        assignment.level,
        assignment.organisation_code,
        assignment.person
    from core.counted_assignment as assignment
    inner join employer
        on
            assignment.period_end = employer.period_end
            and assignment.level = employer.level
            and assignment.organisation_code = employer.organisation_code
            and assignment.employer_code = employer.employer_code
            and employer.is_observed
),

counted as (
    select
        person.period_end,
        person.level,
        person.organisation_code,
        characteristic.characteristic,
        characteristic.group_code,
        count(*) as headcount
    from person
    inner join core.workforce_characteristic as characteristic
        on
            person.period_end = characteristic.period_end
            and person.level = characteristic.level
            and person.organisation_code = characteristic.organisation_code
            and person.person = characteristic.person
    where characteristic.characteristic in ('ethnicity', 'disability', 'sex')
    group by
        person.period_end,
        person.level,
        person.organisation_code,
        characteristic.characteristic,
        characteristic.group_code
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
    where characteristic in ('ethnicity', 'disability', 'sex')
)

select
    observed.period_end,
    observed.level,
    observed.organisation_code,
    observed.is_whole,
    listed.characteristic,
    listed.group_code,
    cast(coalesce(counted.headcount, 0) as bigint) as headcount
from observed
cross join listed
left join counted
    on
        observed.period_end = counted.period_end
        and observed.level = counted.level
        and observed.organisation_code = counted.organisation_code
        and listed.characteristic = counted.characteristic
        and listed.group_code = counted.group_code

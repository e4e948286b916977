-- Grain: one row for each snapshot, level, organisation, source about staff, characteristic and group:
-- the headcount of the employers that sent the source. Where all of them did, that is the workforce.
with
person as (
    select distinct
        assignment.period_end,
        assignment.level,
        assignment.organisation_code,
        observed.source,
        assignment.person
    from core.counted_assignment as assignment
    inner join core.observed_employer as observed
        on
            assignment.period_end = observed.period_end
            and assignment.level = observed.level
            and assignment.organisation_code = observed.organisation_code
            and assignment.employer_code = observed.employer_code
    where assignment.measure = 'WORKFORCE'
),

counted as (
    select
        person.period_end,
        person.level,
        person.organisation_code,
        person.source,
        characteristic.characteristic,
        characteristic.group_code,
        count(*) as headcount
    from person
    inner join core.counted_characteristic as characteristic
        on
            person.period_end = characteristic.period_end
            and person.level = characteristic.level
            and person.organisation_code = characteristic.organisation_code
            and person.person = characteristic.person
            and characteristic.measure = 'WORKFORCE'
    where characteristic.characteristic in ('ethnicity', 'disability', 'sex')
    group by
        person.period_end,
        person.level,
        person.organisation_code,
        person.source,
        characteristic.characteristic,
        characteristic.group_code
),

sent as (
    select distinct
        period_end,
        level,
        organisation_code,
        source
    from core.observed_employer
),

listed as (
    select distinct
        characteristic,
        group_code
    from core.category
    where characteristic in ('ethnicity', 'disability', 'sex')
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    coverage.source,
    sent.source is not null as is_sent,
    listed.characteristic,
    listed.group_code,
    case when sent.source is not null then cast(coalesce(counted.headcount, 0) as bigint) end as headcount,
    concat('/all/', listed.characteristic, '/', listed.group_code) as people
from core.coverage as coverage
cross join listed
left join sent
    on
        coverage.period_end = sent.period_end
        and coverage.level = sent.level
        and coverage.organisation_code = sent.organisation_code
        and coverage.source = sent.source
left join counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and coverage.source = counted.source
        and listed.characteristic = counted.characteristic
        and listed.group_code = counted.group_code
where coverage.source in ('employee_relations', 'training', 'movers')

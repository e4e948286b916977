-- Grain: one row for each snapshot, level, organisation, indicator, part, measure and grade of EDS.
-- A domain or total of EDS 2022 is the sum of its outcomes, and null where one of them has no score.
with
domain_total as (
    select
        period_end,
        level,
        organisation_code,
        domain,
        reason,
        count(score) as scored,
        case when count(score) = count(*) then sum(score) end as total,
        max(services) as services
    from core.eds_score
    where framework = 'EDS2022'
    group by period_end, level, organisation_code, domain, reason
),

overall as (
    select
        period_end,
        level,
        organisation_code,
        reason,
        sum(scored) as scored,
        case when count(total) = count(*) then sum(total) end as total
    from domain_total
    group by period_end, level, organisation_code, reason
),

graded as (
    select
        period_end,
        level,
        organisation_code,
        reason,
        count(score) as outcomes,
        sum(case when score = 0 then 1 else 0 end) as undeveloped,
        sum(case when score = 1 then 1 else 0 end) as developing,
        sum(case when score = 2 then 1 else 0 end) as achieving,
        sum(case when score = 3 then 1 else 0 end) as excelling
    from core.eds_score
    where framework = 'EDS2'
    group by period_end, level, organisation_code, reason
),

eds2_grade as (
    select group_code
    from reference.eds_grade
    where framework = 'EDS2'
    union all
    select 'ALL' as group_code
),

grade_count as (
    select
        graded.period_end,
        graded.level,
        graded.organisation_code,
        graded.reason,
        grade.group_code,
        case
            when graded.outcomes = 0 then null
            when grade.group_code = 'UNDEVELOPED' then graded.undeveloped
            when grade.group_code = 'DEVELOPING' then graded.developing
            when grade.group_code = 'ACHIEVING' then graded.achieving
            when grade.group_code = 'EXCELLING' then graded.excelling
            else graded.outcomes
        end as amount
    from graded
    cross join eds2_grade as grade
),

score_row as (
    select
        period_end,
        level,
        organisation_code,
        case framework when 'EDS2' then 'eds2_outcome' else 'eds2022_outcome' end as indicator,
        outcome as part,
        'score' as measure,
        'ALL' as group_code,
        score as amount,
        reason
    from core.eds_score
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2_grades' as indicator,
        'all' as part,
        'count' as measure,
        group_code,
        amount,
        reason
    from grade_count
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2022_domain' as indicator,
        domain as part,
        'score' as measure,
        'ALL' as group_code,
        total as amount,
        reason
    from domain_total
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2022_domain' as indicator,
        'one_service' as part,
        'score' as measure,
        'ALL' as group_code,
        total as amount,
        reason
    from domain_total
    where services = 1 and reason is null
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2022_domain' as indicator,
        domain as part,
        'count' as measure,
        'ALL' as group_code,
        scored as amount,
        reason
    from domain_total
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2022_total' as indicator,
        'all' as part,
        'score' as measure,
        'ALL' as group_code,
        total as amount,
        reason
    from overall
    union all
    select
        period_end,
        level,
        organisation_code,
        'eds2022_total' as indicator,
        'all' as part,
        'count' as measure,
        'ALL' as group_code,
        scored as amount,
        reason
    from overall
    union all
    select
        overall.period_end,
        overall.level,
        overall.organisation_code,
        'eds2022_band' as indicator,
        'all' as part,
        'score' as measure,
        coalesce(band.group_code, 'ALL') as group_code,
        cast(band.grade as bigint) as amount,
        overall.reason
    from overall
    left join reference.eds_grade as band
        on
            band.framework = 'EDS2022'
            and band.counted = 'total'
            and overall.total between cast(band.lowest as integer) and cast(band.highest as integer)
)

select
    period_end,
    level,
    organisation_code,
    'EDS' as standard,
    indicator,
    part,
    measure,
    group_code,
    cast(null as varchar) as comparator_code,
    cast(null as bigint) as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    cast(null as varchar) as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason,
    case when reason is null then cast(amount as decimal(18, 2)) end as amount,
    case when reason is null and amount is not null then cast(1 as bigint) else cast(0 as bigint) end as amount_base,
    cast(null as decimal(18, 2)) as comparator_amount,
    cast(null as bigint) as comparator_amount_base
from score_row

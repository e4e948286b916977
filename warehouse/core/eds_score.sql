-- Grain: one row for each snapshot, level, organisation and outcome of EDS2 and EDS 2022, with its score of 0 to 3.
-- An EDS2 grade follows from the number of characteristics; the score of an outcome of domain 1 of
-- EDS 2022 is that of the middle service. Null: not scored, or not known which service is in the middle.
with
scored as (
    select
        sent.period_end,
        sent.organisation_code,
        sent.framework,
        sent.outcome,
        max(cast(grade.grade as integer)) as score,
        cast(null as bigint) as services
    from staging.eds as sent
    inner join reference.eds_grade as grade
        on
            sent.framework = grade.framework
            and grade.counted = 'characteristics'
            and sent.characteristics_evidenced
            between cast(grade.lowest as integer) and cast(grade.highest as integer)
    group by sent.period_end, sent.organisation_code, sent.framework, sent.outcome
    union all
    select
        sent.period_end,
        sent.organisation_code,
        sent.framework,
        sent.outcome,
        max(sent.score) as score,
        max(middle.services) as services
    from staging.eds as sent
    inner join reference.eds_outcome as listed
        on sent.framework = listed.framework and sent.outcome = listed.outcome
    left join core.eds_service as middle
        on
            sent.period_end = middle.period_end
            and sent.organisation_code = middle.organisation_code
            and listed.domain = '1'
            and coalesce(sent.service, '') = middle.service
            and middle.is_middle
    where
        sent.framework = 'EDS2022'
        and (listed.domain <> '1' or middle.service is not null)
    group by sent.period_end, sent.organisation_code, sent.framework, sent.outcome
)

select
    whose.period_end,
    whose.level,
    whose.organisation_code,
    listed.framework,
    listed.outcome,
    listed.domain,
    scored.services,
    whose.reason,
    case when whose.reason is null then cast(scored.score as bigint) end as score
from core.eds_owner as whose
cross join reference.eds_outcome as listed
left join scored
    on
        whose.period_end = scored.period_end
        and whose.organisation_code = scored.organisation_code
        and listed.framework = scored.framework
        and listed.outcome = scored.outcome

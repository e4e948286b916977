-- Grain: one row for each document whose deadline is the one that the body names.
-- The body's own documents of duties without a deadline for everybody, and the documents of its providers,
-- of which two commissioners may name the same. A provider's document without a due date has the last
-- deadline that trusts had for it. Part all: due in the year to the snapshot; part next: due after it.
with
listed_deadline as (
    select
        rule.kind,
        cast(deadline.due_date as date) as due_date,
        lead(cast(deadline.due_date as date)) over (
            partition by rule.kind order by deadline.due_date
        ) as following_due_date
    from reference.duty_rule as rule
    inner join reference.duty_deadline as deadline
        on rule.duty = deadline.duty
    where rule.body_kind = 'TRUST'
),

document as (
    select
        own.period_end,
        own.organisation_code,
        own.organisation_code as subject_code,
        rule.duty,
        own.kind,
        own.due_date,
        own.completed_date,
        own.is_published
    from core.duty_document as own
    inner join core.organisation as body
        on
            own.period_end = body.period_end
            and own.organisation_code = body.organisation_code
    inner join reference.duty_rule as rule
        on body.kind = rule.body_kind and own.kind = rule.kind and rule.rule = 'as_sent'
    where own.due_date is not null
    union all
    select
        sent.period_end,
        sent.organisation_code,
        sent.subject_code,
        'provider_publications' as duty,
        sent.kind,
        coalesce(sent.due_date, listed_deadline.due_date) as due_date,
        sent.completed_date,
        sent.is_published
    from staging.duties as sent
    left join listed_deadline
        on
            sent.kind = listed_deadline.kind
            and sent.period_end >= listed_deadline.due_date
            and sent.period_end < coalesce(listed_deadline.following_due_date, date '9999-12-31')
    where
        sent.kind <> 'IMPACT_ASSESSMENT'
        and (sent.subject_code <> sent.organisation_code or sent.kind = 'PROVIDER_AUDIT')
)

select
    period_end,
    organisation_code,
    subject_code,
    duty,
    kind,
    case when due_date > period_end then 'next' else 'all' end as part,
    due_date,
    min(case when completed_date <= period_end then completed_date end) as completed_date,
    max(case when is_published then 1 else 0 end) = 1 as is_published
from document
where due_date is null or due_date > cast(period_end - interval 1 year as date)
group by period_end, organisation_code, subject_code, duty, kind, due_date

-- Grain: one row for each snapshot, body, duty that runs from the last publication, and part.
-- The next publication is due a number of years less a day after the last one; the first on the day that the
-- law names, or a year less a day after a newer body began. Part all: the deadline that the last
-- publication had, or the one that has passed since; part next: the one ahead. Where the employees of
-- the snapshot are not known the duty is due if the body lists the document, and else is_due is null.
with
published as (
    select
        period_end,
        organisation_code,
        kind,
        completed_date,
        min(due_date) as named_due_date,
        max(case when is_published then 1 else 0 end) = 1 as is_published,
        row_number() over (
            partition by period_end, organisation_code, kind
            order by completed_date desc
        ) as newest_rank,
        lag(completed_date) over (
            partition by period_end, organisation_code, kind
            order by completed_date
        ) as earlier_date
    from core.duty_document
    where completed_date is not null
    group by period_end, organisation_code, kind, completed_date
),

listed as (
    select distinct
        period_end,
        organisation_code,
        kind
    from core.duty_document
),

founded as (
    select
        organisation_code,
        kind,
        min(cast(valid_from as date)) as founded_on
    from reference.organisation
    group by organisation_code, kind
),

asked as (
    select
        body.period_end,
        body.organisation_code,
        rule.duty,
        published.completed_date,
        published.named_due_date,
        coalesce(published.is_published, false) as is_published,
        case
            when rule.threshold is null then true
            when employed.headcount is not null
                then employed.headcount >= cast(rule.threshold as integer)
            when listed.kind is not null then true
        end as is_due,
        greatest(
            cast(rule.first_due as date),
            cast(founded.founded_on + interval 1 year - interval 1 day as date)
        ) as first_due_date,
        cast(
            published.completed_date + cast(rule.years as integer) * interval 1 year - interval 1 day as date
        ) as following_due_date,
        cast(
            published.earlier_date + cast(rule.years as integer) * interval 1 year - interval 1 day as date
        ) as own_due_date
    from core.organisation as body
    inner join reference.duty_rule as rule
        on body.kind = rule.body_kind and rule.rule = 'after_last'
    inner join founded
        on body.organisation_code = founded.organisation_code and body.kind = founded.kind
    left join published
        on
            body.period_end = published.period_end
            and body.organisation_code = published.organisation_code
            and rule.kind = published.kind
            and published.newest_rank = 1
    left join listed
        on
            body.period_end = listed.period_end
            and body.organisation_code = listed.organisation_code
            and rule.kind = listed.kind
    left join core.declaration as employed
        on
            body.period_end = employed.period_end
            and body.organisation_code = employed.organisation_code
            and employed.level = 'employer'
            and employed.characteristic = 'sex'
            and employed.is_sent
)

select
    period_end,
    organisation_code,
    duty,
    'all' as part,
    case
        when following_due_date <= period_end then following_due_date
        when completed_date is not null then coalesce(own_due_date, named_due_date, completed_date)
        else first_due_date
    end as due_date,
    case when following_due_date > period_end then completed_date end as completed_date,
    is_published,
    is_due
from asked
where completed_date is not null or first_due_date <= period_end
union all
select
    period_end,
    organisation_code,
    duty,
    'next' as part,
    coalesce(following_due_date, first_due_date) as due_date,
    cast(null as date) as completed_date,
    false as is_published,
    is_due
from asked
where coalesce(following_due_date, first_due_date) > period_end

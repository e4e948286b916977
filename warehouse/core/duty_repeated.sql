-- Grain: one row for each snapshot, body, duty that runs from the last publication, and part.
-- The next publication is due a number of years less a day after the last one that a file of the body up to
-- the snapshot names. Where none does, the days follow from the one that the law names, or for a newer
-- body from a year less a day after it began; one that passed more than a year before the snapshot is not
-- told, since a file holds a year. Part all: the last deadline; part next: the one ahead. Where the employees
-- of the snapshot are not known the duty is due if the body lists the document, and else is_due is null.
-- Of all snapshots: the last publication stands in any file up to the snapshot.
with
document as (
    select
        body.period_end,
        body.organisation_code,
        sent.kind,
        sent.due_date,
        sent.completed_date,
        sent.is_published
    from core.organisation as body
    inner join core.duty_document as sent
        on
            body.organisation_code = sent.organisation_code
            and body.period_end >= sent.period_end
),

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
    from document
    where completed_date is not null
    group by period_end, organisation_code, kind, completed_date
),

listed as (
    select distinct
        period_end,
        organisation_code,
        kind
    from document
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
        cast(rule.years as integer) as years,
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
),

turned as (
    select
        period_end,
        organisation_code,
        duty,
        years,
        completed_date,
        named_due_date,
        is_published,
        is_due,
        first_due_date,
        following_due_date,
        own_due_date,
        cast(floor((extract(year from period_end) - extract(year from first_due_date)) / years) as integer)
            as turns
    from asked
),

scheduled as (
    select
        period_end,
        organisation_code,
        duty,
        completed_date,
        named_due_date,
        is_published,
        is_due,
        following_due_date,
        own_due_date,
        -- A first day later in its year than the snapshot in its own is a turn too far.
        case
            when first_due_date + turns * years * interval 1 year - turns * interval 1 day <= period_end
                then cast(first_due_date + turns * years * interval 1 year - turns * interval 1 day as date)
            when turns > 0
                then cast(first_due_date + (turns - 1) * years * interval 1 year - (turns - 1) * interval 1 day as date)
        end as last_day,
        case
            when first_due_date + turns * years * interval 1 year - turns * interval 1 day <= period_end
                then cast(first_due_date + (turns + 1) * years * interval 1 year - (turns + 1) * interval 1 day as date)
            when turns > 0
                then cast(first_due_date + turns * years * interval 1 year - turns * interval 1 day as date)
            else first_due_date
        end as next_day
    from turned
),

due as (
    select
        period_end,
        organisation_code,
        duty,
        completed_date,
        named_due_date,
        is_published,
        is_due,
        following_due_date,
        own_due_date,
        next_day,
        case when last_day > cast(period_end - interval 1 year as date) then last_day end as last_day
    from scheduled
)

select
    period_end,
    organisation_code,
    duty,
    'all' as part,
    case
        when following_due_date <= period_end then following_due_date
        when completed_date is not null then coalesce(own_due_date, named_due_date, completed_date)
        else last_day
    end as due_date,
    case when following_due_date > period_end then completed_date end as completed_date,
    is_published,
    is_due
from due
where completed_date is not null or last_day is not null
union all
select
    period_end,
    organisation_code,
    duty,
    'next' as part,
    case when completed_date is null then next_day else following_due_date end as due_date,
    cast(null as date) as completed_date,
    false as is_published,
    is_due
from due
where
    following_due_date > period_end
    or (completed_date is null and last_day is null)

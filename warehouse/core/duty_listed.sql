-- Grain: one row for each snapshot, body, duty with a deadline for everybody, and part.
-- Part all: the last deadline that has passed; part next: the first one ahead whose own snapshot has been.
-- A body must have been there on the snapshot of the duty, and had the employees that make it due. Where
-- they are not known it is due if the body lists the document, and else is_due is null. A document
-- belongs to the deadline that it names, give or take a month, and one that names none to the last.
-- Of all snapshots: a duty asks how many were employed on a day of its own.
with
deadline as (
    select
        duty,
        cast(snapshot_date as date) as snapshot_date,
        cast(due_date as date) as due_date,
        is_suspended = '1' as is_suspended,
        lag(cast(due_date as date)) over (partition by duty order by due_date) as earlier_due_date
    from reference.duty_deadline
),

asked as (
    select
        body.period_end,
        body.organisation_code,
        body.kind as body_kind,
        rule.duty,
        rule.kind,
        cast(rule.threshold as integer) as threshold,
        deadline.snapshot_date,
        deadline.due_date,
        deadline.is_suspended,
        coalesce(
            deadline.earlier_due_date, cast(deadline.due_date - interval 1 year as date)
        ) as earlier_due_date,
        case when deadline.due_date <= body.period_end then 'all' else 'next' end as part
    from core.organisation as body
    inner join reference.duty_rule as rule
        on body.kind = rule.body_kind and rule.rule = 'listed'
    inner join deadline
        on
            rule.duty = deadline.duty
            and deadline.due_date >= cast(rule.valid_from as date)
            and coalesce(deadline.snapshot_date, body.period_end) <= body.period_end
),

nearest as (
    select
        period_end,
        organisation_code,
        body_kind,
        duty,
        kind,
        threshold,
        snapshot_date,
        due_date,
        is_suspended,
        earlier_due_date,
        part,
        row_number() over (
            partition by period_end, organisation_code, duty, part
            order by case when part = 'all' then period_end - due_date else due_date - period_end end
        ) as distance_rank
    from asked
),

found as (
    select
        nearest.period_end,
        nearest.organisation_code,
        nearest.duty,
        nearest.part,
        count(document.reference) as documents,
        min(document.completed_date) as completed_date,
        sum(
            case when document.completed_date is not null and document.is_published then 1 else 0 end
        ) as addresses
    from nearest
    inner join core.duty_document as document
        on
            nearest.period_end = document.period_end
            and nearest.organisation_code = document.organisation_code
            and nearest.kind = document.kind
            and (
                (
                    document.due_date > cast(nearest.earlier_due_date + interval 31 day as date)
                    and document.due_date <= cast(nearest.due_date + interval 31 day as date)
                )
                or (
                    nearest.part = 'all'
                    and document.due_date is null
                    and coalesce(document.completed_date, nearest.due_date) > nearest.earlier_due_date
                )
            )
    where nearest.distance_rank = 1
    group by nearest.period_end, nearest.organisation_code, nearest.duty, nearest.part
)

select
    nearest.period_end,
    nearest.organisation_code,
    nearest.duty,
    nearest.part,
    nearest.due_date,
    found.completed_date,
    coalesce(found.addresses, 0) > 0 as is_published,
    case
        when nearest.is_suspended or was.organisation_code is null then false
        when nearest.threshold is null then true
        when employed.headcount is not null then employed.headcount >= nearest.threshold
        when found.documents > 0 then true
    end as is_due
from nearest
left join found
    on
        nearest.period_end = found.period_end
        and nearest.organisation_code = found.organisation_code
        and nearest.duty = found.duty
        and nearest.part = found.part
left join reference.organisation as was
    on
        nearest.organisation_code = was.organisation_code
        and nearest.body_kind = was.kind
        and coalesce(nearest.snapshot_date, least(nearest.due_date, nearest.period_end))
        between cast(was.valid_from as date) and cast(coalesce(was.valid_to, '9999-12-31') as date)
left join core.declaration as employed
    on
        nearest.organisation_code = employed.organisation_code
        and nearest.snapshot_date = employed.period_end
        and employed.level = 'employer'
        and employed.characteristic = 'sex'
        and employed.is_sent
where nearest.distance_rank = 1

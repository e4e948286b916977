-- Grain: one row for each duty or document of a snapshot, body, duty and part, with its state.
-- is_due null: whether it is due is not known. A provider's document has the provider as its subject.
with
every_duty as (
    select
        period_end,
        organisation_code,
        organisation_code as subject_code,
        duty,
        part,
        duty as document,
        due_date,
        completed_date,
        is_published,
        is_due
    from core.duty_listed
    union all
    select
        period_end,
        organisation_code,
        organisation_code as subject_code,
        duty,
        part,
        duty as document,
        due_date,
        completed_date,
        is_published,
        is_due
    from core.duty_repeated
    union all
    select
        period_end,
        organisation_code,
        subject_code,
        duty,
        part,
        concat(kind, '/', coalesce(cast(due_date as varchar), '')) as document,
        due_date,
        completed_date,
        is_published,
        true as is_due
    from core.duty_as_sent
)

select
    period_end,
    organisation_code,
    subject_code,
    duty,
    part,
    document,
    is_due,
    coalesce(is_due and completed_date <= coalesce(due_date, completed_date), false) as is_done,
    coalesce(is_due and completed_date > due_date, false) as is_late,
    coalesce(is_due and part = 'all' and completed_date is null, false) as is_missing,
    coalesce(is_due and completed_date is not null and not is_published, false) as is_without_address
from every_duty

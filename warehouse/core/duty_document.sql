-- Grain: one row for each document of a body's own duties in the file that it sent for a snapshot.
select
    period_end,
    organisation_code,
    reference,
    kind,
    due_date,
    completed_date,
    is_published
from staging.duties
where
    subject_code = organisation_code
    and kind not in ('IMPACT_ASSESSMENT', 'PROVIDER_AUDIT')
    and (completed_date is null or completed_date <= period_end)

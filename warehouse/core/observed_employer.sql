-- Grain: one row for each snapshot, level, organisation, source about staff and employer that sent both
-- that source and its staff records: whose workforce its cases, courses or leavers can be set against.
select
    membership.period_end,
    membership.level,
    membership.organisation_code,
    received.source,
    membership.employer_code
from core.membership as membership
inner join ledger.load as received
    on
        membership.period_end = received.period_end
        and membership.employer_code = received.organisation_code
        and received.source in ('employee_relations', 'training', 'movers')
        and received.status = 'landed'
inner join ledger.load as staff
    on
        membership.period_end = staff.period_end
        and membership.employer_code = staff.organisation_code
        and staff.source = 'esr_staff'
        and staff.status = 'landed'

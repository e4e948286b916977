-- Grain: one row for each snapshot, level, organisation and employer pooled in it.
-- The ICB pools the commissioning bodies that merge, or merged, into it; the system the ICB and every
-- provider trust of its boundary that sent data for the snapshot, and there is one only where one did.
with
commissioner as (
    select
        organisation.period_end,
        board.organisation_code,
        board.organisation_name,
        organisation.organisation_code as employer_code,
        organisation.kind
    from core.organisation as organisation
    inner join reference.organisation as board
        on organisation.icb_code = board.organisation_code and board.valid_to is null
    where organisation.kind in ('CCG', 'SUB_ICB', 'ICB')
),

provider as (
    select distinct
        organisation.period_end,
        board.organisation_code,
        board.organisation_name,
        organisation.organisation_code as employer_code,
        organisation.kind
    from core.organisation as organisation
    inner join reference.organisation as board
        on organisation.icb_code = board.organisation_code and board.valid_to is null
    inner join ledger.load as received
        on
            organisation.period_end = received.period_end
            and organisation.organisation_code = received.organisation_code
            and received.status = 'landed'
    where organisation.kind = 'TRUST'
),

has_provider as (
    select distinct
        period_end,
        organisation_code
    from provider
)

select
    period_end,
    'employer' as level,
    organisation_code,
    organisation_name,
    organisation_code as employer_code,
    kind as employer_kind
from core.organisation
union all
select
    period_end,
    'icb' as level,
    organisation_code,
    organisation_name,
    employer_code,
    kind as employer_kind
from commissioner
union all
select
    period_end,
    'system' as level,
    organisation_code,
    organisation_name,
    employer_code,
    kind as employer_kind
from provider
union all
select
    commissioner.period_end,
    'system' as level,
    commissioner.organisation_code,
    commissioner.organisation_name,
    commissioner.employer_code,
    commissioner.kind as employer_kind
from commissioner
inner join has_provider
    on
        commissioner.period_end = has_provider.period_end
        and commissioner.organisation_code = has_provider.organisation_code

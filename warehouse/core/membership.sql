-- Grain: one row for each snapshot, level, organisation and employer pooled in it.
-- The ICB pools the commissioning bodies that merge, or merged, into it; trusts are not among them.
select
    organisation.period_end,
    'employer' as level,
    organisation.organisation_code,
    organisation.organisation_name,
    organisation.organisation_code as employer_code
from core.organisation as organisation
union all
select
    organisation.period_end,
    'icb' as level,
    board.organisation_code,
    board.organisation_name,
    organisation.organisation_code as employer_code
from core.organisation as organisation
inner join reference.organisation as board
    on organisation.icb_code = board.organisation_code and board.valid_to is null
where organisation.kind in ('CCG', 'SUB_ICB', 'ICB')

-- Grain: one row for each snapshot, level and organisation: whether its pay is known, and whose pay gap it is.
-- The law asks each legal employer for its own gap. A gap that pools the bodies of an ICB before there is an
-- ICB to employ anybody belongs to nobody: it is illustrative.
with
board as (
    select
        organisation_code,
        min(cast(valid_from as date)) as established
    from reference.organisation
    where kind = 'ICB'
    group by organisation_code
)

select
    pay.period_end,
    pay.level,
    pay.organisation_code,
    pay.is_sent and staff.is_sent as is_sent,
    pay.level <> 'employer' and pay.period_end < board.established as is_illustrative
from core.coverage as pay
inner join core.coverage as staff
    on
        pay.period_end = staff.period_end
        and pay.level = staff.level
        and pay.organisation_code = staff.organisation_code
        and staff.source = 'esr_staff'
left join board
    on pay.organisation_code = board.organisation_code
where pay.source = 'pay'

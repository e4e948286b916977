-- Grain: one row for each starter and each leaver in the accepted file of its employer and snapshot.
select
    received.period_end,
    received.organisation_code,
    mover.employee,
    mover.movement,
    mover.movement_date,
    mover.leaving_reason,
    mover.had_exit_interview,
    mover.ethnicity_key,
    mover.disability_key,
    mover.sex_key,
    mover.band_code
from landing.movers as mover
inner join ledger.load as received on mover.load_id = received.load_id
where received.status = 'landed'

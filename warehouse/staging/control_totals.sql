-- Grain: one row for each control total of a source in the accepted file of its sender and snapshot.
select
    received.period_end,
    received.organisation_code,
    control_total.counted_source,
    control_total.measure,
    control_total.total
from landing.control_totals as control_total
inner join ledger.load as received on control_total.load_id = received.load_id
where received.status = 'landed'

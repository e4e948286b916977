-- Grain: one row for each employer, snapshot and source about all staff; value: percent by which its rows moved.
-- Held against the newest file of the source in the year before.
with
sized as (
    select
        period_end,
        organisation_code,
        source,
        rows_received
    from ledger.load
    where status = 'landed' and source in ('esr_staff', 'pay')
),

compared as (
    select
        now.period_end,
        now.organisation_code,
        now.source,
        now.rows_received,
        max(earlier.period_end) as period_before,
        max_by(earlier.rows_received, earlier.period_end) as rows_before
    from sized as now
    inner join sized as earlier
        on
            now.organisation_code = earlier.organisation_code
            and now.source = earlier.source
            and now.period_end > earlier.period_end
            and now.period_end <= last_day(earlier.period_end + interval 12 month)
    group by now.period_end, now.organisation_code, now.source, now.rows_received
)

select
    period_end,
    organisation_code,
    cast(null as varchar) as characteristic,
    cast(null as varchar) as part,
    source as subject,
    cast(greatest(rows_received, rows_before) as bigint) as base,
    cast(null as bigint) as known,
    cast(null as bigint) as headcount,
    period_before,
    100.0 * abs(rows_received - rows_before) / rows_before as value,
    cast(null as bigint) as records_to_target,
    concat(rows_received, ' rows, after ', rows_before, ' at ', period_before) as detail,
    cast(null as varchar) as aim
from compared

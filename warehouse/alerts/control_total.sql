-- Grain: one row for each control total of an employer and snapshot: what it counted against what was received.
-- Found is counted in the newest file of the source that is in force, rejected ones too, as it was received: rows that
-- hold anything; different employee numbers; the sum of full-time equivalents; rows in quarantine are in all of them.
-- Found is 0 where the source was not received, and null where a cell could not be read, so that nothing can be said.
with
newest as (
    select
        period_end,
        organisation_code,
        source,
        max(load_id) as load_id
    from ledger.load
    where status <> 'superseded'
    group by period_end, organisation_code, source
),

allowed as (
    select
        code as measure,
        max(cast(tolerance as double)) as tolerance
    from reference.control_measure
    group by code
),

compared as (
    select
        control_total.period_end,
        control_total.organisation_code,
        control_total.counted_source,
        control_total.measure,
        control_total.total as expected,
        allowed.tolerance,
        newest.load_id is not null as is_received,
        case
            when newest.load_id is null then 0
            when control_total.measure = 'ROWS' then received.rows_received
            when received_total.rows_unreadable = 0 then received_total.total
        end as found
    from staging.control_totals as control_total
    inner join allowed on control_total.measure = allowed.measure
    left join newest
        on
            control_total.period_end = newest.period_end
            and control_total.organisation_code = newest.organisation_code
            and control_total.counted_source = newest.source
    left join ledger.load as received on newest.load_id = received.load_id
    left join ledger.received_total as received_total
        on
            newest.load_id = received_total.load_id
            and control_total.measure = received_total.measure
),

worded as (
    select
        *,
        concat(lower(measure), ' of ', counted_source) as subject,
        case
            when measure = 'FTE' then cast(round(expected, 2) as varchar)
            else cast(cast(expected as bigint) as varchar)
        end as expected_text,
        case
            when measure = 'FTE' then cast(round(found, 2) as varchar)
            else cast(cast(found as bigint) as varchar)
        end as found_text
    from compared
)

select
    period_end,
    organisation_code,
    cast(null as varchar) as characteristic,
    cast(null as varchar) as part,
    subject,
    cast(1 as bigint) as base,
    cast(null as bigint) as known,
    cast(null as bigint) as headcount,
    cast(null as date) as period_before,
    cast(null as bigint) as records_to_target,
    cast(null as varchar) as aim,
    expected,
    found,
    case
        when abs(found - expected) <= tolerance then 0
        else round(abs(found - expected), 2)
    end as value,
    case
        when is_received
            then concat(subject, ': ', expected_text, ' sent as the control total, ', found_text, ' received')
        else concat(subject, ': ', expected_text, ' sent as the control total, and no file was received')
    end as detail
from worded

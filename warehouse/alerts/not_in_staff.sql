-- Grain: one row for each employer, snapshot and source with rows about people of no staff extract; value: rows.
select
    received.period_end,
    received.organisation_code,
    cast(null as varchar) as characteristic,
    cast(null as varchar) as part,
    received.source as subject,
    received.rows_received as base,
    cast(null as bigint) as known,
    cast(null as bigint) as headcount,
    cast(null as date) as period_before,
    cast(count(distinct fault.row_number) as bigint) as value,
    cast(count(distinct fault.row_number) as bigint) as records_to_target,
    concat(
        count(distinct fault.row_number), ' of ', received.rows_received,
        ' rows are about people whom the staff extract does not hold'
    ) as detail,
    cast(null as varchar) as aim
from ledger.fault as fault
inner join ledger.load as received on fault.load_id = received.load_id
where fault.code = 'EMPLOYEE_UNKNOWN' and received.status in ('landed', 'rejected')
group by received.period_end, received.organisation_code, received.source, received.rows_received

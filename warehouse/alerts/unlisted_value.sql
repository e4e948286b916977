-- Grain: one row for each employer, snapshot, source and column with values that are on no list; value: rows.
select
    received.period_end,
    received.organisation_code,
    heading.characteristic,
    cast(null as varchar) as part,
    concat('''', fault.column_name, ''' of ', received.source) as subject,
    received.rows_received as base,
    cast(null as bigint) as known,
    cast(null as bigint) as headcount,
    cast(null as date) as period_before,
    cast(count(distinct fault.row_number) as bigint) as value,
    cast(count(distinct fault.row_number) as bigint) as records_to_target,
    concat(
        count(distinct fault.row_number), ' of ', received.rows_received, ' rows hold a value that is on no list'
    ) as detail,
    cast(null as varchar) as aim
from ledger.fault as fault
inner join ledger.load as received on fault.load_id = received.load_id
left join heading_read as heading
    on received.source = heading.source and fault.column_name = heading.column_name
where
    (fault.code like '%\_UNLISTED' escape '\' or fault.code = 'PAY_SCALE_UNMAPPED')
    and received.status in ('landed', 'rejected')
    and fault.row_number is not null
group by
    received.period_end,
    received.organisation_code,
    heading.characteristic,
    fault.column_name,
    received.source,
    received.rows_received

-- Grain: one row for each employer, snapshot and column that came empty; value: 1.
-- A characteristic of which nobody has a value is one too, whether its column came empty or not at all.
-- The characteristic is named for the staff extract alone: an empty column of another source says nothing of
-- who has declared, and must not stand for what does.
with
column_of_file as (
    select distinct
        received.period_end,
        received.organisation_code,
        received.source,
        received.rows_received,
        fault.column_name,
        case when received.source = 'esr_staff' then heading.characteristic end as characteristic
    from ledger.fault as fault
    inner join ledger.load as received on fault.load_id = received.load_id
    left join heading_read as heading
        on received.source = heading.source and fault.column_name = heading.column_name
    where fault.code = 'COLUMN_EMPTY' and received.status = 'landed'
)

select
    period_end,
    organisation_code,
    characteristic,
    cast(null as varchar) as part,
    concat('''', column_name, ''' of ', source) as subject,
    rows_received as base,
    cast(null as bigint) as known,
    cast(null as bigint) as headcount,
    cast(null as date) as period_before,
    1 as value,
    cast(rows_received as bigint) as records_to_target,
    concat('The column is blank in all ', rows_received, ' rows of the file') as detail,
    cast(null as varchar) as aim
from column_of_file
union all
select
    movement.period_end,
    movement.organisation_code,
    movement.characteristic,
    cast(null as varchar) as part,
    concat('for ', movement.characteristic_name, ' of esr_staff') as subject,
    movement.headcount as base,
    movement.known,
    movement.headcount,
    cast(null as date) as period_before,
    1 as value,
    movement.headcount as records_to_target,
    concat('None of ', movement.headcount, ' staff has a value') as detail,
    cast(null as varchar) as aim
from core.declaration_movement as movement
left join column_of_file as already
    on
        movement.period_end = already.period_end
        and movement.organisation_code = already.organisation_code
        and movement.characteristic = already.characteristic
        and already.source = 'esr_staff'
where movement.part = 'all' and movement.never_asked = movement.headcount and already.source is null

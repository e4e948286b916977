-- Grain: one row for each employer, snapshot and characteristic with joiners; counts behind a p-value.
-- Of trials joiners events are known; of other_trials staff at the snapshot before other_events were.
select
    period_end,
    organisation_code,
    characteristic,
    'all' as part,
    characteristic_name as subject,
    headcount_before as base,
    known,
    headcount,
    period_before,
    'binomial' as test,
    joiners_known as events,
    joiners as trials,
    known_before as other_events,
    headcount_before as other_trials,
    greatest(
        (known_before * joiners + headcount_before - 1) // headcount_before - joiners_known, 0
    ) as records_to_target,
    concat(
        joiners_known, ' of ', joiners, ' joiners have a known ', characteristic_name, ', where at ', day_before, ' ',
        known_before, ' of ', headcount_before, ' staff had one',
        case
            when 5 * joiners > headcount
                then '; so many joined that staff of another body may have come in'
            else ''
        end
    ) as detail,
    'match the staff of that day' as aim
from core.declaration_movement
where part = 'all' and joiners > 0

-- Grain: one row for each snapshot, level and organisation: whose scores of the Equality Delivery System it shows.
-- Grades are not additive: an ICB has those that it gave itself, and a system has none.
select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    case
        when coverage.level = 'system' or (coverage.level = 'icb' and own.organisation_code is null)
            then 'NOT_ADDITIVE'
        when not coalesce(own_coverage.is_sent, false) then 'MISSING_SOURCE'
    end as reason
from core.coverage as coverage
left join core.organisation as own
    on
        coverage.period_end = own.period_end
        and coverage.organisation_code = own.organisation_code
left join core.coverage as own_coverage
    on
        coverage.period_end = own_coverage.period_end
        and coverage.organisation_code = own_coverage.organisation_code
        and own_coverage.level = 'employer'
        and own_coverage.source = 'eds'
where coverage.source = 'eds'

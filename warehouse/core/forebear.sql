-- Grain: one row for each snapshot, employer and earliest body that it came from, as the law had it on that day.
-- Successions are followed back through every merger, so that three CCGs, the CCG that they became and
-- the ICB after it have the same forebears. A body that took in another one is a forebear of its own too.
-- No body is its own forebear, so that the way back ends; one that is reached on two ways is grouped to one.
with recursive
link as (
    select
        succession.new_code,
        succession.old_code,
        cast(succession.effective_date as date) as effective_date,
        min(cast(joined.valid_from as date)) < cast(succession.effective_date as date) as took_in
    from reference.succession as succession
    inner join reference.organisation as joined
        on succession.new_code = joined.organisation_code
    inner join reference.organisation as ended
        on succession.old_code = ended.organisation_code
    group by succession.new_code, succession.old_code, succession.effective_date
),

ancestry as (
    select
        period_end,
        organisation_code,
        organisation_code as body_code
    from core.organisation
    union all
    select
        ancestry.period_end,
        ancestry.organisation_code,
        link.old_code as body_code
    from ancestry
    inner join link
        on
            ancestry.body_code = link.new_code
            and ancestry.period_end >= link.effective_date
)

select
    ancestry.period_end,
    ancestry.organisation_code,
    ancestry.body_code
from ancestry
left join link
    on
        ancestry.body_code = link.new_code
        and ancestry.period_end >= link.effective_date
group by ancestry.period_end, ancestry.organisation_code, ancestry.body_code
having count(link.old_code) = 0 or bool_or(link.took_in)

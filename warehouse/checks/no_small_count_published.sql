-- Grain: one row for each published figure with a count that the policy hides; there should be none.
-- Counts of nobody's people (residents at the census) are public; answers to the staff survey follow
-- the rule of its owner, which is about their base.
select
    published.period_end,
    published.level,
    published.organisation_code,
    published.standard,
    published.indicator,
    published.part
from published
cross join policy
where
    (
        published.numerator between 1 and policy.threshold - 1
        and coalesce(published.numerator_people, 'survey/') not like 'survey/%'
    )
    or (
        published.denominator between 1 and policy.threshold - 1
        and published.denominator_people is not null
    )
    or (
        published.comparator_numerator between 1 and policy.threshold - 1
        and coalesce(published.comparator_numerator_people, 'survey/') not like 'survey/%'
    )
    or (
        published.comparator_denominator between 1 and policy.threshold - 1
        and published.comparator_denominator_people is not null
    )

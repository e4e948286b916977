-- Grain: one row for each published figure with a count that the policy hides; there should be none.
-- Counts of nobody's people (residents at the census) are public; answers to the staff survey follow
-- the rule of its owner, which is about their base; rounded counts are no counts. A policy may hold seats on a
-- board for public offices, or who is not known for nobody in particular.
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
    published.disclosure <> 'ROUNDED'
    and (
        (
            published.numerator between 1 and policy.threshold - 1
            and coalesce(published.numerator_people, 'survey/') not like 'survey/%'
            and not (policy.board_public_office and published.numerator_people like 'board/%/ethnicity/%')
            and not (not policy.unknown_sensitive and published.numerator_people like '%/UNKNOWN')
        )
        or (
            published.denominator between 1 and policy.threshold - 1
            and published.denominator_people is not null
            and not (not policy.unknown_sensitive and published.denominator_people like '%/UNKNOWN')
        )
        or (
            published.comparator_numerator between 1 and policy.threshold - 1
            and coalesce(published.comparator_numerator_people, 'survey/') not like 'survey/%'
        )
        or (
            published.comparator_denominator between 1 and policy.threshold - 1
            and published.comparator_denominator_people is not null
        )
    )

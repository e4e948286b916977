-- Grain: one row for each snapshot, level, organisation, thing asked and group of the staff survey that has a result.
-- Counts are pooled, never percentages. A result of several bodies is each body's own; where it is pooled it
-- counts once, whoever sent it, and takes the place of what one of these bodies sent for itself alone.
-- Weighted results count nobody: where there is no other, is_counted is false.
with
result as (
    select
        period_end,
        organisation_code,
        organisation_codes,
        item,
        group_code,
        base,
        events,
        score,
        not is_weighted and (events is not null or score is not null) as is_counted
    from staging.survey
),

own as (
    select
        result.period_end,
        membership.level,
        membership.organisation_code,
        result.item,
        result.group_code,
        result.base,
        result.events,
        result.score,
        result.is_counted,
        row_number() over (
            partition by
                result.period_end,
                membership.organisation_code,
                result.item,
                result.group_code
            order by
                case when result.organisation_code = membership.employer_code then 0 else 1 end asc,
                result.organisation_code asc
        ) as choice_rank
    from result
    inner join core.membership as membership
        on
            result.period_end = membership.period_end
            and membership.level = 'employer'
            and concat('/', result.organisation_codes, '/') like concat('%/', membership.employer_code, '/%')
),

sent as (
    select
        result.period_end,
        membership.level,
        membership.organisation_code,
        result.organisation_codes,
        result.item,
        result.group_code,
        result.base,
        result.events,
        result.score,
        result.is_counted,
        row_number() over (
            partition by
                result.period_end,
                membership.level,
                membership.organisation_code,
                result.organisation_codes,
                result.item,
                result.group_code
            order by
                case when result.is_counted then 0 else 1 end asc,
                result.organisation_code asc
        ) as choice_rank
    from result
    inner join core.membership as membership
        on
            result.period_end = membership.period_end
            and membership.level <> 'employer'
            and result.organisation_code = membership.employer_code
),

told as (
    select
        period_end,
        level,
        organisation_code,
        item,
        group_code,
        base,
        events,
        score,
        is_counted
    from own
    where choice_rank = 1
    union all
    select
        sent.period_end,
        sent.level,
        sent.organisation_code,
        sent.item,
        sent.group_code,
        sent.base,
        sent.events,
        sent.score,
        sent.is_counted
    from sent
    where
        sent.choice_rank = 1
        and not exists (
            select 1
            from sent as wider
            where
                sent.period_end = wider.period_end
                and sent.level = wider.level
                and sent.organisation_code = wider.organisation_code
                and sent.item = wider.item
                and sent.group_code = wider.group_code
                and wider.is_counted
                and sent.organisation_codes <> wider.organisation_codes
                and concat('/', wider.organisation_codes, '/') like concat('%/', sent.organisation_codes, '/%')
        )
)

select
    period_end,
    level,
    organisation_code,
    item,
    group_code,
    max(case when is_counted then 1 else 0 end) = 1 as is_counted,
    cast(sum(case when is_counted then base end) as bigint) as base,
    cast(sum(case when is_counted then events end) as bigint) as events,
    cast(sum(case when is_counted then score * base end) as decimal(18, 2)) as score_of_all
from told
group by period_end, level, organisation_code, item, group_code

-- Grain: one row for each employer and spelling of a directorate, with the name that it is published under.
-- Spellings that differ in case and spaces are one directorate; the commonest one names it, ties by order
-- of letters. Signs that stand between the words of a part's name are written as hyphens.
with
spelling as (
    select
        organisation_code,
        coalesce(directorate, '') as directorate,
        translate(trim(regexp_replace(coalesce(directorate, ''), '[ \t\n\f\r]+', ' ', 'g')), '/:', '--') as tidy,
        count(*) as times
    from staging.esr_staff
    group by organisation_code, coalesce(directorate, '')
),

tidied as (
    select
        organisation_code,
        tidy,
        lower(tidy) as folded,
        sum(times) as times
    from spelling
    group by organisation_code, tidy
),

ranked as (
    select
        organisation_code,
        tidy,
        folded,
        row_number() over (
            partition by organisation_code, folded
            order by times desc, tidy asc
        ) as preference
    from tidied
)

select
    spelling.organisation_code,
    spelling.directorate,
    case ranked.folded
        when '' then '(none)'
        when 'all' then '(all)'
        else ranked.tidy
    end as directorate_name
from spelling
inner join ranked
    on
        spelling.organisation_code = ranked.organisation_code
        and lower(spelling.tidy) = ranked.folded
        and ranked.preference = 1

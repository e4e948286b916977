-- Grain: one row for each snapshot, level, organisation, standard and pay quarter (1 the lowest paid).
-- Where staff on one rate fall into several quarters, each gets the same proportion of every group, so far as
-- possible: by largest remainder, the first group over the seats of the quarters, the second over those left,
-- and whoever is of neither has the rest. Equal remainders go to the lower quarter first in the first rate that
-- spans quarters, to the higher in the second, and so on, since always the lower would put the first group
-- lower. No name, number or sex takes part in the order.
-- Source: SI 2017/353, Schedule 1, paragraph 13; SI 2017/172, regulation 13.
with
first_shared as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        pence,
        quarter,
        seats,
        second_people,
        people - first_people as other_people,
        case when rate_number % 2 = 1 then quarter else -quarter end as turn,
        (first_people * seats) // people as whole_seats,
        first_people - sum((first_people * seats) // people) over (
            partition by period_end, level, organisation_code, standard, pence
        ) as seats_over,
        row_number() over (
            partition by period_end, level, organisation_code, standard, pence
            order by
                (first_people * seats) % people desc,
                case when rate_number % 2 = 1 then quarter else -quarter end asc
        ) as place
    from core.pay_seat
),

first_seated as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        pence,
        quarter,
        seats,
        second_people,
        turn,
        -- Nobody of another group: any divisor does for none.
        greatest(other_people, 1) as other_people,
        whole_seats + case when place <= seats_over then 1 else 0 end as first_seats
    from first_shared
),

second_shared as (
    select
        period_end,
        level,
        organisation_code,
        standard,
        quarter,
        seats,
        first_seats,
        (second_people * (seats - first_seats)) // other_people as whole_seats,
        second_people - sum((second_people * (seats - first_seats)) // other_people) over (
            partition by period_end, level, organisation_code, standard, pence
        ) as seats_over,
        row_number() over (
            partition by period_end, level, organisation_code, standard, pence
            order by (second_people * (seats - first_seats)) % other_people desc, turn asc
        ) as place
    from first_seated
)

select
    period_end,
    level,
    organisation_code,
    standard,
    quarter,
    cast(sum(seats) as bigint) as headcount,
    cast(sum(first_seats) as bigint) as first_headcount,
    cast(sum(whole_seats + case when place <= seats_over then 1 else 0 end) as bigint) as second_headcount
from second_shared
group by period_end, level, organisation_code, standard, quarter

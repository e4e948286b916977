-- Grain: one row for each standard, population of those paid and part, and the two groups that it compares.
-- reference_people and compared_people are the names of their members, without the population.
select
    comparison.standard,
    comparison.characteristic,
    part.population,
    part.part,
    comparison.group_code,
    comparison.compared_code,
    concat(part.part, '/', comparison.characteristic, '/', comparison.group_code) as reference_people,
    concat(part.part, '/', comparison.characteristic, '/', comparison.compared_code) as compared_people
from reference.pay_comparison as comparison
cross join core.pay_part as part
union all
select
    comparison.standard,
    comparison.characteristic,
    'full_pay' as population,
    'detail' as part,
    comparison.detail_code as group_code,
    category.category_code as compared_code,
    concat('all/', comparison.characteristic, ':', standing.group_code, '/', standing.category_code)
        as reference_people,
    concat('all/', comparison.characteristic, ':', category.group_code, '/', category.category_code)
        as compared_people
from reference.pay_comparison as comparison
inner join core.category as standing
    on
        comparison.characteristic = standing.characteristic
        and comparison.detail_code = standing.category_code
inner join core.category as category
    on
        comparison.characteristic = category.characteristic
        and category.category_code not in (comparison.detail_code, 'UNKNOWN')

-- Grain: one row for each population of those paid and part of the workforce whose pay is compared.
-- Hourly pay is compared within each band and medical grade too; bonuses among all staff alone.
select
    'full_pay' as population,
    part
from reference.workforce_part
where part = 'all' or part like 'band\_%' escape '\' or part like 'medical:%'
union all
select
    'bonus' as population,
    'all' as part

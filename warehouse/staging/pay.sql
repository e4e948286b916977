-- Grain: one row for each employee in the accepted pay file of an employer and snapshot.
-- Hourly pay is in pounds and null where there are no hours; the bonus is that of twelve months, 0 where none.
select
    received.period_end,
    received.organisation_code,
    pay.employee,
    pay.hourly_pay,
    pay.is_full_pay,
    pay.bonus_pay
from landing.pay as pay
inner join ledger.load as received on pay.load_id = received.load_id
where received.status = 'landed'

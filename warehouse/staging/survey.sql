-- Grain: one row for each item and group in the accepted survey results of an employer and snapshot.
-- organisation_codes: the bodies that one figure belongs to, joined with /, the employer among them.
select
    received.period_end,
    received.organisation_code,
    survey.organisation_codes,
    survey.survey_year,
    survey.item,
    survey.group_code,
    survey.base,
    survey.events,
    survey.percent,
    survey.score,
    survey.is_weighted
from landing.survey as survey
inner join ledger.load as received on survey.load_id = received.load_id
where received.status = 'landed'

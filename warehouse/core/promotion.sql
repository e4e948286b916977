-- Grain: one row for each person of a workforce who is in a higher band than a year before.
-- Of people who were in the workforce of the same organisation then, on Agenda for Change bands (very
-- senior managers above them) both times: medical grades are no ladder of bands.
-- Of a year: promoted is who is in a higher band than a year before.
select
    latest.period_end,
    latest.level,
    latest.organisation_code,
    latest.person
from core.workforce as latest
inner join core.workforce as earlier
    on
        earlier.period_end = last_day(cast(latest.period_end - interval 12 month as date))
        and latest.level = earlier.level
        and latest.organisation_code = earlier.organisation_code
        and latest.person = earlier.person
inner join reference.pay_row as latest_band
    on latest.band_code = latest_band.band_code
inner join reference.pay_row as earlier_band
    on earlier.band_code = earlier_band.band_code
where
    latest_band.pay_kind <> 'MEDICAL'
    and earlier_band.pay_kind <> 'MEDICAL'
    and cast(latest_band.band_order as integer) > cast(earlier_band.band_order as integer)

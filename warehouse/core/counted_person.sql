-- Grain: one row for each person whom a measure counts in an organisation at a snapshot, each person once.
-- The chosen assignment says side, band and directorate. Of a person's records a known value beats an unknown
-- one; of two known, the chosen assignment's holds.
with
described as (
    select
        counted.period_end,
        counted.level,
        counted.organisation_code,
        counted.measure,
        counted.person,
        counted.side,
        counted.band_code,
        counted.directorate,
        counted.ethnicity_key,
        counted.disability_key,
        counted.sex_key,
        counted.religion_key,
        counted.sexual_orientation_key,
        counted.marital_status_key,
        counted.age_band,
        case when ethnicity.group_code <> 'UNKNOWN' then counted.ethnicity_key end as known_ethnicity,
        case when disability.group_code <> 'UNKNOWN' then counted.disability_key end as known_disability,
        case when sex.group_code <> 'UNKNOWN' then counted.sex_key end as known_sex,
        case when religion.group_code <> 'UNKNOWN' then counted.religion_key end as known_religion,
        case
            when sexual_orientation.group_code <> 'UNKNOWN' then counted.sexual_orientation_key
        end as known_sexual_orientation,
        case when marital_status.group_code <> 'UNKNOWN' then counted.marital_status_key end as known_marital_status,
        case when counted.age_band <> 'UNKNOWN' then counted.age_band end as known_age_band,
        counted.choice_rank
    from core.counted_assignment as counted
    inner join reference.characteristic_value as ethnicity
        on
            counted.ethnicity_key = coalesce(ethnicity.received_key, '')
            and ethnicity.characteristic = 'ethnicity'
    inner join reference.characteristic_value as disability
        on
            counted.disability_key = coalesce(disability.received_key, '')
            and disability.characteristic = 'disability'
    inner join reference.characteristic_value as sex
        on
            counted.sex_key = coalesce(sex.received_key, '')
            and sex.characteristic = 'sex'
    inner join reference.characteristic_value as religion
        on
            counted.religion_key = coalesce(religion.received_key, '')
            and religion.characteristic = 'religion'
    inner join reference.characteristic_value as sexual_orientation
        on
            counted.sexual_orientation_key = coalesce(sexual_orientation.received_key, '')
            and sexual_orientation.characteristic = 'sexual_orientation'
    inner join reference.characteristic_value as marital_status
        on
            counted.marital_status_key = coalesce(marital_status.received_key, '')
            and marital_status.characteristic = 'marital_status'
),

-- Few people have more than one assignment.
other as (
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        known_ethnicity,
        known_disability,
        known_sex,
        known_religion,
        known_sexual_orientation,
        known_marital_status,
        known_age_band,
        min(case when known_ethnicity is not null then choice_rank end) over person as ethnicity_rank,
        min(case when known_disability is not null then choice_rank end) over person as disability_rank,
        min(case when known_sex is not null then choice_rank end) over person as sex_rank,
        min(case when known_religion is not null then choice_rank end) over person as religion_rank,
        min(case when known_sexual_orientation is not null then choice_rank end) over person as sexual_orientation_rank,
        min(case when known_marital_status is not null then choice_rank end) over person as marital_status_rank,
        min(case when known_age_band is not null then choice_rank end) over person as age_band_rank
    from described
    where choice_rank > 1
    window person as (partition by period_end, level, organisation_code, measure, person)
),

elsewhere as (
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        max(case when choice_rank = ethnicity_rank then known_ethnicity end) as ethnicity,
        max(case when choice_rank = disability_rank then known_disability end) as disability,
        max(case when choice_rank = sex_rank then known_sex end) as sex,
        max(case when choice_rank = religion_rank then known_religion end) as religion,
        max(case when choice_rank = sexual_orientation_rank then known_sexual_orientation end) as sexual_orientation,
        max(case when choice_rank = marital_status_rank then known_marital_status end) as marital_status,
        max(case when choice_rank = age_band_rank then known_age_band end) as age_band
    from other
    group by period_end, level, organisation_code, measure, person
)

select
    described.period_end,
    described.level,
    described.organisation_code,
    described.measure,
    described.person,
    described.side,
    described.band_code,
    described.directorate,
    coalesce(described.known_ethnicity, elsewhere.ethnicity, described.ethnicity_key) as ethnicity_key,
    coalesce(described.known_disability, elsewhere.disability, described.disability_key) as disability_key,
    coalesce(described.known_sex, elsewhere.sex, described.sex_key) as sex_key,
    coalesce(described.known_religion, elsewhere.religion, described.religion_key) as religion_key,
    coalesce(
        described.known_sexual_orientation, elsewhere.sexual_orientation, described.sexual_orientation_key
    ) as sexual_orientation_key,
    coalesce(
        described.known_marital_status, elsewhere.marital_status, described.marital_status_key
    ) as marital_status_key,
    coalesce(described.known_age_band, elsewhere.age_band, described.age_band) as age_band
from described
left join elsewhere
    on
        described.period_end = elsewhere.period_end
        and described.level = elsewhere.level
        and described.organisation_code = elsewhere.organisation_code
        and described.measure = elsewhere.measure
        and described.person = elsewhere.person
where described.choice_rank = 1

from datetime import date

import pytest

from pipeline import codes
from pipeline.resources import reference

VALUES = {
    (row["characteristic"], row["received_key"]): row for row in reference("characteristic_value")
}
GROUPS = {
    "ethnicity": {"WHITE", "BME", "UNKNOWN"},
    "disability": {"DISABLED", "NON_DISABLED", "UNKNOWN"},
    "sex": {"FEMALE", "MALE", "UNKNOWN"},
    "sexual_orientation": {"LGB_PLUS", "HETERO", "UNKNOWN"},
    "marital_status": {"MARRIED_CP", "OTHER", "UNKNOWN"},
    "religion": {
        *("ATHEISM", "BUDDHISM", "CHRISTIANITY", "HINDUISM", "ISLAM"),
        *("JAINISM", "JUDAISM", "SIKHISM", "OTHER", "UNKNOWN"),
    },
}


def meaning(characteristic: str, received: str | None) -> tuple[str, str, str]:
    row = VALUES[characteristic, codes.characteristic_key(characteristic, received)]
    return row["category_code"], row["group_code"], row["unknown_kind"]


def test_each_value_is_listed_once_in_the_groups_of_its_characteristic():
    assert len(VALUES) == len(reference("characteristic_value"))
    found = {}
    for row in VALUES.values():
        found.setdefault(row["characteristic"], set()).add(row["group_code"])
    assert found == GROUPS
    assert set(codes.CHARACTERISTIC_OF_FIELD.values()) == set(GROUPS)


def test_unknown_values_and_no_others_say_how_they_are_unknown():
    for row in VALUES.values():
        unknown = row["group_code"] == "UNKNOWN"
        assert (row["category_code"] == "UNKNOWN") == unknown
        assert (row["unknown_kind"] in ("NEVER_ASKED", "DECLINED")) == unknown, row


def test_every_listed_value_is_found_under_its_own_key():
    for (characteristic, key), row in VALUES.items():
        if key != codes.UNLISTED_KEY:
            assert codes.characteristic_key(characteristic, key) == key, row


@pytest.mark.parametrize("letter", "ABC")
def test_white_categories(letter):
    assert meaning("ethnicity", f"{letter} White") == (letter, "WHITE", "")


@pytest.mark.parametrize("letter", "DEFGHJKLMNPRS")
def test_black_and_minority_ethnic_categories(letter):
    assert meaning("ethnicity", f"{letter} Some label") == (letter, "BME", "")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("CA English", ("C", "WHITE", "")),
        ("CN Gypsy/Romany", ("C", "WHITE", "")),
        ("GF", ("G", "BME", "")),
        ("SE Other specified", ("S", "BME", "")),
        ("A1", ("A", "WHITE", "")),  # a local second character folds into the first
        ("H9 Local", ("H", "BME", "")),
        ("a white - british", ("A", "WHITE", "")),
        ("White - British", ("A", "WHITE", "")),
        ("Black or Black British - African", ("N", "BME", "")),
        ("White\xa0\u2013\xa0British", ("A", "WHITE", "")),
        ("Mixed - White & Asian", ("F", "BME", "")),
        ("Z Not Stated", ("UNKNOWN", "UNKNOWN", "DECLINED")),
        ("Not Stated", ("UNKNOWN", "UNKNOWN", "DECLINED")),
        ("99 Not Known", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("Unspecified", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("3", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        (None, ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        (" \xa0", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("NK", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),  # no local code of Black African
        ("No answer", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("do you need this", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
    ],
)
def test_ethnic_origin(received, expected):
    assert meaning("ethnicity", received) == expected


@pytest.mark.parametrize("received", ["CO", "CI", "I Other", "O", "Q", "QA", "OA", "X", "Martian"])
def test_ethnic_codes_that_are_none(received):
    assert codes.characteristic_key("ethnicity", received) == codes.UNLISTED_KEY


@pytest.mark.parametrize(
    ("characteristic", "received", "expected"),
    [
        ("disability", "Yes", ("DISABLED", "DISABLED", "")),
        ("disability", "  no ", ("NON_DISABLED", "NON_DISABLED", "")),
        ("disability", "Not Declared", ("UNKNOWN", "UNKNOWN", "DECLINED")),
        ("disability", "Prefer Not To Answer", ("UNKNOWN", "UNKNOWN", "DECLINED")),
        ("disability", "Unspecified", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("sex", "FEMALE", ("FEMALE", "FEMALE", "")),
        ("sex", "M", ("MALE", "MALE", "")),
        ("religion", "Atheism", ("ATHEISM", "ATHEISM", "")),
        (
            "religion",
            "I do not wish to disclose my religion/belief",
            ("UNKNOWN", "UNKNOWN", "DECLINED"),
        ),
        ("sexual_orientation", "Gay or  Lesbian", ("GAY_LESBIAN", "LGB_PLUS", "")),
        ("sexual_orientation", "Undecided", ("UNDECIDED", "LGB_PLUS", "")),
        (
            "sexual_orientation",
            "Other sexual orientation not listed",
            ("OTHER_ORIENTATION", "LGB_PLUS", ""),
        ),
        (
            "sexual_orientation",
            "Not stated (person asked but declined to provide a response)",
            ("UNKNOWN", "UNKNOWN", "DECLINED"),
        ),
        ("marital_status", "Civil Partnership", ("CIVIL_PARTNERSHIP", "MARRIED_CP", "")),
        ("marital_status", "Legally Separated", ("SEPARATED", "OTHER", "")),
        ("marital_status", "Unknown", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
        ("marital_status", "It's complicated", ("UNKNOWN", "UNKNOWN", "NEVER_ASKED")),
    ],
)
def test_other_characteristics(characteristic, received, expected):
    assert meaning(characteristic, received) == expected


def test_a_characteristic_without_a_list_is_an_error():
    with pytest.raises(KeyError):
        codes.characteristic_key("height", "tall")


AFC = ("1", "2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "8d", "9")


@pytest.mark.parametrize("scheme", ["XR", "XN"])
@pytest.mark.parametrize(("number", "band"), list(enumerate(AFC, start=1)))
def test_the_number_of_a_pay_scale_code_is_not_its_band_above_7(scheme, number, band):
    assert codes.band_code(f"NHS|{scheme}{number:02d}|Review Body") == band


@pytest.mark.parametrize(
    ("pay_scale", "band"),
    [
        ("NHS|XR08|Review Body Band 8 - Range A", "8a"),
        ("NHS|XN11|Non Review Body Band 8 - Range D", "8d"),
        ("NHS|XR08|Review Body Band 8 - Range C", None),  # contradicts itself
        ("NHS|XR08|Review Body Band 8", "8a"),
        ("NHS|XR13|Review Body Band 9", "9"),
        ("NHS|XR13|Anything", None),
        ("XR06", "6"),
        ("Review Body Band 5", "5"),
        ("Band 8b", "8b"),
        ("Band 8 Range B", "8b"),
        ("Band 8", None),
        ("Band 10", None),
        ("NHS|ZZ01|Apprentice", "under_1"),
        ("LOCAL|VSM1|Very Senior Manager", "vsm"),
        ("Chief Executive", "vsm"),
        ("Executive Director", "vsm"),
        ("Non-Executive Director", None),
        ("NHS|YC72|Consultant", "consultant"),
        ("Nurse Consultant", None),
        ("Consultant Midwife Band 8b", None),
        ("NHS|YM01|Associate Specialist", "non_consultant_career"),
        ("NHS|YS01|Specialty Doctor", "non_consultant_career"),
        ("NHS|MN37|Specialist Registrar", "trainee"),
        ("NHS|MN25|Foundation House Officer 1", "trainee"),
        ("LOCAL|GP01|General Practitioner", "medical_other"),
        ("LOCAL|ZZ42|Transitional Scale", None),
        ("", None),
        (None, None),
    ],
)
def test_band_code(pay_scale, band):
    assert codes.band_code(pay_scale) == band


@pytest.mark.parametrize(
    ("staff_group", "side"),
    [
        ("Administrative and Clerical", "NON_CLINICAL"),
        ("ESTATES & ANCILLARY", "NON_CLINICAL"),
        ("Add Prof Scientific and Technic", "CLINICAL"),
        ("Additional Clinical Services", "CLINICAL"),
        ("Allied Health Professionals", "CLINICAL"),
        ("Healthcare Scientists", "CLINICAL"),
        ("Nursing and Midwifery Registered", "CLINICAL"),
        ("Students", "CLINICAL"),
        ("Medical and Dental", "MEDICAL"),
        ("Pirates", None),
        (None, None),
    ],
)
def test_staff_group_side(staff_group, side):
    assert codes.staff_group_side(staff_group) == side


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Permanent", "PERMANENT"),
        ("Fixed Term Temp", "FIXED_TERM"),
        ("Bank", "BANK"),
        ("Locum", "LOCUM"),
        ("Honorary", "HONORARY"),
        ("Non-Exec Director/Chair", "NON_EXECUTIVE"),
        ("Widow/Widower", "PENSION"),
        ("Secondment In", "SECONDED_IN"),
        ("Forever", None),
    ],
)
def test_person_type(category, kind):
    assert codes.person_type(category) == kind


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Active Assignment", "ACTIVE"),
        ("Internal Secondment", "ACTIVE"),
        ("Acting Up", "ACTING_UP"),
        ("Out on External Secondment - Unpaid", "SECONDED_OUT"),
        ("Maternity & Adoption", "LEAVE"),
        ("Career Break", "CAREER_BREAK"),
        ("Suspend No Pay", "SUSPENDED"),
        ("Inactive Not Worked", "INACTIVE"),
        ("Terminate Assignment", "TERMINATED"),
        ("Unheard Of", None),
    ],
)
def test_assignment_state(status, state):
    assert codes.assignment_state(status) == state


@pytest.mark.parametrize("name", ["assignment_category", "assignment_status"])
def test_every_contract_and_state_has_a_counting_rule(name):
    ruled = {row["code"] for row in reference("inclusion_rule")}
    assert {row["code"] for row in reference(name)} <= ruled


@pytest.mark.parametrize(
    ("meaning", "received", "code"),
    [
        (codes.case_type, "Disciplinary", "DISCIPLINARY"),
        (codes.case_type, "CAPABILITY - PERFORMANCE", "CAPABILITY_PERFORMANCE"),
        (codes.case_type, "Capability \u2013 Ill Health", "CAPABILITY_ILL_HEALTH"),
        (codes.case_type, "Grievance", "GRIEVANCE"),
        (codes.case_type, "Bullying And Harassment", "BULLYING_HARASSMENT"),
        (codes.case_type, "Bullying & Harassment", "BULLYING_HARASSMENT"),
        (codes.case_type, "Capability", None),
        (codes.course_type, "Mandatory", "MANDATORY"),
        (codes.course_type, "Non-Mandatory", "NON_MANDATORY"),
        (codes.course_type, "cpd", "CPD"),
        (codes.course_type, "", None),
        (codes.movement, "Starter", "STARTER"),
        (codes.movement, "LEAVER", "LEAVER"),
        (codes.movement, "Secondment", None),
        (codes.leaving_reason, "Voluntary Resignation - Work Life Balance", "RESIGNATION"),
        (codes.leaving_reason, "Retirement Age", "RETIREMENT"),
        (codes.leaving_reason, "End of Fixed Term Contract", "END_OF_CONTRACT"),
        (codes.leaving_reason, "Dismissal - Capability", "DISMISSAL"),
        (codes.leaving_reason, "Redundancy - Compulsory", "REDUNDANCY"),
        (codes.leaving_reason, "Employee Transfer", "TRANSFER"),
        (codes.leaving_reason, "Death in Service", "DEATH_IN_SERVICE"),
        (codes.leaving_reason, "Pregnancy", "OTHER"),
        (codes.leaving_reason, "Unknown", "UNKNOWN"),
        (codes.leaving_reason, "Bored", None),
        (codes.leaving_reason, None, None),
    ],
)
def test_words_of_cases_courses_and_movements(meaning, received, code):
    assert meaning(received) == code


@pytest.mark.parametrize("name", ["case_type", "course_type", "movement", "leaving_reason"])
def test_every_listed_word_is_found_as_it_is_written(name):
    for row in reference(name):
        assert getattr(codes, name)(row["received_key"]) == row["code"]


def test_every_code_list_has_each_key_once():
    names = (
        *("pay_scale", "grade_word", "staff_group"),
        *("assignment_category", "assignment_status"),
        *("case_type", "course_type", "movement", "leaving_reason"),
    )
    for name in names:
        keys = [row["received_key"] for row in reference(name)]
        assert len(keys) == len(set(keys)), name


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2002, 4, 1), date(2023, 3, 31), "<=20"),
        (date(2002, 3, 31), date(2023, 3, 31), "21-25"),
        (date(1997, 4, 1), date(2023, 3, 31), "21-25"),
        (date(1997, 3, 31), date(2023, 3, 31), "26-30"),
        (date(1953, 3, 31), date(2023, 3, 31), "66-70"),
        (date(1952, 3, 31), date(2023, 3, 31), ">=71"),
        (date(2000, 2, 29), date(2021, 2, 28), "<=20"),  # the birthday is 1 March
        (date(2000, 2, 29), date(2021, 3, 1), "21-25"),
    ],
)
def test_age_band(born, on, band):
    assert codes.age_band(born, on) == band

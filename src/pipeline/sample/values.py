"""The value lists of an ESR extract and how often each value occurs in the sample (invented).

Ethnic categories: NHS Data Dictionary, ETHNIC CATEGORY (the 16+1 national codes; a second
character is a local detail of the first). The other lists are those that CCGs printed in their
equality reports. A value that stands for nothing known occurs in each of its written forms.
"""

ETHNIC_LABELS = {
    "A": "White - British",
    "B": "White - Irish",
    "C": "White - Any other White background",
    "C2": "White Northern Irish",
    "C3": "White Unspecified",
    "CA": "White English",
    "CB": "White Scottish",
    "CC": "White Welsh",
    "CD": "White Cornish",
    "CE": "White Cypriot (non specific)",
    "CF": "White Greek",
    "CG": "White Greek Cypriot",
    "CH": "White Turkish",
    "CJ": "White Turkish Cypriot",
    "CK": "White Italian",
    "CL": "White Irish Traveller",
    "CM": "White Traveller",
    "CN": "White Gypsy/Romany",
    "CP": "White Polish",
    "CQ": "White ex-USSR",
    "CR": "White Kosovan",
    "CS": "White Albanian",
    "CT": "White Bosnian",
    "CU": "White Croatian",
    "CV": "White Serbian",
    "CW": "White Other Ex-Yugoslav",
    "CX": "White Mixed",
    "CY": "White Other European",
    "D": "Mixed - White & Black Caribbean",
    "E": "Mixed - White & Black African",
    "F": "Mixed - White & Asian",
    "G": "Mixed - Any other mixed background",
    "GA": "Mixed - Black & Asian",
    "GB": "Mixed - Black & Chinese",
    "GC": "Mixed - Black & White",
    "GD": "Mixed - Chinese & White",
    "GE": "Mixed - Asian & Chinese",
    "GF": "Mixed - Other/Unspecified",
    "H": "Asian or Asian British - Indian",
    "J": "Asian or Asian British - Pakistani",
    "K": "Asian or Asian British - Bangladeshi",
    "L": "Asian or Asian British - Any other Asian background",
    "LA": "Asian Mixed",
    "LB": "Asian Punjabi",
    "LC": "Asian Kashmiri",
    "LD": "Asian East African",
    "LE": "Asian Sri Lankan",
    "LF": "Asian Tamil",
    "LG": "Asian Sinhalese",
    "LH": "Asian British",
    "LJ": "Asian Caribbean",
    "LK": "Asian Unspecified",
    "M": "Black or Black British - Caribbean",
    "N": "Black or Black British - African",
    "P": "Black or Black British - Any other Black background",
    "PA": "Black Somali",
    "PB": "Black Mixed",
    "PC": "Black Nigerian",
    "PD": "Black British",
    "PE": "Black Unspecified",
    "R": "Chinese",
    "S": "Any Other Ethnic Group",
    "SA": "Vietnamese",
    "SB": "Japanese",
    "SC": "Filipino",
    "SD": "Malaysian",
    "SE": "Other Specified",
    "Z": "Not Stated",
}

WHITE = {"A": 920, "B": 28, "C": 52}
BME = {
    "D": 90, "E": 50, "F": 100, "G": 80, "H": 190, "J": 80, "K": 40, "L": 90,
    "M": 45, "N": 75, "P": 45, "R": 75, "S": 40,
}  # fmt: skip
BME_OF_A_PORT = {
    "D": 100, "E": 60, "F": 60, "G": 80, "H": 100, "J": 50, "K": 40, "L": 80,
    "M": 60, "N": 150, "P": 80, "R": 80, "S": 60,
}  # fmt: skip
"""Liverpool's, whose Black and Chinese communities are among the oldest in the country."""

LEGACY = "legacy"
UNKNOWN_ETHNICITY = ("Z", "", "99", "Z", LEGACY, "Z", "", "(blank)", "Z", LEGACY)
"""Taken in turn; LEGACY is one of the single digits of the 1991 list, which outlived it."""

DISABILITY_KNOWN = {"No": 930, "Yes": 70}
DISABILITY_UNKNOWN = {"Not Declared": 420, "Unspecified": 300, "Prefer Not To Answer": 140, "": 140}

RELIGION = {
    "Christianity": 520,
    "Atheism": 160,
    "I do not wish to disclose my religion/belief": 110,
    "Other": 60,
    "Unspecified": 70,
    "Islam": 20,
    "Hinduism": 15,
    "Buddhism": 10,
    "Judaism": 9,
    "Sikhism": 8,
    "Jainism": 8,
    "": 10,
}
ORIENTATION = {
    "Heterosexual or Straight": 830,
    "Not stated (person asked but declined to provide a response)": 70,
    "Unspecified": 50,
    "Gay or Lesbian": 20,
    "Bisexual": 10,
    "Undecided": 5,
    "Other sexual orientation not listed": 5,
    "": 10,
}
MARITAL = {
    "Married": 560,
    "Single": 270,
    "Divorced": 80,
    "Unknown": 30,
    "Legally Separated": 20,
    "Widowed": 15,
    "Civil Partnership": 15,
    "": 10,
}


def ethnic_text(code: str, writes_labels: bool) -> str:
    """Return an ethnic origin as an employer writes it: "A", or "A White - British"."""
    return f"{code} {ETHNIC_LABELS[code]}" if writes_labels and code in ETHNIC_LABELS else code

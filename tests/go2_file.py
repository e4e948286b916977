"""Files of the ESR outbound interface GO2, made of records by the names of their fields."""

from pipeline.read.go2 import layout

PERSON = {
    "EffectiveStartDate": "20150401",
    "Gender": "F",
    "DateOfBirth": "19800615",
    "HireDate": "20150401",
    "EthnicOrigin": "A",
    "DisabilityFlag": "N",
    "MaritalStatus": "Married",
}
ASSIGNMENT = {
    "EffectiveStartDate": "20180401",
    "AssignmentType": "E",
    "UserAssignmentStatus": "Active Assignment",
    "AssignmentCategory": "Permanent",
    "PrimaryAssignment": "Yes",
    "Fte": "1",
    "PositionName": "4362624|Officer|G2A|Payroll",
    "Grade": "NHS|XR05|Review Body Band 5",
    "JobName": "Administrative and Clerical|Officer",
}


def record(kind: str, tag: str, **fields: str) -> str:
    """Return a record of a kind with these fields and all others blank."""
    values = {"RecordType": tag, **fields}
    return "~".join(values.get(name, "") for name in layout()[kind])


def person(number: int, **fields: str) -> str:
    """Return the person record of person ``number``."""
    own = {
        "PersonId": str(number),
        "EmployeeNumber": str(20_000_000 + number),
        "NhsUniqueId": str(70_000_000 + number),
    }
    return record("Person", "PRA", **{**PERSON, **own, **fields})


def assignment(number: int, **fields: str) -> str:
    """Return the only assignment record of person ``number``."""
    own = {
        "PersonId": str(number),
        "AssignmentId": str(500 + number),
        "AssignmentNumber": str(20_000_000 + number),
        "PositionId": "77",
    }
    return record("Assignment", "ASG", **{**ASSIGNMENT, **own, **fields})


def go2_text(*records: str, name: str = "GO_123_EXP_GOF_20220401_00000001.DAT") -> str:
    """Return records as a whole file: header first, trailer last."""
    header = f"HDR~{name}~20220401 010000~123~20220301 010000~20220401 010000~2"
    lines = [header, *records, f"TRL~{len(records)}"]
    return "".join(f"{line}\r\n" for line in lines)

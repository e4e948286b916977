"""A staff extract as records of the ESR outbound interface GO2: fields by their place.

Source of the places: RichEDev/Storybook on GitHub, an open-source reader of the interface.
"""

Row = dict[str, str]

# Tag of a record, its number of fields and the places of those that a report has as well.
GO2_FIELDS = {
    "PRA": (
        44,
        {
            4: "Employee Number",
            12: "Gender",
            13: "Date Of Birth",
            15: "NHS Unique Id",
            16: "Latest Start Date",
            22: "Ethnic Origin",
            23: "Marital Status",
            39: "Disability",
        },
    ),
    "ASG": (
        50,
        {
            7: "Assignment Number",
            9: "Assignment Status",
            20: "Assignment Category",
            21: "Primary Assignment",
            25: "FTE",
            30: "Pay Scale",
        },
    ),
    "POA": (24, {8: "Staff Group", 9: "Job Role", 10: "Occupation Code"}),
}
PERSON_ID, POSITION_ID = 1, 28


def read_go2(text: str) -> list[Row]:
    """Return the assignments of a GO2 file with their people and positions."""
    header, *records, trailer = [line.split("~") for line in text.splitlines()]
    assert header[0] == "HDR"
    assert trailer == ["TRL", str(len(records))]
    found: dict[str, dict[str, Row]] = {tag: {} for tag in GO2_FIELDS}
    rows = []
    for record in records:
        count, places = GO2_FIELDS[record[0]]
        assert len(record) == count
        named = {name: record[place] for place, name in places.items()}
        if record[0] == "ASG":
            rows.append((record[PERSON_ID], record[POSITION_ID], named))
        else:
            found[record[0]][record[1]] = named
    joined = [
        found["PRA"][person_id] | named | found["POA"][position_id]
        for person_id, position_id, named in rows
    ]
    for row in joined:
        for name in ("Date Of Birth", "Latest Start Date"):
            row[name] = f"{row[name][:4]}-{row[name][4:6]}-{row[name][6:]}"
    return joined

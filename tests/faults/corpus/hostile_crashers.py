"""Inputs that once broke a reader, found by fuzzing: the reader and the bytes, cut down by hand."""
# ruff: noqa: E501 - a line for each file of the corpus

CRASHERS: tuple[tuple[str, bytes], ...] = (
    ("cells", b"9" * 400),
    ("nomis", b"geography code,Sex: Female\nE92000001\n"),
    ("nomis", b"Sex: Female,geography code\n1\n"),
    ("nomis", b"geography code,Sex: Female\nE92000001," + b"9" * 400 + b"\n"),
    ("nomis", b"geography code,Sex: Female\nE92000001,inf\n"),
    ("nomis", b"\x1f\x8b\x08\x00" + bytes(40)),
    ("nomis", b"\x1f\x8bnot packed"),
    ("settings", b'inbox = "~nobody-of-that-name"'),
    ("settings", b'disclosure = "~nobody-of-that-name/x"'),
    ("settings", b"lock_wait_seconds = " + b"9" * 400),
    ("settings", b"lock_wait_seconds = " + b"9" * 5_000),
    ("settings", b"inbox = " + b"[" * 50_000),
    ("channels", b"attempts = " + b"[" * 50_000),
    ("channels", b"attempts = " + b"9" * 5_000),
    ("channels", b'[email]\nhost = "h"\nsender = "a@b"\nca_file = "~nobody-of-that-name/x"'),
    ("channels", b'[email]\nhost = "h"\nuser = "u"\npassword_file = "~nobody-of-that-name/x"'),
    ("survey_workbook", b"ODS code|Weighting|Q14a\nQHL"),
    ("survey_workbook", b"x|Survey 2024|Q14a\nODS code|Benchmarking group|% Never|Base\nQHL|ICBs"),
    ("survey_workbook", b"Survey 2024||Q14a\nODS code|x|% Never|Base\nQHL|x|1|" + b"9" * 400),
    ("text", b"\x01\x00Member Id,Voting\x85x,Executive,Ethnic Origin\n1,2\n"),
    ("text", "\x01\x00Member Id,\u202eVoting,Executive,Ethnic Origin\n1,2\n".encode()),
    # The reader of workbooks ended the process, or looked for memory for a minute.
    ("workbook_parts", b'x<worksheet><sheetData><row r="1"><c r="A' + b"P" * 66 + b'1" t="b"><v>1</v></c></row></sheetData></worksheet>'),
    ("workbook_parts", b'x<worksheet><sheetData><row r="1"><c r="3B" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData></worksheet>'),
    ("workbook_parts", b'x<worksheet><sheetData><row r="1"><c r=" B2" t="e"><f>1/0</f><v>#DIV!</v></c></row></sheetData></worksheet>'),
    ("workbook_parts", b'x<worksheet><sheetData><row r="1"><c r="%A1" t="e"><v>0</v></c></row></sheetData></worksheet>'),
    ("workbook_bytes", b"\x00" * 30 + b"PK\x01\x02" + b"\xff" * 42 + b"PK\x05\x06" + bytes(4)
        + b"\x01\x00\x01\x00" + b"\x2e\x00\x00\x00\x22\x00\x00\x00\x00\x00"),
)  # fmt: skip

"""From an inbox to the digests that people get, over two snapshots, with real receivers."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from command import Result, equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_rows, write_inbox
from receivers import Certificate, Endpoint, Mailbox, certificate, http_endpoint, smtp_server

from pipeline import release_stages
from pipeline.settings import Home
from pipeline.trail import entries

DECEMBER, MARCH = "2021-12-31", "2022-03-31"
SECRETS = ["hunter-PLANTED", "token-PLANTED"]
PERSON = ["ZZsurname", "ZZorigin", "29345672"]
SEFTON, HALTON, ICB, ANALYST = (
    f"{name}@example.org" for name in ("sefton", "halton", "icb", "analyst")
)


@dataclass
class Told:
    """A home with channels, what its runs printed and what people got after each."""

    home: Path
    mailbox: Mailbox
    endpoint: Endpoint
    runs: list[Result] = field(default_factory=list)
    mails: list[dict[str, list[str]]] = field(default_factory=list)
    posts: list[list[str]] = field(default_factory=list)

    def run(self) -> Result:
        """Run, and keep what people got since the run before."""
        self.mailbox.messages.clear()
        self.endpoint.posts.clear()
        result = equality("run", "--home", self.home)
        self.runs.append(result)
        got = {address: texts(self.mailbox, address) for address in (SEFTON, HALTON, ICB, ANALYST)}
        self.mails.append({address: found for address, found in got.items() if found})
        self.posts.append([post["message"] for post in self.endpoint.posts])
        return result


def texts(mailbox: Mailbox, address: str) -> list[str]:
    """Return subject and plain text of each message that an address got."""
    return [
        f"{message['Subject']}\n{message.get_body(('plain',)).get_content()}".replace("\r\n", "\n")
        for message in mailbox.to(address)
    ]


def has_point(text: str, point: str) -> bool:
    """Return whether a digest tells something, whatever it says is to be done about it."""
    return any(line.startswith(point) for line in text.splitlines())


def write_channels(home: Path, known: Certificate, mailbox: Mailbox, endpoint: Endpoint) -> Path:
    path = home / "channels.toml"
    path.write_text(f"""
        wait_seconds = 0
        attempts = 2
        [email]
        host = "127.0.0.1"
        port = {mailbox.port}
        sender = "equality@example.org"
        user = "robot"
        password_file = "mail.password"
        ca_file = "{known.chain}"
        timeout = 5
        [analyst]
        email = ["{ANALYST}"]
        [icb.QYG]
        email = ["{ICB}"]
        [employer.01T]
        email = ["{SEFTON}"]
        [employer.01F]
        email = ["{HALTON}"]
        apprise = ["json://{endpoint.address}/token-PLANTED"]
    """)
    path.chmod(0o600)
    (home / "mail.password").write_text("hunter-PLANTED\n")
    (home / "mail.password").chmod(0o600)
    return path


def write_snapshot(home: Path, period: str) -> None:
    """Of 200 in 01T 25 are unknown, 15 above the target; of 300 in 01F 20, which is 5 above it."""
    inbox = home / "inbox"
    staff = staff_rows({WHITE: 125, BME: 50, UNKNOWN: 25})
    staff[0] |= {"Employee Number": "29345672", "Directorate": "ZZsurname"}
    write_inbox(inbox, period, "01T", "esr_staff", staff)
    few = staff_rows({WHITE: 200, BME: 80, UNKNOWN: 20}, first=500)
    write_inbox(inbox, period, "01F", "esr_staff", few)


TOLD_TOGETHER = {
    "was not received": "not received",
    "is pooled from some employers only": "pooled from some of its employers only",
}


@pytest.fixture(scope="module")
def known(module_folders):
    return certificate(module_folders.mktemp("tls") / "known")


@pytest.fixture(scope="module")
def told(module_folders, known):
    """Four runs: December, nothing new, March with a file that is rejected, nothing new."""
    home = module_folders.mktemp("told") / "home"
    home.mkdir()
    with smtp_server(known, users=True) as mailbox, http_endpoint() as endpoint:
        found = Told(home, mailbox, endpoint)
        write_channels(home, known, mailbox, endpoint)
        write_snapshot(home, DECEMBER)
        found.run()
        found.run()
        write_snapshot(home, MARCH)
        board = [
            {name: value for name, value in row.items() if name != "Ethnic Origin"}
            for row in board_rows({"ZZorigin": 9})
        ]
        write_inbox(home / "inbox", MARCH, "01T", "board", board)
        found.run()
        found.run()
        yield found


def test_each_is_told_of_the_first_snapshot(told):
    assert told.runs[0].exit_code == 0, told.runs[0].err
    assert "Told: four digests sent." in told.runs[0].out.splitlines()
    assert set(told.mails[0]) == {SEFTON, HALTON, ICB}
    (sefton,) = told.mails[0][SEFTON]
    subject = "Data quality 31 December 2021, NHS South Sefton CCG (01T): one new alert"
    assert sefton.splitlines()[0] == subject
    line = "- fewer than 95% of staff have a known ethnicity: 15 records to reach 95%."
    assert has_point(sefton, line)
    assert "(01F)" not in sefton


def test_a_small_gap_is_told_as_small_over_every_channel(told):
    (halton,), (post,) = told.mails[0][HALTON], told.posts[0]
    line = "- fewer than 95% of staff have a known ethnicity: fewer than 10 records to reach 95%."
    assert has_point(halton, line)
    assert halton.partition("\n")[2].strip() == post.strip()


def test_the_icb_is_told_what_is_published_and_no_gap(told):
    (icb,) = told.mails[0][ICB]
    assert "(01T): fewer than 95% of staff have a known ethnicity" in icb
    assert "records to reach" not in icb
    with duckdb.connect(str(told.home / "published" / "equality.duckdb"), read_only=True) as found:
        published = found.execute(
            "select organisation_code, split_part(message, ';', 1) from alert "
            f"where period_end = '{MARCH}' and code <> 'SOURCE_REJECTED'"
        ).fetchall()
    (later,) = told.mails[2][ICB]
    named = [line for line in later.splitlines() if line.startswith("- ")]
    together, alone = set(), 0
    for code, message in published:
        source, _, rest = message.partition(" ")
        if rest in TOLD_TOGETHER:
            start = f"({code}): {TOLD_TOGETHER[rest]}: "
            (line,) = [
                line for line in named if source in line.rstrip(".").partition(start)[2].split(", ")
            ]
            together.add(line)
        else:
            assert [line for line in named if f"({code}): {message}" in line], message
            alone += 1
    rejected = [line for line in named if line.endswith("board of 31 March 2022 was rejected.")]
    # Two employers and their pool lack several extracts since now, and the pool one since before.
    assert len(together) == 4
    assert len(named) == alone + len(together) + len(rejected)
    assert len(rejected) == 1


def test_a_run_with_nothing_new_tells_nobody(told):
    for number in (1, 3):
        assert told.mails[number] == {}
        assert told.posts[number] == []
        assert "Told" not in told.runs[number].out


def test_the_next_snapshot_says_how_long_it_has_stood(told):
    assert told.runs[2].exit_code == 3
    (sefton,) = told.mails[2][SEFTON]
    lines = sefton.splitlines()
    subject = "Data quality 31 March 2022, NHS South Sefton CCG (01T): two new alerts"
    assert lines[0] == subject
    running = (
        "- Second quarter running: fewer than 95% of staff have a known ethnicity: "
        "15 records to reach 95%."
    )
    assert lines.index("New this quarter") < lines.index("Still to be mended")
    (at,) = [number for number, line in enumerate(lines) if line.startswith(running)]
    assert lines.index("Still to be mended") < at


def test_a_file_that_was_rejected_is_told_with_how_to_mend_it(told):
    (sefton,) = told.mails[2][SEFTON]
    assert (
        "- board of 31 March 2022 was rejected: A column that must be there is missing. Add the "
        "column to the report, or give it the heading that is named here."
    ) in sefton.splitlines()


def test_no_figure_below_the_threshold_stands_in_any_digest(told):
    every = [text for mails in told.mails for found in mails.values() for text in found]
    assert len(every) == 6
    for text in [*every, *(post for posts in told.posts for post in posts)]:
        without = re.sub(r"\((01T|01F|01V|QYG)\)|3[01] [DM]\w+ 202[12]|fewer than 10", "", text)
        assert not [n for n in re.findall(r"\d+", without) if int(n) < 10], without


def test_secrets_and_people_are_nowhere(told):
    printed = "".join(result.out + result.err for result in told.runs)
    listed = "".join(
        equality(command, "--home", told.home, "--json").out for command in ("alerts", "status")
    )
    told_to_people = str((told.mails, told.posts))
    for planted in (*SECRETS, *PERSON):
        assert planted not in printed + listed + told_to_people
    for name, content in files(told.home).items():
        if name.partition("/")[0] not in ("channels.toml", "mail.password", "inbox"):
            assert not [each for each in SECRETS if each.encode() in content], name
    ledger = [
        str(private_rows(told.home, f"select * from ledger.{table}"))
        for table in ("delivery", "acknowledgement", "fault", "stray")
    ] + [Home(told.home).trail.read_text(encoding="ascii")]
    assert "(01T)" in ledger[0]
    for planted in (*SECRETS, *PERSON, SEFTON, "example.org", told.endpoint.address):
        assert planted not in "".join(ledger)


def test_only_messages_to_the_right_people_left(told):
    assert set(told.mailbox.users) == {("robot", "hunter-PLANTED")}
    assert set(told.endpoint.paths) == {"/hook/token-PLANTED"}


@pytest.fixture
def copy(told, tmp_path, known):
    """A copy of the home with receivers of its own, which were told already."""
    home = shutil.copytree(told.home, tmp_path / "home")
    with smtp_server(known, users=True) as mailbox, http_endpoint() as endpoint:
        write_channels(home, known, mailbox, endpoint)
        yield Told(home, mailbox, endpoint)


def test_a_new_address_is_told_what_stands_and_the_others_are_not(copy):
    copy.run()
    assert copy.mails == [{}]
    assert len(copy.posts[0]) == 1


@pytest.mark.slow
def test_a_mail_server_that_is_down_fails_no_release(copy, known):
    write_inbox(
        copy.home / "inbox", MARCH, "01T", "esr_staff", staff_rows({WHITE: 50, UNKNOWN: 30})
    )
    path = copy.home / "channels.toml"
    right = path.read_text()
    path.write_text(right.replace(f"port = {copy.mailbox.port}", "port = 1"))
    result = copy.run()
    assert (result.exit_code, result.err) == (3, "")
    lines = result.out.splitlines()
    at = lines.index("One digest could not be sent and will be tried again:")
    assert lines[at + 1 :] == [
        "  01T by e-mail: the mail server 127.0.0.1, port 1, does not answer",
    ]
    assert lines[at - 1] == "Told: one digest sent.", "the service of Apprise is another one"
    path.write_text(right)
    again = copy.run()
    assert again.out.splitlines()[-2:] == [
        f"Published: {copy.home / 'published' / 'equality.duckdb'}",
        "Told: one digest sent.",
    ]
    (sefton,) = copy.mails[1][SEFTON]
    assert ": 26 records to reach 95%." in sefton
    assert copy.run().out == again.out.replace("Told: one digest sent.\n", "")


@pytest.mark.slow
def test_a_run_that_is_killed_after_it_published_is_made_up_for(copy, monkeypatch):
    write_inbox(
        copy.home / "inbox", MARCH, "01T", "esr_staff", staff_rows({WHITE: 50, UNKNOWN: 30})
    )

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run._tell", killed)
        assert copy.run().exit_code == 130
    assert copy.mails == [{}]
    result = copy.run()
    assert "Nothing new: release" in result.out
    assert set(copy.mails[1]) == {SEFTON}, "the ICB is told no numbers, so nothing new"


@pytest.mark.slow
def test_the_analyst_alone_is_told_that_the_gate_stopped(copy, monkeypatch):
    write_inbox(
        copy.home / "inbox", MARCH, "01T", "esr_staff", staff_rows({WHITE: 50, UNKNOWN: 30})
    )
    right = release_stages.assess

    def one_too_many(*arguments):
        figures = right(*arguments)
        profile = figures["standard"].eq("PSED") & figures["group_code"].eq("BME")
        figures.loc[profile, "numerator"] += 1
        return figures

    with monkeypatch.context() as patch:
        patch.setattr(release_stages, "assess", one_too_many)
        assert copy.run().exit_code == 1
        assert copy.run().exit_code == 1
    assert set(copy.mails[0]) == {ANALYST}
    (text,) = copy.mails[0][ANALYST]
    assert text.startswith("Data quality 31 March 2022: the gate stopped the release\n")
    (reason,) = [line for line in text.splitlines() if "groups_add_up" in line]
    assert reason.startswith("- PSED groups_add_up failed (")
    assert "Told: one digest sent." in copy.runs[0].out
    assert copy.mails[1] == {}, "the same stop is told once"
    assert copy.run().exit_code == 3
    assert set(copy.mails[2]) == {SEFTON}


def test_an_employer_none_of_whose_files_was_accepted_is_told(tmp_path, known):
    home = tmp_path / "home"
    write_inbox(home / "inbox", MARCH, "01T", "board", board_rows({WHITE: 9})).write_bytes(b"")
    with smtp_server(known, users=True) as mailbox, http_endpoint() as endpoint:
        new = Told(home, mailbox, endpoint)
        write_channels(home, known, mailbox, endpoint)
        assert new.run().exit_code == 3
    (sefton,) = new.mails[0][SEFTON]
    assert "board of 31 March 2022 was rejected: The file is empty" in sefton
    assert set(new.mails[0]) == {SEFTON}


def test_without_channels_nobody_is_told_and_the_run_says_so(tmp_path):
    write_snapshot(tmp_path, MARCH)
    result = equality("run", "--home", tmp_path)
    assert (result.exit_code, result.err) == (0, "")
    last = result.out.splitlines()[-1]
    assert last == f"Nobody was told of the alerts: there is no {tmp_path / 'channels.toml'}"
    assert "Nobody was told" not in equality("run", "--home", tmp_path).out


def test_channels_that_cannot_be_used_are_told_before_anything_is_done(tmp_path):
    write_snapshot(tmp_path, MARCH)
    path = tmp_path / "channels.toml"
    path.write_text('[employer.01T]\nemail = ["PLANTED"]\n')
    path.chmod(0o644)
    result = equality("run", "--home", tmp_path)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.splitlines() == [
        f"equality: {path} cannot be used, so nothing was run:",
        f"  it can be read by other accounts, and it holds tokens. Run: chmod 600 {path}",
        "  [employer.01T] email: address 1 of the list is no e-mail address.",
        "  [email] is missing, and addresses for e-mail are given; name the server.",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["channels.toml", "inbox"]


@pytest.mark.slow
def test_an_alert_is_acknowledged_for_as_long_as_it_runs(copy):
    arguments = ("--organisation", "01T", "--code", "DECLARATION_BELOW_TARGET")
    command = ("alerts", "acknowledge", "--home", copy.home, *arguments)
    result = equality(*command, "--note", "A letter went out")
    assert (result.exit_code, result.err) == (0, "")
    assert result.out == (
        "Acknowledged: 01T --code DECLARATION_BELOW_TARGET --characteristic 'ethnicity' "
        "(fewer than 95% of staff have a known ethnicity)\n"
    )
    flags = {
        (row["organisation_code"], row["period_end"]): row["acknowledged"]
        for row in json.loads(equality("alerts", "--home", copy.home, "--json").out)
        if row["code"] == "DECLARATION_BELOW_TARGET"
    }
    assert flags == {
        ("01T", DECEMBER): False,
        ("01T", MARCH): True,
        ("01F", DECEMBER): False,
        ("01F", MARCH): False,
    }
    (noted,) = [entry for entry in entries(Home(copy.home)) if entry.action.startswith("alerts")]
    assert noted.action == "alerts acknowledge"
    (alert,) = noted.detail["alerts"]
    assert "--code DECLARATION_BELOW_TARGET" in alert
    assert "A letter went out" not in str(noted), "free text may name somebody"

    assert copy.run().exit_code == 3
    assert copy.mails[0] == {}, "what is known is no news"
    write_snapshot(copy.home, "2022-06-30")
    copy.run()
    (sefton,) = copy.mails[1][SEFTON]
    known = sefton.splitlines()[sefton.splitlines().index("Acknowledged") + 1]
    assert known.startswith("- fewer than 95% of staff have a known ethnicity: 15 records")
    with duckdb.connect(str(copy.home / "published" / "equality.duckdb"), read_only=True) as found:
        published = found.execute(
            "select cast(period_end as varchar) from alert "
            "where acknowledged and organisation_code = '01T' order by all"
        ).fetchall()
    assert published == [(MARCH,), ("2022-06-30",)]

    assert equality(*command, "--withdraw").exit_code == 0
    listed = json.loads(equality("alerts", "--home", copy.home, "--json").out)
    assert not [row for row in listed if row["acknowledged"]]
    again = equality(*command, "--withdraw")
    assert again.exit_code == 2
    assert "There is no acknowledgement for --organisation 01T" in again.err
    assert "the organisations that have one are none." in again.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--organisation", "01T", "--code", "NOTHING"], "01T has: --code DECLARATION_BELOW_TARGET "
         "--characteristic 'ethnicity' (fewer than 95% of staff have a known ethnicity); "),
        (["--organisation", "01X", "--code", "SOURCE_MISSING"],
         "the organisations that have one are 01F, 01T, QYG."),
        (["--organisation", "01T", "--code", "DECLARATION_BELOW_TARGET", "--characteristic", "sex"],
         "There is no alert for --organisation 01T --code DECLARATION_BELOW_TARGET "
         "--characteristic sex. 01T has: "),
        (["--organisation", "01T", "--code", "DECLARATION_BELOW_TARGET", "--period", "2020-03-31"],
         "--period 2020-03-31. 01T has: "),
    ],
)  # fmt: skip
def test_an_alert_that_is_not_there_is_told_with_those_that_are(copy, arguments, words):
    result = equality("alerts", "--home", copy.home, "acknowledge", *arguments)
    assert (result.exit_code, result.out) == (2, "")
    assert words in result.err
    assert private_rows(copy.home, "select * from ledger.acknowledgement") == []


def test_parts_and_periods_choose_what_is_acknowledged(copy):
    every = ("alerts", "acknowledge", "--home", copy.home, "--organisation", "01f")
    for code, period in (("declaration_below_target", DECEMBER), ("source_missing", MARCH)):
        result = equality(*every, "--code", code, "--part", "all", "--period", period)
        assert (result.exit_code, result.err) == (0, "")
    part = equality(*every, "--code", "SOURCE_MISSING", "--part", "directorate:Finance")
    assert part.exit_code == 2
    listed = json.loads(equality("alerts", "--home", copy.home, "--json").out)
    own = [row for row in listed if row["organisation_code"] == "01F"]
    assert {(row["code"], row["period_end"]) for row in own} == {
        ("DECLARATION_BELOW_TARGET", DECEMBER),
        ("DECLARATION_BELOW_TARGET", MARCH),
        ("SOURCE_MISSING", MARCH),
    }
    # What was known in December runs on in March, and is known there.
    assert all(row["acknowledged"] for row in own)
    assert not [row for row in listed if row not in own and row["acknowledged"]]

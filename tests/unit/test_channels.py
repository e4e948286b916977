"""Who is told and how: ``channels.toml``, every fault of it at once and no secret repeated."""

import subprocess
import sys

import pytest
from receivers import certificate

from pipeline.alert.channels import Channels, MailServer, Receiver, load_channels
from pipeline.errors import UsageError

SERVER = '[email]\nhost = "mail.example.org"\nsender = "equality@example.org"\n'


def written(folder, text, mode=0o600):
    path = folder / "channels.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def faults_of(folder, text, mode=0o600):
    path = written(folder, text, mode)
    with pytest.raises(UsageError) as error:
        load_channels(path)
    first, *faults = str(error.value).splitlines()
    assert first.startswith(str(path))
    return faults


def test_everything_that_can_be_set(tmp_path, monkeypatch):
    known = certificate(tmp_path / "tls")
    monkeypatch.setenv("MAIL_PASSWORD", "hunter-PLANTED")
    text = f"""
        attempts = 2
        wait_seconds = 0.5
        {SERVER}
        port = 2525
        security = "tls"
        user = "robot"
        password_variable = "MAIL_PASSWORD"
        ca_file = "tls/certificate.pem"
        timeout = 5
        [analyst]
        email = ["analyst@example.org"]
        [icb.QYG]
        apprise = ["json://127.0.0.1:9/PLANTED"]
        [employer.01t]
        email = ["people@example.org", "people@example.org", "lead@example.org"]
    """
    found = load_channels(written(tmp_path, text))
    assert found == Channels(
        MailServer(
            "mail.example.org", 2525, "tls", "equality@example.org", "robot", "hunter-PLANTED",
            known.chain, 5.0,
        ),
        (
            Receiver("analyst", "analyst", ("analyst@example.org",), ()),
            Receiver("icb", "QYG", (), ("json://127.0.0.1:9/PLANTED",)),
            Receiver("employer", "01T", ("people@example.org", "lead@example.org"), ()),
        ),
        2,
        0.5,
    )  # fmt: skip
    assert "PLANTED" not in repr(found)
    assert "people@" not in repr(found)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
def test_the_port_is_the_usual_one_of_the_security(tmp_path, security, port):
    found = load_channels(written(tmp_path, f'{SERVER}security = "{security}"\n'))
    assert found.server.port == port
    assert (found.attempts, found.wait_seconds, found.server.timeout) == (3, 1, 20)


def test_a_password_stands_in_a_file_of_its_own(tmp_path):
    (tmp_path / "mail.password").write_text("hunter-PLANTED\n")
    (tmp_path / "mail.password").chmod(0o600)
    text = f'{SERVER}user = "robot"\npassword_file = "mail.password"\n'
    assert load_channels(written(tmp_path, text)).server.password == "hunter-PLANTED"
    (tmp_path / "mail.password").chmod(0o640)
    (fault,) = faults_of(tmp_path, text)
    assert fault == (
        "  [email] password_file can be read by other accounts. "
        f"Run: chmod 600 {tmp_path / 'mail.password'}."
    )


def test_a_file_that_others_can_read_is_refused_and_says_how_to_mend_it(tmp_path):
    (fault,) = faults_of(tmp_path, SERVER, mode=0o644)
    assert "can be read by other accounts" in fault
    assert fault.endswith(f"Run: chmod 600 {tmp_path / 'channels.toml'}")


def test_all_faults_are_told_at_once_and_none_repeats_a_value(tmp_path):
    text = """
        attempts = 0
        wait = 3
        [email]
        host = 7
        sender = "no address PLANTED"
        security = "PLANTED"
        password = "PLANTED"
        password_variable = "PLANTED_VARIABLE"
        ca_file = "PLANTED.pem"
        port = "PLANTED"
        [employer.01T]
        email = "PLANTED@example.org"
        [employer.01V]
        email = ["right@example.org", "PLANTED"]
        apprise = ["PLANTED", "slack://PLANTED", "json://example.org/PLANTED",
            "jsons://example.org/PLANTED?verify=no"]
        [employer.QYG]
        [employer.O1T9]
        email = ["x@example.org"]
        [icb.01X]
        email = ["x@example.org"]
        [employer."https://PLANTED"]
        email = ["x@example.org"]
    """
    faults = faults_of(tmp_path, text)
    assert "PLANTED" not in "\n".join(faults)
    expected = [
        "holds what is not known: wait. Known are: analyst",
        "attempts must be a whole number of 1 or more",
        "[email] host must be a text",
        "[email] sender is no e-mail address",
        '[email] security must be "starttls" or "tls"; nothing is sent without TLS',
        "[email] the password does not stand in this file",
        "[email] password_variable names an environment variable that is not set",
        "[email] ca_file names no file of certificates",
        "[email] port must be a whole number",
        '[employer.01T] email must be a list of texts, as in email = ["..."]',
        "[employer.01V] email: address 2 of the list is no e-mail address",
        "[employer.01V] apprise: address 1 of the list is none that Apprise knows",
        "[employer.01V] apprise: address 2 of the list is none that Apprise knows",
        "[employer.01V] apprise: address 3 of the list would send without encryption",
        "[employer.01V] apprise: address 4 of the list checks no certificate",
        "[employer] QYG is an ICB; write [icb.QYG]",
        "[employer.QYG] names nobody",
        "[employer] no organisation has the code O1T9; alike are ",
        "[icb] 01X is an employer; write [employer.01X]",
        "[employer] a name is no ODS code",
    ]
    for words in expected:
        assert [fault for fault in faults if fault.strip().startswith(words)], words
    assert len(faults) == len(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[email]\nhost = 'mail.example.org'\nsender = PLANTED", ", line 3 cannot be read"),
        ("PLANTED", "cannot be read as TOML"),
        ("email = 3\n[employer.01T]\nemail = ['x@example.org']", "[email] is no table"),
        ("[employer.01T]\nemail = ['x@example.org']", "[email] is missing"),
        (f"{SERVER}user = 'robot'", "user and password belong together"),
        (f"{SERVER}password_file = 'none'", "password_file names a file that cannot be read"),
    ],
)
def test_what_else_is_wrong_is_told(tmp_path, text, words):
    with pytest.raises(UsageError) as error:
        load_channels(written(tmp_path, text))
    assert words in str(error.value)
    assert "PLANTED" not in str(error.value)


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "channels.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        load_channels(tmp_path / "channels.toml")


def test_without_an_address_of_apprise_it_is_not_imported(tmp_path):
    path = written(tmp_path, f'{SERVER}[employer.01T]\nemail = ["x@example.org"]\n')
    program = (
        "import sys; from pathlib import Path; from pipeline import run; "
        "from pipeline.alert.channels import load_channels; "
        f"load_channels(Path({str(path)!r})); "
        "sys.exit(bool({'apprise', 'smtplib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

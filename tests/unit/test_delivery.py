"""Digests on their way, to a real SMTP server under TLS and a real HTTP endpoint."""

import logging
import socket
from contextlib import contextmanager

import duckdb
import pytest
from counting import KEYS
from receivers import HOST, certificate, http_endpoint, smtp_server

from pipeline.alert.channels import Channels, MailServer, Receiver
from pipeline.alert.delivery import channels_of, keep, send_waiting
from pipeline.alert.digests import Digest
from pipeline.receive.ledger import Ledger

# aiosmtpd does not see that a connection which began with TLS is encrypted.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

LEAD, DEPUTY = "people.lead@example.org", "people.deputy@example.org"
DIGEST = Digest("01T", "Data quality 31 March 2022", "One.\n", "<p>One.</p>\n", "a" * 64)
LATER = Digest("01T", "Data quality 30 June 2022", "Two.\n", "<p>Two.</p>\n", "b" * 64)


@pytest.fixture(scope="module")
def known(module_folders):
    return certificate(module_folders.mktemp("tls") / "known")


@pytest.fixture
def ledger():
    with duckdb.connect() as connection:
        Ledger(connection).prepare(KEYS)
        yield connection


def settings(port=0, ca_file=None, *, apprise=(), email=(LEAD,), attempts=3, **server):
    """Channels to the servers of the tests; there is next to no wait between attempts."""
    made = {
        "host": HOST, "port": port, "security": "starttls", "sender": "equality@example.org",
        "user": None, "password": None, "ca_file": ca_file, "timeout": 5.0,
    }  # fmt: skip
    receivers = (Receiver("employer", "01T", tuple(email), tuple(apprise)),)
    return Channels(MailServer(**made | server), receivers, attempts, 0.01)


def deliver(connection, channels, *digests):
    names = channels_of(channels, KEYS)
    keep(connection, digests, names)
    return send_waiting(connection, channels, names)


def kept(connection):
    return connection.execute(
        "select digest[1], status, attempts, reason from ledger.delivery order by sequence"
    ).fetchall()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_digest_goes_by_e_mail_under_tls(ledger, known, security):
    with smtp_server(known, security=security, users=True) as mailbox:
        server = {"security": security, "user": "robot", "password": "right"}
        told = deliver(ledger, settings(mailbox.port, known.chain, **server), DIGEST)
    assert (told.sent, told.unsent) == (1, ())
    assert mailbox.users == [("robot", "right")]
    (message,) = mailbox.messages
    assert message["To"] == LEAD
    assert message["From"] == "equality@example.org"
    assert message["Subject"] == DIGEST.subject
    assert message["Auto-Submitted"] == "auto-generated"
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    for kind, content in (("plain", DIGEST.text), ("html", DIGEST.html)):
        assert message.get_body((kind,)).get_content().replace("\r\n", "\n") == content
    assert kept(ledger) == [("a", "sent", 1, "")]


def test_each_address_gets_a_message_of_its_own_once(ledger, known):
    with smtp_server(known) as mailbox:
        channels = settings(mailbox.port, known.chain, email=(LEAD, DEPUTY))
        assert deliver(ledger, channels, DIGEST).sent == 2
        assert deliver(ledger, channels, DIGEST).sent == 0
        assert deliver(ledger, channels).sent == 0
        assert [message["To"] for message in mailbox.messages] == [LEAD, DEPUTY]
        assert deliver(ledger, channels, LATER).sent == 2
        # What was told before and is so again is news.
        assert deliver(ledger, channels, DIGEST).sent == 2
    identities = [message["Message-ID"] for message in mailbox.to(LEAD)]
    assert len(set(identities)) == 2
    assert identities[0] == identities[2], "the same digest can be told as one"


def test_a_digest_of_somebody_else_goes_to_nobody(ledger, known):
    other = Digest("01V", "Other", "Other.\n", "<p>Other.</p>\n", "c" * 64)
    with smtp_server(known) as mailbox:
        assert deliver(ledger, settings(mailbox.port, known.chain), other).sent == 0
        assert mailbox.messages == []


def test_a_server_that_fails_twice_is_asked_a_third_time(ledger, known):
    with smtp_server(known) as mailbox:
        mailbox.answers += ["451 busy", "421 busy"]
        told = deliver(ledger, settings(mailbox.port, known.chain), DIGEST)
        assert (told.sent, mailbox.offered, len(mailbox.messages)) == (1, 3, 1)
    assert kept(ledger) == [("a", "sent", 3, "")]


def test_a_server_that_is_busy_throughout_is_asked_again_by_the_next_run(ledger, known):
    with smtp_server(known) as mailbox:
        mailbox.answers += ["451 busy"] * 2
        channels = settings(mailbox.port, known.chain, attempts=2)
        told = deliver(ledger, channels, DIGEST)
        assert told.sent == 0
        assert told.unsent == (
            f"01T by e-mail: the mail server {HOST}, port {mailbox.port}, did not take the "
            "message (451)",
        )
        assert deliver(ledger, channels, DIGEST).sent == 1
        assert mailbox.offered == 3
    assert kept(ledger) == [("a", "sent", 3, "")]


def test_what_waits_is_replaced_by_what_is_told_now(ledger, known):
    with smtp_server(known) as mailbox:
        mailbox.answers.append("554 no")
        channels = settings(mailbox.port, known.chain)
        assert deliver(ledger, channels, DIGEST).unsent
        assert mailbox.offered == 1, "a refusal for good is not asked again in the same run"
        assert deliver(ledger, channels, LATER).sent == 1
        assert [message["Subject"] for message in mailbox.messages] == [LATER.subject]
    assert [row[:2] for row in kept(ledger)] == [("a", "replaced"), ("b", "sent")]


def test_a_digest_that_waits_is_sent_by_a_run_that_makes_none(ledger, known):
    """As after a run that was killed, or one that the gate stopped."""
    with smtp_server(known) as mailbox:
        channels = settings(mailbox.port, known.chain)
        keep(ledger, [DIGEST], channels_of(channels, KEYS))
        assert deliver(ledger, channels).sent == 1
        assert mailbox.messages[0]["Subject"] == DIGEST.subject


def test_a_server_without_tls_gets_nothing(ledger):
    with smtp_server(None) as mailbox:
        told = deliver(ledger, settings(mailbox.port, user="robot", password="PLANTED"), DIGEST)
        assert (mailbox.offered, mailbox.users) == (0, [])
    assert told.unsent[0].endswith("offers no TLS as it is set (security), and nothing is sent "
                                   "without")  # fmt: skip


def test_a_server_that_speaks_no_tls_from_the_first_byte_gets_nothing(ledger, known):
    with smtp_server(known) as mailbox:
        told = deliver(ledger, settings(mailbox.port, known.chain, security="tls"), DIGEST)
        assert mailbox.offered == 0
    assert "offers no TLS as it is set (security)" in told.unsent[0]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["nobody vouches", "another one", "another name"])
def test_a_certificate_that_is_not_the_server_s_gets_nothing(
    ledger, known, tmp_path, security, wrong
):
    shown, trusted = known, known.chain
    if wrong == "nobody vouches":
        trusted = None
    elif wrong == "another one":
        trusted = certificate(tmp_path / "other").chain
    else:
        shown = certificate(tmp_path / "other", "127.0.0.9")
        trusted = shown.chain
    with smtp_server(shown, security=security, users=True) as mailbox:
        server = {"security": security, "user": "robot", "password": "PLANTED"}
        told = deliver(ledger, settings(mailbox.port, trusted, **server), DIGEST)
        assert (mailbox.offered, mailbox.users) == (0, [])
    assert told.unsent[0].endswith(
        "has a certificate that is not trusted or bears another name (ca_file)"
    )
    assert kept(ledger)[0][1:3] == ("waiting", 1)


def test_a_server_that_is_down_is_asked_for_the_first_message_alone(ledger, known, monkeypatch):
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        port = unused.getsockname()[1]
    waited = []
    monkeypatch.setattr("pipeline.alert.delivery.time.sleep", waited.append)
    channels = settings(port, known.chain, email=(LEAD, DEPUTY))
    told = deliver(ledger, channels, DIGEST)
    assert told.unsent == (
        f"01T by e-mail: the mail server {HOST}, port {port}, does not answer",
    ) * 2  # fmt: skip
    assert waited == [0.01, 0.02], "twice as long after each attempt, and once for both"
    assert [row[1:3] for row in kept(ledger)] == [("waiting", 3), ("waiting", 0)]
    with smtp_server(known, port=port) as mailbox:
        assert deliver(ledger, channels).sent == 2
        assert len(mailbox.messages) == 2


def test_a_server_that_says_nothing_is_given_up(ledger, known):
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        channels = settings(silent.getsockname()[1], known.chain, attempts=1, timeout=0.2)
        told = deliver(ledger, channels, DIGEST)
    assert told.unsent[0].endswith("does not answer")


def test_a_password_that_is_wrong_is_told_and_not_repeated(ledger, known):
    with smtp_server(known, users=True) as mailbox:
        server = {"user": "robot", "password": "wrong-PLANTED"}
        channels = settings(mailbox.port, known.chain, email=(LEAD, DEPUTY), **server)
        told = deliver(ledger, channels, DIGEST)
        assert len(mailbox.users) == 1, "one attempt, so that the account is not locked"
    assert told.unsent[0].endswith("does not accept user and password (535)")
    assert "PLANTED" not in str((told, kept(ledger)))


def test_a_server_that_knows_no_users_is_told(ledger, known):
    with smtp_server(known) as mailbox:
        channels = settings(mailbox.port, known.chain, user="robot", password="PLANTED")
        told = deliver(ledger, channels, DIGEST)
    assert told.unsent[0].endswith("knows no users (user, password_variable, password_file)")


def test_an_address_that_is_refused_does_not_keep_the_others(ledger, known):
    with smtp_server(known) as mailbox:
        mailbox.refused.add(LEAD)
        told = deliver(ledger, settings(mailbox.port, known.chain, email=(LEAD, DEPUTY)), DIGEST)
        assert told.sent == 1
        assert [message["To"] for message in mailbox.messages] == [DEPUTY]
    assert told.unsent[0].endswith("does not take mail for the address (550)")
    assert "people." not in told.unsent[0]


@contextmanager
def nothing_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        yield
    assert "PLANTED" not in caplog.text


def test_a_digest_goes_to_a_service_of_apprise(ledger, tmp_path, monkeypatch, caplog, capfd):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with http_endpoint() as endpoint, nothing_logged(caplog):
        target = f"json://{endpoint.address}/PLANTED-TOKEN"
        channels = settings(email=(), apprise=[target])
        assert deliver(ledger, channels, DIGEST).sent == 1
        assert deliver(ledger, channels, DIGEST).sent == 0
        (post,) = endpoint.posts
        assert endpoint.paths == ["/hook/PLANTED-TOKEN"]
    assert (post["title"], post["message"].strip()) == (DIGEST.subject, "One.")
    assert "http" not in str(post)
    assert list(tmp_path.iterdir()) == [], "nothing is kept outside the home"
    assert capfd.readouterr() == ("", "")


def test_a_service_that_fails_is_asked_again_and_then_by_the_next_run(ledger, caplog, capfd):
    with http_endpoint() as endpoint, nothing_logged(caplog):
        channels = settings(email=(), apprise=[f"json://{endpoint.address}/PLANTED-TOKEN"])
        endpoint.answers += [500] * 3
        told = deliver(ledger, channels, DIGEST)
        assert told.unsent == (
            "01T by json: the service does not answer or did not take it",
        )  # fmt: skip
        assert endpoint.offered == 3
        endpoint.answers += [503]
        assert deliver(ledger, channels, DIGEST).sent == 1
    assert kept(ledger) == [("a", "sent", 5, "")]
    assert capfd.readouterr() == ("", "")


def test_a_service_is_followed_to_no_other_place(ledger):
    with http_endpoint() as endpoint:
        endpoint.answers.append(302)
        channels = settings(email=(), apprise=[f"json://{endpoint.address}"], attempts=1)
        assert deliver(ledger, channels, DIGEST).sent == 0
        assert (endpoint.offered, endpoint.paths) == (1, [])


def test_a_mail_server_that_is_down_keeps_no_service(ledger, known):
    with http_endpoint() as endpoint, socket.socket() as unused:
        unused.bind((HOST, 0))
        channels = settings(
            unused.getsockname()[1], known.chain, apprise=[f"json://{endpoint.address}"]
        )
        told = deliver(ledger, channels, DIGEST)
        assert (told.sent, len(told.unsent), len(endpoint.posts)) == (1, 1, 1)


def test_the_database_holds_no_address(ledger):
    with http_endpoint() as endpoint:
        channels = settings(apprise=[f"json://{endpoint.address}/PLANTED-TOKEN"], attempts=1)
        deliver(ledger, channels, DIGEST)
    text = str(ledger.execute("select * from ledger.delivery").fetchall())
    assert "PLANTED" not in text
    assert "people." not in text
    assert endpoint.address not in text

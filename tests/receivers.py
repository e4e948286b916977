"""Real receivers of messages on this machine: an SMTP server under TLS and an HTTP endpoint."""

import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Certificate:
    """A certificate that vouches for itself, and its key."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.chain, self.key)
        return made


def certificate(folder: Path, address: str = HOST) -> Certificate:
    """Make a certificate for ``address`` in a new folder."""
    folder.mkdir(parents=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    found = Certificate(folder / "certificate.pem", folder / "key.pem")
    found.chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return found


@dataclass
class Mailbox:
    """What an SMTP server took, and how it answers.

    Attributes:
        answers: what it says to the next messages, one each; it takes every one after them.
        refused: addresses that it takes no mail for.
        messages: the messages that it took.
        users: the (user, password) pairs that were given to it under TLS.
        connections: how many messages were offered.
    """

    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    messages: list[EmailMessage] = field(default_factory=list)
    users: list[tuple[str, str]] = field(default_factory=list)
    offered: int = 0
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.offered += 1
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            assert server.transport.get_extra_info("sslcontext"), "a message came in clear"
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    def authenticate(self, server, session, envelope, mechanism, auth_data):
        user, password = auth_data.login.decode(), auth_data.password.decode()
        self.users.append((user, password))
        return AuthResult(success=password != "wrong-PLANTED", handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages that an address got."""
        return [message for message in self.messages if message["To"] == address]


class _AnyPort(Controller):
    """Takes whatever port is free where it is given port 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(
    known: Certificate | None, *, security: str = "starttls", users: bool = False, port: int = 0
) -> Iterator[Mailbox]:
    """Run an SMTP server while the block runs; without a certificate it offers no TLS."""
    mailbox = Mailbox()
    # One way to give a password, so that a login is one attempt; none where no user is known.
    options: dict[str, Any] = {"auth_exclude_mechanism": ["LOGIN", *([] if users else ["PLAIN"])]}
    if known is not None and security == "tls":
        options["ssl_context"] = known.context()
    elif known is not None:
        options |= {"tls_context": known.context(), "require_starttls": True}
    if users:
        options |= {
            "authenticator": mailbox.authenticate,
            "auth_required": True,
            # aiosmtpd does not see that a connection which began with TLS is encrypted.
            "auth_require_tls": security != "tls",
        }
    controller = _AnyPort(mailbox, hostname=HOST, port=port, **options)
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Endpoint:
    """What an HTTP endpoint was sent.

    Attributes:
        answers: the status of the next answers; 200 after them.
        posts: the JSON of each request that was answered with 200.
        address: its host, port and path, as they stand in an address of Apprise.
        offered: how many requests came.
    """

    answers: list[int] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""
    offered: int = 0


@contextmanager
def http_endpoint() -> Iterator[Endpoint]:
    """Run an HTTP endpoint while the block runs."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            endpoint.offered += 1
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = endpoint.answers.pop(0) if endpoint.answers else 200
            if status == 200:
                endpoint.posts.append(content)
                endpoint.paths.append(self.path)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://{HOST}:{server.server_port}/elsewhere")
            self.end_headers()

        def do_GET(self):
            endpoint.paths.append(f"GET {self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    endpoint.address = f"{HOST}:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

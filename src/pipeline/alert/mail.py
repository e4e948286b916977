"""E-mail over SMTP: under TLS with a certificate that was checked, or not at all."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from pipeline.alert.channels import TLS, MailServer
from pipeline.alert.failure import Failure

_LONG_LINES = SMTP.clone(max_line_length=250)
"""A subject folded at the usual 78 characters can begin with a space."""


def message(  # noqa: PLR0913, PLR0917 - the parts of a message
    server: MailServer, to: str, subject: str, text: str, html: str, identity: str
) -> EmailMessage:
    """Return a message in plain text and HTML.

    Its id follows from ``identity``, so that a message that is sent twice can be told as one.
    """
    made = EmailMessage(_LONG_LINES)
    made["From"], made["To"], made["Subject"] = server.sender, to, subject
    made["Date"] = formatdate(localtime=False)
    made["Message-ID"] = f"<{identity}@{_domain(server)}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = "en-GB"
    made.set_content(text)
    made.add_alternative(html, subtype="html")
    return made


def send(server: MailServer, made: EmailMessage) -> None:
    """Hand a message to the server.

    Raises:
        Failure: it was not taken; the words hold neither the address nor what the server said.
    """
    try:
        connection = _connection(server)
        try:
            _log_in(connection, server)
            connection.send_message(made)
        except BaseException:
            connection.close()
            raise
    except (smtplib.SMTPException, OSError) as error:
        raise _failure(error, server) from None
    # The message is taken: what goes wrong with the farewell must not send it again.
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()


def _log_in(connection: smtplib.SMTP, server: MailServer) -> None:
    if server.user is None or server.password is None:
        return
    try:
        connection.login(server.user, server.password)
    except smtplib.SMTPException as error:
        # Said of a server that takes no user at all, or none in a way that is known here.
        if type(error) not in (smtplib.SMTPException, smtplib.SMTPNotSupportedError):
            raise
        words = f"{_place(server)} knows no users (user, password_variable, password_file)"
        raise Failure(words, may_pass=False, is_of_server=True) from None


def _connection(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca_file)
    # Otherwise the name of this machine would be looked up and told.
    own = _domain(server)
    if server.security == TLS:
        return smtplib.SMTP_SSL(
            server.host, server.port, own, timeout=server.timeout, context=context
        )
    connection = smtplib.SMTP(server.host, server.port, own, timeout=server.timeout)
    try:
        connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _domain(server: MailServer) -> str:
    return server.sender.rpartition("@")[2]


def _place(server: MailServer) -> str:
    return f"the mail server {server.host}, port {server.port},"


def _failure(error: Exception, server: MailServer) -> Failure:
    """Return a failure in words of our own: a server's may repeat what it was told."""
    place = _place(server)
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"{place} has a certificate that is not trusted or bears another name (ca_file)"
        return Failure(words, may_pass=False, is_of_server=True)
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        words = f"{place} offers no TLS as it is set (security), and nothing is sent without"
        return Failure(words, may_pass=False, is_of_server=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Failure(f"{place} does not take mail for the address ({code})", may_pass=code < 500)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words = f"{place} does not accept user and password ({error.smtp_code})"
        return Failure(words, may_pass=error.smtp_code < 500, is_of_server=True)
    if isinstance(error, smtplib.SMTPResponseException):
        words = f"{place} did not take the message ({error.smtp_code})"
        return Failure(words, may_pass=error.smtp_code < 500)
    return Failure(f"{place} does not answer", may_pass=True, is_of_server=True)

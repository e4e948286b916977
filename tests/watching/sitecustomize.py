"""Python imports this before anything else where its folder is on the path: it keeps a list of
every address that this process asks for. What is not Python's own sockets it does not see.
"""

import json
import os
import sys
import traceback

ASKED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
}
"""The audit events of Python that name an address, and where it stands in them."""


def _keep(event, arguments):
    place = ASKED.get(event)
    if place is None:
        return
    asked = arguments[place]
    host = asked[0] if isinstance(asked, tuple) and asked else asked
    stack = [f"{one.filename}:{one.lineno}" for one in traceback.extract_stack()[:-1]]
    line = {"event": event, "host": _text(host), "by": sys.argv[:3], "from": stack[-6:]}
    log = os.open(os.environ["WATCHED_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(log, (json.dumps(line) + "\n").encode())
    os.close(log)


def _text(host):
    return (
        host.decode("latin-1") if isinstance(host, bytes) else None if host is None else str(host)
    )


if "WATCHED_LOG" in os.environ:
    sys.addaudithook(_keep)

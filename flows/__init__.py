"""Prefect: the quarterly flow, the server that it is scheduled by, and nothing else.

Prefect reads its settings when it is imported, so what this product needs of them stands here.
A setting of the user's own wins.
"""

import os

# Nothing is reported to Prefect's makers. Nor does Prefect's log bury what a command prints: the
# server keeps all of it, the terminal shows warnings.
_SETTINGS = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
if "PREFECT_LOGGING_LEVEL" not in os.environ:
    _SETTINGS["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "WARNING"
for _name, _value in _SETTINGS.items():
    os.environ.setdefault(_name, _value)

"""What each command does: the home and the options in, an exit code out."""

from pipeline.commands.alerting import alerts, alerts_acknowledge, alerts_charts
from pipeline.commands.attacking import attack
from pipeline.commands.checking import audit, check_registry
from pipeline.commands.explaining import explain
from pipeline.commands.keys import key, key_rotate
from pipeline.commands.listing import feedback, figures, status
from pipeline.commands.rebuilding import forget, rebuild
from pipeline.commands.recovering import backup, restore
from pipeline.commands.reporting import report
from pipeline.commands.running import demo, run, sample, serve
from pipeline.commands.verifying import verify

__all__ = [
    "alerts",
    "alerts_acknowledge",
    "alerts_charts",
    "attack",
    "audit",
    "backup",
    "check_registry",
    "demo",
    "explain",
    "feedback",
    "figures",
    "forget",
    "key",
    "key_rotate",
    "rebuild",
    "report",
    "restore",
    "run",
    "sample",
    "serve",
    "status",
    "verify",
]

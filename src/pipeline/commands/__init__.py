"""What each command does: the home and the options in, an exit code out."""

from pipeline.commands.alerting import alerts, alerts_acknowledge, alerts_charts
from pipeline.commands.attacking import attack
from pipeline.commands.checking import audit, check_registry
from pipeline.commands.explaining import explain
from pipeline.commands.listing import feedback, figures, status
from pipeline.commands.reporting import report
from pipeline.commands.running import demo, run, sample, serve

__all__ = [
    "alerts",
    "alerts_acknowledge",
    "alerts_charts",
    "attack",
    "audit",
    "check_registry",
    "demo",
    "explain",
    "feedback",
    "figures",
    "report",
    "run",
    "sample",
    "serve",
    "status",
]

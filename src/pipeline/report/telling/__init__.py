"""What the report tells of each organisation, made from published figures."""

from pipeline.report.telling.bodies import bodies, body

__all__ = ["bodies", "body"]

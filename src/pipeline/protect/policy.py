"""The disclosure policy under its earlier name."""

from pipeline.disclosure import Policy, load_policy

__all__ = ["Policy", "load_policy"]

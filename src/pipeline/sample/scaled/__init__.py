"""Samples of the size of an integrated care system, or of England, written employer by employer.

The people are invented, with the value lists of the sample of ``pipeline.sample``; they are drawn
many at a time, and no two employers' people are in memory together.
"""

from pipeline.sample.scaled.plan import ScaledPlan, write_scaled
from pipeline.sample.scaled.scales import SCALES, Scale

__all__ = ["SCALES", "Scale", "ScaledPlan", "write_scaled"]

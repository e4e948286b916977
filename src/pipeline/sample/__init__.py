"""A sample inbox: the CCGs of Cheshire and Merseyside before they became one ICB, and a trust.

Every person in it is invented and is a number; the organisations, the code lists, the Agenda for
Change pay, the survey's item numbers, the outcomes of EDS and the headcount of South Sefton at
31 March 2021 (163) are real.
"""

from pipeline.sample.faults import planted_rejections
from pipeline.sample.plan import SamplePlan, write_sample

__all__ = ["SamplePlan", "planted_rejections", "write_sample"]

"""The words of an explanation: every method, reason and direction of the product has some."""

from pipeline.explain.words import DIRECTIONS, METHODS, PRIVATE, REASONS, protection
from pipeline.registry import METHODS as REGISTERED
from schemas.published import DIRECTIONS as TOLD
from schemas.published import REASONS as PUBLISHED


def test_everything_that_can_be_told_has_words():
    assert set(METHODS) == set(REGISTERED)
    assert set(REASONS) == set(PUBLISHED)
    assert set(DIRECTIONS) == set(TOLD)
    assert set(PRIVATE) == {"NONE", "PRIMARY", "SECONDARY", "PERCENT_ONLY", "ROUNDED"}


def test_protection_in_words():
    def told(disclosure, reason=None):
        return protection({"disclosure": disclosure, "reason": reason}, "20")

    assert told("NONE") == "published as it is"
    assert told("PERCENT_ONLY") == "published without its counts"
    assert told("ROUNDED") == "published with rounded counts"
    assert told("SUPPRESSED", "SUPPRESSED").startswith("hidden: a count from 1 to 19 stands behind")
    assert told("SUPPRESSED", "DETAIL_NOT_PUBLISHED") == (
        "hidden: the policy publishes no such detail of this level at this snapshot"
    )

"""What a printed ratio tells of the counts of the group that is not shown.

Source of the figures: the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes, indicator
2: White 43 of 185 shortlisted were appointed, 2.31 times as likely (1.37-3.89) as BME.
"""

import pytest

from pipeline.assess.statistics import ratio_interval
from pipeline.attack.ratios import Group, PrintedRatio, groups_behind

WHITE = Group(43, 185)
PRINTED = PrintedRatio("2.31", "1.37", "3.89")


def test_a_ratio_with_its_interval_tells_the_other_group_alone_up_to_a_base_of_400():
    assert groups_behind(WHITE, PRINTED, 400) == [Group(17, 169)]


def test_of_a_ratio_alone_many_groups_are_left():
    wide = PrintedRatio("2.31", "1", "4")
    found = groups_behind(WHITE, wide, 400)
    assert Group(17, 169) in found
    assert len(found) > 1


def test_the_known_group_may_stand_below_the_line():
    found = groups_behind(Group(17, 169), PRINTED, 400, is_above=False)
    assert WHITE in found


@pytest.mark.parametrize("other", [Group(3, 40), Group(4, 4), Group(60, 61)])
def test_the_true_group_is_always_among_those_found(other):
    # Few events have another interval (Koopman 1984) than many (Katz and others 1978).
    ratio = WHITE.events * other.people / (WHITE.people * other.events)
    interval = ratio_interval(*WHITE, *other)
    printed = PrintedRatio(f"{ratio:.2f}", f"{interval.low:.2f}", f"{interval.high:.2f}")
    assert other in groups_behind(WHITE, printed, 80)


@pytest.mark.parametrize(
    ("known", "value"), [(Group(0, 5), "2.00"), (Group(6, 5), "2.00"), (WHITE, "0.00")]
)
def test_a_ratio_of_nothing_is_refused(known, value):
    with pytest.raises(ValueError, match=r"no events|printed as zero|event at least"):
        groups_behind(known, PrintedRatio(value, "1.00", "3.00"), 10)

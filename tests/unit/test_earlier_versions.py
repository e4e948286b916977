"""An employer that sends late: the ICB without it and with it are both known."""

import pandas as pd
import pytest
from cells import ICB, figures, members, owner, policy

from pipeline.protect.counted import counted
from pipeline.protect.earlier_versions import pooled_versions
from pipeline.protect.figures import protect
from pipeline.protect.published_before import PublishedBefore

ALL, BME = "workforce/all//ALL", "workforce/all/ethnicity/BME"
NUMBERS = {"01T": (70, 3, 27), "01V": (70, 15, 15), "01X": (63, 22, 15)}
GROUPS = ("WHITE", "BME", "UNKNOWN")


def block(white, bme, unknown):
    groups = dict(zip(GROUPS, (white, bme, unknown), strict=True))
    named = {f"workforce/all/ethnicity/{group}": number for group, number in groups.items()}
    return {ALL: white + bme + unknown, **named}


def tables(*codes):
    """Return the counts of employers and of the ICB that pools them; nobody works for two."""
    own = {code: block(*NUMBERS[code]) for code in codes}
    pooled = block(*(sum(group) for group in zip(*(NUMBERS[code] for code in codes), strict=True)))
    return own | {ICB: pooled}


def shown(counts, before=None):
    versions = pooled_versions(before, members(counts)) if before else ()
    out = before.out if before else ()
    _, published = protect(figures(counts), members(counts), policy(), out=out, versions=versions)
    rows = published[published["numerator"].notna()]
    keys = zip(rows["organisation_code"], rows["numerator_people"], strict=True)
    return dict(zip(keys, rows["numerator"], strict=True))


def after(first, now):
    """Return what is out after a release of the employers ``first``."""
    told = {(owner(code), name): number for (code, name), number in shown(first).items()}
    return PublishedBefore(counted(figures(now)).counts, (told,))


@pytest.mark.parametrize("late", ["01V", "01X"])
def test_the_icb_of_then_protects_those_who_had_sent(late):
    (other,) = {"01V", "01X"} - {late}
    first, now = tables("01T", other), tables("01T", other, late)
    before = after(first, now)
    then, later = shown(first), shown(now, before)
    assert ("01T", BME) not in {**then, **later}
    # The ICB of then less the other one would be 3.
    assert (ICB, BME) in then
    assert (other, BME) not in {**then, **later}


def test_a_version_names_its_members_and_tells_only_what_is_sure():
    first, now = tables("01T", "01V"), tables("01T", "01V", "01X")
    (version,) = pooled_versions(after(first, now), members(now))
    assert version.owner.organisation_code == "QYG 1.1"
    assert version.members == (owner("01T"), owner("01V"))
    assert version.told[ALL] == 200
    changed = now | {"01V": block(71, 15, 15)}
    before = PublishedBefore(counted(figures(changed)).counts, after(first, now).told)
    (version,) = pooled_versions(before, members(changed))
    assert ALL not in version.told


def test_the_same_pooled_counts_are_no_other_version():
    now = tables("01T", "01V")
    assert pooled_versions(after(now, now), members(now)) == ()
    assert pooled_versions(PublishedBefore({}), members(now)) == ()


def test_without_earlier_versions_nothing_is_added():
    now = tables("01T", "01V", "01X")
    frame = figures(now)
    plain = protect(frame, members(now), policy())
    pd.testing.assert_frame_equal(plain[1], protect(frame, members(now), policy(), versions=())[1])

"""Why a release reads otherwise than the one before: their manifests, compared."""

from datetime import date

import pytest

from pipeline.publish.reasons import REASONS, SOURCE_WORDS, Owner, Reasons, Why
from pipeline.receive.inbox import SOURCES
from schemas.published import REVISION

MARCH, DECEMBER = date(2022, 3, 31), date(2021, 12, 31)
STAFF = ("esr_staff",)
EMPLOYER, ICB = Owner(MARCH, "employer", "01T"), Owner(MARCH, "icb", "QYG")
MEMBERS = {
    Owner(day, level, code): employers
    for day in (MARCH, DECEMBER)
    for level, code, employers in (
        ("employer", "01T", ["01T"]),
        ("employer", "02E", ["02E"]),
        ("icb", "QYG", ["01T", "02E"]),
    )
}


def manifest(*files, **other):
    """Return a manifest; a file is (snapshot, organisation, source, hash[, status])."""
    names = ("period_end", "organisation_code", "source", "sha256", "status")
    inputs = [
        dict(zip(names, [str(file[0]), *file[1:], "landed"][:5], strict=True)) for file in files
    ]
    made_from = {"code_version": "1", "policy_sha256": "p", "policy": {"threshold": 10}}
    return {"inputs": inputs, "decisions_sha256": "d"} | made_from | other


A_STAFF, B_STAFF = (MARCH, "01T", "esr_staff", "a"), (MARCH, "02E", "esr_staff", "b")
A_PAY = (MARCH, "01T", "pay", "c")
EARLIER = (DECEMBER, "01T", "esr_staff", "d")
BASE = (A_STAFF, B_STAFF, A_PAY, EARLIER)


def again(file):
    return (*file[:3], f"{file[3]}-again", *file[4:])


def why(before, now, owner=EMPLOYER, standard="WRES", needs=STAFF):
    return Reasons(before, now, MEMBERS).why(owner, standard, needs)


def test_a_new_snapshot_is_the_only_reason_of_its_figures():
    before = manifest(EARLIER)
    now = manifest(EARLIER, A_STAFF, code_version="2")
    assert why(before, now) == Why("NEW_QUARTER", "31 March 2022 is a new snapshot.")


def test_an_extract_that_was_sent_again_names_who_sent_it():
    now = manifest(again(A_STAFF), *BASE[1:])
    assert why(manifest(*BASE), now) == Why(
        "RESUBMISSION", "01T sent its staff extract of 31 March 2022 again."
    )


def test_a_pooled_body_follows_its_members():
    now = manifest(again(A_STAFF), again(B_STAFF), *BASE[2:])
    assert why(manifest(*BASE), now, ICB) == Why(
        "RESUBMISSION FOLLOWS",
        "01T and 02E sent their staff extracts of 31 March 2022 again. QYG pools 01T and 02E.",
    )


def test_a_file_that_came_late():
    assert why(manifest(A_STAFF, EARLIER), manifest(*BASE), needs=("pay", "esr_staff")) == Why(
        "LATE_FILE", "The release before had no pay extract of 31 March 2022 from 01T."
    )


def test_a_file_that_is_rejected_now():
    now = manifest(A_STAFF, B_STAFF, (*A_PAY, "rejected"), EARLIER)
    assert why(manifest(*BASE), now, needs=("pay",)) == Why(
        "FILE_WITHDRAWN", "This release has no pay extract of 31 March 2022 from 01T any more."
    )


def test_a_rejected_resubmission_changes_nothing():
    now = manifest(*BASE, (*A_STAFF[:3], "broken", "rejected"))
    reasons = Reasons(manifest(*BASE), now, MEMBERS)
    assert not reasons.bears_on(EMPLOYER, "WRES", STAFF)


@pytest.mark.parametrize(
    ("other", "reason", "words"),
    [
        ({"code_version": "2"}, "RULE_CHANGED", "version 2 of the product, before by 1"),
        (
            {"policy_sha256": "q", "policy": {"threshold": 5}},
            "POLICY_CHANGED",
            "The disclosure policy is another one (threshold).",
        ),
        ({"policy_sha256": "q"}, "POLICY_CHANGED", "The disclosure policy is another one."),
        ({"decisions_sha256": "e"}, "DECISION_CHANGED", "The team has decided otherwise"),
    ],
)
def test_what_bears_on_every_figure(other, reason, words):
    found = why(manifest(*BASE), manifest(*BASE, **other))
    assert found.reason == reason
    assert words in found.explanation


def test_several_reasons_at_once_are_all_told_in_one_order():
    now = manifest(again(A_STAFF), B_STAFF, EARLIER, A_PAY, policy_sha256="q", code_version="2")
    found = why(manifest(A_STAFF, B_STAFF, EARLIER), now, needs=("pay", "esr_staff"))
    assert found == Why(
        "LATE_FILE RESUBMISSION RULE_CHANGED POLICY_CHANGED",
        "The release before had no pay extract of 31 March 2022 from 01T. "
        "01T sent its staff extract of 31 March 2022 again. "
        "It is worked out by version 2 of the product, before by 1. "
        "The disclosure policy is another one.",
    )


def test_a_standard_that_looks_back_follows_an_earlier_snapshot():
    now = manifest(*BASE[:3], again(EARLIER))
    assert why(manifest(*BASE), now, standard="FLOW") == Why(
        "RESUBMISSION FOLLOWS",
        "01T sent its staff extract of 31 December 2021 again. What it says of 31 March 2022 "
        "follows from that.",
    )
    reasons = Reasons(manifest(*BASE), now, MEMBERS)
    assert reasons.bears_on(EMPLOYER, "FLOW", STAFF)
    assert not reasons.bears_on(EMPLOYER, "WRES", STAFF)


def test_the_evidence_of_an_action_follows_any_extract_of_its_body():
    now = manifest(A_STAFF, B_STAFF, again(A_PAY), EARLIER)
    found = why(manifest(*BASE), now, standard="ACTIONS", needs=("actions",))
    assert found == Why("RESUBMISSION", "01T sent its pay extract of 31 March 2022 again.")


def test_where_nothing_of_its_own_changed_it_is_what_protects_others():
    now = manifest(A_STAFF, again(B_STAFF), A_PAY, EARLIER)
    assert why(manifest(*BASE), now).reason == "PROTECTION"
    assert why(manifest(*BASE), now, owner=Owner(MARCH, "employer", "02E")).reason == "RESUBMISSION"


def test_what_control_totals_say_bears_on_no_figure():
    totals = (MARCH, "01T", "control_totals", "t")
    reasons = Reasons(manifest(*BASE, totals), manifest(*BASE, again(totals)), MEMBERS)
    assert not reasons.bears_on(EMPLOYER, "WRES", STAFF)


def test_every_source_and_every_reason_is_told_in_words():
    assert set(SOURCE_WORDS) == set(SOURCES)
    assert all(code in REVISION.columns["reason"].description for code in REASONS)

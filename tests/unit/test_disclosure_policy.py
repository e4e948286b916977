"""The disclosure policy as a file: what it holds, and how it is refused."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.disclosure import KINDS, LEVELS, load_policy
from pipeline.errors import UsageError
from pipeline.resources import REFERENCE

DEFAULT = REFERENCE / "disclosure.yml"
OTHERS = sorted((REFERENCE / "disclosure").glob("*.yml"))


def changed(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    """Return the default policy with some of its text changed."""
    text = DEFAULT.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "disclosure.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_publishes_the_detail_of_an_employer_once_a_year():
    policy = load_policy(DEFAULT)
    march, june = date(2022, 3, 31), date(2022, 6, 30)
    told = {(kind, level) for level in LEVELS for kind in KINDS}
    assert {one for one in told if policy.publishes(*one, march)} == told
    assert told - {one for one in told if policy.publishes(*one, june)} == {
        ("detail", "employer"),
        ("parts", "employer"),
        *(("twelve_months", level) for level in LEVELS),
    }


def test_the_default_hides_counts_from_1_to_9():
    policy = load_policy(DEFAULT)
    assert [count for count in range(100) if policy.is_small(count)] == list(range(1, 10))
    assert policy.small_base == 20


@pytest.mark.parametrize("path", OTHERS, ids=[path.stem for path in OTHERS])
def test_a_policy_that_ships_holds_what_its_name_says(path):
    policy = load_policy(path)
    assert policy.name == path.stem
    small = {count for count in range(100) if policy.is_small(count)}
    # NHS Digital's methodologies, the note to the GP Patient Survey's tool, the two reports.
    last = {"secondary_care": 7, "older_hes": 5, "gp_patient_survey": 4, "blmk": 9, "stockport": 9}
    assert small == set(range(1, last.get(policy.name, 0) + 1))
    assert (policy.rounding == 5) == (policy.name in {"round5", "hesa", "secondary_care"})
    assert policy.percentages_of_hidden == (policy.name == "stockport")


def test_two_policies_have_two_hashes():
    assert len({load_policy(path).sha256 for path in (DEFAULT, *OTHERS)}) == 1 + len(OTHERS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("threshold: 10", "threshold: ten", "threshold must be a whole number of 2 or more"),
        ("hide_small: true", "hide_small: 1", "hide_small must be true or false"),
        ("rounding: 0", "rounding: 7", "rounding must be 0, 5 or 10"),
        ("rounding: 0", "rounding: false", "rounding must be 0, 5 or 10"),
        ("fewest_values: 5", "fewest_value: 5", "fewest_values is missing; fewest_value is not"),
        ("show_again_at: 14", "show_again_at: 11", "show_again_at must not be less than"),
        ("policy: default", "policy: [", "cannot be read as YAML"),
        ("{whole: 3, below: 1}", "{whole: 0, below: 1}", "costs.parts must hold whole numbers"),
        ("{whole: 3, below: 1}", "{whole: 3}", "costs.parts.below is missing"),
        ("{whole: 3, below: 1}", "3", "costs.parts must hold whole, below"),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_by_name(tmp_path, old, new, words):
    path = changed(tmp_path, (old, new))
    with pytest.raises(UsageError, match=words) as caught:
        load_policy(path)
    assert str(path) in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "disclosure.yml"
    path.write_text(
        "policy: mine\nthreshold: 1\ndetail: {employer: {detail: [13]}, trust: {}}\ncosts: 3\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        load_policy(path)
    for words in (
        "secondary is missing",
        "threshold must be a whole number of 2 or more",
        "detail.icb is missing",
        "detail.trust is not known",
        "detail.employer.headcount is missing",
        "detail.employer.detail must be a list of months, each from 1 to 12",
        "costs must hold levels, categories, parts, headlines",
    ):
        assert words in str(caught.value)


def test_a_policy_of_no_settings_is_refused(tmp_path):
    path = tmp_path / "disclosure.yml"
    path.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="it holds no settings"):
        load_policy(path)


def test_a_policy_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load_policy(tmp_path / "none.yml")

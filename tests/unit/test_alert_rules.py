"""The file of alert rules: what ships, and that everything wrong in another one is said at once."""

import csv
from dataclasses import fields, replace
from fractions import Fraction

import pytest
from command import equality

from pipeline.errors import ProductError
from pipeline.models import load_models
from pipeline.quality import alert_frames, rules
from pipeline.quality.checks import DECLARATION
from pipeline.quality.rules import COLUMNS, AlertRule, alert_rules, load_rules
from pipeline.resources import WAREHOUSE, reference

CHARACTERISTICS = {
    "ethnicity", "disability", "sex", "age_band", "religion", "sexual_orientation",
    "marital_status",
}  # fmt: skip
TARGET = "DECLARATION_BELOW_TARGET"
FRAMES = list((WAREHOUSE / "alerts").glob("*.sql"))
GOOD = {
    "code": "DECLARATION_FELL", "severity": "warning", "frame": "declaration_fall",
    "characteristic": "", "part": "all", "below": "", "from": "2", "minimum_base": "20",
    "unless": "", "is_chance": "no", "is_on": "yes", "told": "public",
    "message": "{characteristic} fell",
    "to_do": "ask", "owner": "People team", "since": "2022-03-31", "reason": "usual movement",
}  # fmt: skip


def written(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def faults(path, *rows):
    with pytest.raises(ProductError) as caught:
        load_rules(written(path / "alert_rules.csv", *rows))
    return str(caught.value)


def test_the_target_is_on_for_ethnicity_and_there_to_be_turned_on_for_the_others():
    target = [rule for rule in load_rules() if rule.code == "DECLARATION_BELOW_TARGET"]
    assert {rule.characteristic for rule in target} == CHARACTERISTICS
    assert [rule.characteristic for rule in target if rule.is_on] == ["ethnicity"]
    assert {rule.limit for rule in target} == {Fraction(95)}


def test_the_rules_that_ship_warn_and_stop_nothing():
    checks = [rule.check for rule in load_rules()]
    assert len({check.check_id for check in checks}) == len(checks)
    assert {(check.suite, check.severity) for check in checks} == {(DECLARATION, "warning")}
    said = {check.check_id: check.description for check in checks}
    assert said["declaration_below_target:ethnicity"].endswith("staff have a known ethnicity")
    assert said["known_to_unknown:all"].endswith(
        ": records of characteristic that were known at the snapshot before are not known now"
    )
    # What the alert says to everybody who may see it holds no number but the limit.
    for rule in load_rules():
        assert not any(letter.isdigit() for letter in rule.message + rule.to_do)


def test_a_line_is_a_rule(tmp_path):
    (rule,) = load_rules(written(tmp_path / "alert_rules.csv", GOOD))
    assert (rule.code, rule.reaches, rule.below, rule.minimum_base) == (
        "DECLARATION_FELL", Fraction(2), None, 20,
    )  # fmt: skip
    assert rule.words("religion", "religion") == "religion fell"
    assert rule.action("religion", "religion") == "People team: ask"
    assert len(fields(AlertRule)) == len(COLUMNS)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"frame": "no_such"}, "frame 'no_such' is not known"),
        ({"characteristic": "height"}, "characteristic 'height' is not known"),
        ({"from": ""}, "no limit: give below or from"),
        ({"below": "1"}, "two limits: give below or from"),
        ({"from": "two"}, "from is not a number"),
        ({"unless": "NO_SUCH_RULE"}, "unless 'NO_SUCH_RULE' is not known"),
        ({"minimum_base": "9.5"}, "minimum_base is not a whole number"),
        ({"message": " "}, "message is missing"),
        ({"reason": ""}, "reason is missing"),
        ({"message": "{name} fell"}, "message names {name}"),
        ({"message": "{limit points fell"}, "message has a brace without its other half"),
        ({"to_do": "ask}"}, "to_do has a brace without its other half"),
        ({"unless": "OTHER"}, "unless names the rule itself"),
        ({"since": "31/03/2022"}, "since must be an ISO date"),
        ({"is_on": "on"}, "is_on must be one of yes, no"),
        ({"code": "Fell"}, "code must be capitals"),
        ({"told": "public", "frame": "joiners"}, "told must be employer"),
        ({"part": "directorate"}, "rates are published of all staff and of no part"),
        ({"part": ""}, "rates are published of all staff and of no part"),
        ({"is_chance": "yes", "from": "", "below": "5", "told": "employer"}, "above 0 and below 1"),
        ({"is_chance": "yes", "told": "employer"}, "above 0 and below 1"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, wrong, words):
    said = faults(tmp_path, GOOD, GOOD | {"code": "OTHER"} | wrong)
    assert words in said
    assert "line 3: " in said
    assert "line 2: " not in said


@pytest.mark.parametrize(
    ("silencing", "is_told"),
    [
        ({}, False),
        ({"frame": "empty_column", "part": "", "told": "employer"}, False),
        ({"told": "employer"}, True),
        ({"told": "employer", "is_on": "no"}, True),
        ({"frame": "unlisted_value", "part": "", "told": "employer"}, True),
    ],
)
def test_what_only_the_employer_is_told_silences_no_public_rule(tmp_path, silencing, is_told):
    rows = GOOD | {"unless": "OTHER"}, GOOD | {"code": "OTHER"} | silencing
    if not is_told:
        assert len(load_rules(written(tmp_path / "alert_rules.csv", *rows))) == 2
        return
    assert faults(tmp_path, *rows) == (
        "The alert rules (alert_rules.csv) are wrong: line 2: unless must not name OTHER, which "
        "only the employer is told: that the public alert is missing would tell it to everybody."
    )
    # One that only the employer is told may be silenced by any.
    hidden = rows[0] | {"told": "employer"}
    assert len(load_rules(written(tmp_path / "alert_rules.csv", hidden, rows[1]))) == 2


def test_all_faults_are_said_at_once(tmp_path):
    said = faults(tmp_path, GOOD | {"frame": "no_such", "message": ""}, GOOD | {"from": ""})
    assert said == (
        "The alert rules (alert_rules.csv) are wrong: line 2: frame 'no_such' is not known; "
        "line 2: message is missing; line 2: told must be employer: the published rates do not "
        "tell what the frame looks at; line 3: no limit: give below or from."
    )


def test_a_rule_stands_once(tmp_path):
    assert "declaration_fell:all stands 2 times" in faults(tmp_path, GOOD, GOOD)


def test_a_line_with_a_comma_too_many_is_told(tmp_path):
    path = written(tmp_path / "alert_rules.csv", GOOD)
    path.write_text(path.read_text(encoding="utf-8").replace("usual movement", "usual, movement"))
    with pytest.raises(ProductError, match=r"line 2: must have the columns .* quotation marks"):
        load_rules(path)


def test_check_registry_reads_the_rules(tmp_path, monkeypatch):
    told = equality("check-registry", "--home", tmp_path).out
    there = f"{len(load_rules())} alert rules on {len(FRAMES)} frames"
    assert f"{there}: no fault found" in told
    bad = written(tmp_path / "alert_rules.csv", GOOD | {"frame": "no_such"})
    monkeypatch.setattr(rules.load_rules, "__defaults__", (bad,))
    result = equality("check-registry", "--home", tmp_path)
    assert result.exit_code == 70
    assert "frame 'no_such' is not known" in result.err


def test_a_frame_without_the_columns_of_its_rule_is_told():
    (good,) = [rule for rule in alert_rules() if rule.code == "KNOWN_TO_UNKNOWN"]
    tables = frozenset(model.name for model in load_models())
    assert alert_frames.check_frames_of(load_rules(), tables) == len(FRAMES)
    wrong = replace(good, is_chance=True, below=Fraction(1, 2), reaches=None)
    with pytest.raises(ProductError) as caught:
        alert_frames.check_frames_of([*load_rules(), wrong], tables)
    assert "alerts/known_to_unknown.sql has no events, other_events, other_trials" in str(
        caught.value
    )
    with pytest.raises(ProductError, match=r"joiners\.sql: no rule looks at it"):
        alert_frames.check_frames_of([good], tables)


@pytest.mark.parametrize(
    ("frame", "wrong", "words"),
    [
        ("joiners", {"part": "directorate"}, "has no part 'directorate'"),
        ("never_asked", {"part": "band_group"}, "has no part 'band_group'"),
        ("declaration_fall", {"part": ""}, "names no part, and .* has several"),
        ("part_against_rest", {"part": ""}, "names no part, and .* has several"),
        ("part_against_rest", {"part": "all"}, "has no part 'all'"),
        ("unlisted_value", {"part": "band_group"}, "has no part 'band_group'"),
        ("headcount_movement", {"characteristic": "sex"}, "tells no characteristics"),
    ],
)
def test_a_rule_that_would_look_at_no_row_is_told(frame, wrong, words):
    tables = frozenset(model.name for model in load_models())
    good = next(rule for rule in alert_rules() if rule.frame == frame)
    with pytest.raises(ProductError, match=words):
        alert_frames.check_frames_of([*load_rules(), replace(good, **wrong)], tables)


@pytest.mark.parametrize("frame", ["declaration_rate", "declaration_fall", "known_to_unknown"])
@pytest.mark.parametrize("part", ["directorate", "band_group"])
def test_a_rule_on_rates_may_look_at_parts(frame, part):
    tables = frozenset(model.name for model in load_models())
    good = next(rule for rule in alert_rules() if rule.frame == frame)
    of_parts = replace(good, part=part, told="employer")
    assert alert_frames.check_frames_of([*load_rules(), of_parts], tables) == len(FRAMES)


def test_the_target_of_parts_ships_for_the_employer_and_off():
    parts = [rule for rule in load_rules() if rule.code == TARGET and rule.part != "all"]
    assert [(one.part, one.minimum_base, one.told, one.is_on) for one in parts] == [
        ("directorate", 30, "employer", False),
        ("band_group", 30, "employer", False),
    ]


def test_every_characteristic_with_a_value_list_may_be_named():
    assert {row["characteristic"] for row in reference("characteristic_value")} < CHARACTERISTICS

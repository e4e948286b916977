"""The registry of indicators: what ships fits together, and a wrong file is told all its faults."""

import re
from collections import defaultdict
from datetime import date

import pandas as pd
import pytest
import yaml

from pipeline.assess.columns import KEY
from pipeline.assess.figures import assess
from pipeline.assess.methods import answer
from pipeline.errors import ProductError
from pipeline.models import load_models
from pipeline.registry import METHODS, Break, load_registry
from pipeline.resources import INDICATORS, WAREHOUSE, reference
from schemas.published import MEASURES, STANDARDS

RIGHT = """
table: measures.likelihood
standard: WRES
indicator: "2"
title: A likelihood
source: Who defined it
definition: What it is.
why_it_matters: Why.
numerator: who was appointed
denominator: who was shortlisted
comparison: one divided by the other
favourable: parity
needs: [recruitment]
valid_from: 2016-04-01
groups: {WHITE: White, BME: Black and minority ethnic}
measures:
  relative_likelihood:
    {method: relative_likelihood, decimals: 2, above_parity: adverse, neutral_groups: [BME]}
change_log:
  - {version: 0.1.0, change: first definition}
"""
SHARE = {"method": "share", "decimals": 1}


def load(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return load_registry(folder)


def faults(folder, **files):
    with pytest.raises(ProductError) as caught:
        load(folder, **files)
    return str(caught.value)


# --- what ships -----------------------------------------------------------------------------


def test_every_file_that_ships_is_read():
    assert len(load_registry()) == len(list(INDICATORS.glob("*.yml")))


def test_every_table_of_measures_serves_an_indicator():
    tables = {entry.table for entry in load_registry()}
    assert tables == {model.name for model in load_models() if model.name.startswith("measures.")}


def test_standards_and_measures_are_those_of_the_published_table():
    for entry in load_registry():
        assert entry.standard in STANDARDS
        assert set(entry.measures) <= set(MEASURES)
        for text in (entry.title, entry.source, entry.definition, entry.why_it_matters):
            assert text.strip()


def test_an_indicator_of_a_standard_is_registered_once():
    keys = [(entry.standard, entry.indicator) for entry in load_registry()]
    assert len(keys) == len(set(keys))


def test_every_group_and_category_that_people_can_be_in_has_a_label():
    codes = defaultdict(lambda: {"ALL"})
    for row in reference("characteristic_value"):
        codes[row["characteristic"]] |= {row["category_code"], row["group_code"]}
    codes["age_band"] |= {row["age_band"] for row in reference("age_band")} | {"UNKNOWN"}
    for row in reference("coarse_group"):
        codes[row["characteristic"]].add(row["coarse_group"])
    profile = {
        entry.indicator: set(entry.groups)
        for entry in load_registry()
        if entry.table == "measures.workforce_profile" and entry.indicator in codes
    }
    assert profile == codes


def test_a_gap_in_pay_rows_is_claimed_of_senior_rows_alone():
    parts = {row["part"] for row in reference("workforce_part")}
    gaps = {
        entry.standard: entry.measures["difference_pp"]
        for entry in load_registry()
        if entry.table == "measures.pay_row"
    }
    for standard, senior, junior in (
        ("WRES", "clinical:8a", "clinical:2"),
        ("WDES", "cluster_3", "cluster_1"),
    ):
        gap = gaps[standard]
        assert gap.high_is(senior, "BME") == "favourable"
        assert gap.high_is(junior, "BME") == "neutral"
        assert gap.claimed_parts <= parts


def test_no_direction_is_claimed_of_groups_without_one():
    census = {entry.indicator: entry for entry in load_registry() if entry.standard == "CENSUS"}
    for indicator, group, direction in (
        ("sex", "FEMALE", "neutral"),
        ("ethnicity", "BME", "favourable"),
    ):
        for measure in census[indicator].measures.values():
            assert measure.high_is("boundary", group) == direction


def test_the_warehouse_reads_no_measure_that_is_not_made():
    # The views of the published file name measures and groups in their conditions.
    measures = {measure for entry in load_registry() for measure in entry.measures}
    for path in (WAREHOUSE / "marts").glob("*.sql"):
        named = re.findall(r"measure = '(\w+)'", path.read_text(encoding="utf-8"))
        assert set(named) <= measures, path.name


# --- wrong files ----------------------------------------------------------------------------


def test_a_right_file_is_read(tmp_path):
    (entry,) = load(tmp_path, wres_2=RIGHT)
    assert (entry.table, entry.standard, entry.indicator) == ("measures.likelihood", "WRES", "2")
    assert (entry.needs, entry.favourable) == (("recruitment",), "parity")
    assert (entry.valid_from, entry.valid_to, entry.breaks) == (date(2016, 4, 1), None, ())
    measure = entry.measures["relative_likelihood"]
    assert measure.decimals == 2
    assert measure.high_is("all", "WHITE") == "adverse"
    assert measure.high_is("all", "BME") == "neutral"


def test_an_indicator_may_end_and_its_series_may_break(tmp_path):
    broken = [{"since": date(2018, 4, 1), "change": "counted otherwise"}]
    (entry,) = load(tmp_path, wres_2=wrong(valid_to=date(2021, 3, 31), breaks=broken))
    assert entry.valid_to == date(2021, 3, 31)
    assert entry.breaks == (Break(date(2018, 4, 1), "counted otherwise"),)


def wrong(**changes):
    """Return the right file with keys put in, or taken out where None."""
    entry = yaml.safe_load(RIGHT) | changes
    return yaml.safe_dump({key: value for key, value in entry.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": None}, "key 'title' is missing"),
        ({"colour": "red"}, "key 'colour' is not known"),
        ({"indicator": "3"}, "is the file of wres_3.yml"),
        ({"standard": "WDES"}, "is the file of wdes_2.yml"),
        ({"table": "measures.wres_99"}, "table measures.wres_99 has no file in warehouse/"),
        ({"needs": ["payroll"]}, "source 'payroll' is not known"),
        ({"needs": "recruitment"}, "key 'needs' must hold a list"),
        ({"needs": []}, "key 'needs' must hold a list"),
        ({"definition": ["a"]}, "key 'definition' must hold a text"),
        ({"groups": ["WHITE"]}, "key 'groups' must hold names with what they stand for"),
        ({"valid_from": "April"}, "key 'valid_from' must hold an ISO date"),
        ({"valid_to": 2021}, "key 'valid_to' must hold an ISO date"),
        ({"favourable": "much"}, "favourable is none of higher, lower, none, parity"),
        ({"breaks": ["2018"]}, "a break must hold since and change"),
        ({"breaks": [{"since": date(2018, 4, 1)}]}, "a break must hold since and change"),
        (
            {"breaks": [{"since": "2018", "change": "counted otherwise"}]},
            "since of a break must hold an ISO date",
        ),
        ({"measures": {"share": None}}, "measure 'share': has no method"),
        ({"measures": {"share": {}}}, "measure 'share': method 'None' is not known"),
        ({"measures": {"share": {"method": "guess"}}}, "method 'guess' is not known"),
        ({"measures": {"rate": SHARE}}, "method 'share' gives 'share'"),
        (
            {"measures": {"ratio": {"method": "rate", "decimals": 1}}},
            "measure 'ratio': method 'rate' gives 'rate'",
        ),
        (
            {"measures": {"ratio": {"method": "proportion", "decimals": 1}}},
            "method 'proportion' gives 'rate or share'",
        ),
        (
            {"measures": {"share": {"method": "share"}}},
            "measure 'share': decimals must hold a number",
        ),
        (
            {"measures": {"share": SHARE | {"decimals": 2}}},
            "measure 'share': method 'share' gives 1 decimals",
        ),
        (
            {"measures": {"score": {"method": "amount", "decimals": "two"}}},
            "measure 'score': decimals must hold a number",
        ),
        (
            {"measures": {"share": SHARE | {"above_parity": "good"}}},
            "above_parity is none of adverse, favourable, neutral",
        ),
        (
            {"measures": {"share": SHARE | {"claimed": ["all"]}}},
            "measure 'share': key 'claimed' is not known",
        ),
        (
            {"measures": {"share": SHARE | {"neutral_groups": ["FEMALE"]}}},
            "neutral group 'FEMALE' is not among the groups",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file(tmp_path, changes, fault):
    told = faults(tmp_path, wres_2=wrong(**changes))
    assert told.startswith("The indicator registry is wrong: wres_2.yml: ")
    assert fault in told


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
def test_some_methods_leave_the_decimals_to_the_registry(tmp_path, decimals):
    measures = {"score": {"method": "amount", "decimals": decimals}}
    (entry,) = load(tmp_path, wres_2=wrong(measures=measures))
    assert entry.measures["score"].decimals == decimals


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    told = faults(
        tmp_path,
        first=wrong(title=None, colour="red"),
        second=wrong(
            table="measures.none",
            needs=["payroll", "diary"],
            measures={"share": {"method": "guess", "above_parity": "good"}, "rate": {}},
        ),
        wres_2=RIGHT,
        fourth="a: [",
        fifth="",
    )
    for fault in (
        "first.yml: key 'title' is missing",
        "first.yml: key 'colour' is not known",
        "second.yml: is the file of wres_2.yml",
        "second.yml: table measures.none has no file",
        "second.yml: source 'payroll' is not known",
        "second.yml: source 'diary' is not known",
        "second.yml: measure 'share': method 'guess' is not known",
        "second.yml: measure 'share': above_parity",
        "second.yml: measure 'rate': method 'None' is not known",
        "fourth.yml: while parsing",
        "fifth.yml: holds no keys",
    ):
        assert fault in told
    assert "; wres_2.yml: " not in told


def test_a_table_that_no_file_names_is_a_fault(tmp_path, monkeypatch):
    from pipeline import registry

    for path in INDICATORS.glob("*.yml"):
        if path.stem != "wdes_9a":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(registry, "INDICATORS", tmp_path)
    with pytest.raises(ProductError, match=r"measures/engagement.sql: no indicator file names it"):
        load_registry(tmp_path)


def test_every_method_gives_measures_of_the_published_table():
    for name, method in METHODS.items():
        assert method.measures, name
        assert method.measures <= set(MEASURES), name


def test_every_method_is_one_that_figures_are_assessed_by(tmp_path):
    # A method of the registry that nothing works out would fail only with its first indicator.
    keys = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
    amounts = ("amount", "amount_base", "comparator_amount", "comparator_amount_base")
    # A change follows from the figures of another indicator; the tests of actions are about it.
    for name, method in ((name, METHODS[name]) for name in METHODS if name != "change"):
        for measure in method.measures:
            (folder := tmp_path / f"{name}_{measure}").mkdir()
            spec = {"method": name, "decimals": 1 if method.decimals is None else method.decimals}
            (entry,) = load(folder, wres_2=wrong(measures={measure: spec}))
            row = dict.fromkeys(KEY) | dict.fromkeys(keys, 20) | dict.fromkeys(amounts, 20)
            row |= {"measure": measure, "part": "all", "group_code": "BME", "reason": None}
            row |= {"standard": entry.standard, "indicator": entry.indicator}
            row |= {"period_end": date(2022, 3, 31), "strata": [(20, 20, 20, 20)]}
            (figure,) = assess(pd.DataFrame([row]), [entry], answer).to_dict("records")
            assert (figure["status"], figure["value"] is None) == ("ok", False), (name, measure)
            assert figure["shows_counts"] == (name != "amount")

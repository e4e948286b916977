"""The registry of indicators: what ships fits together, and a wrong file is told all its faults."""

import csv
import re

import pytest
import yaml

from pipeline.build import load_models
from pipeline.errors import ProductError
from pipeline.registry import METHODS, load_registry
from pipeline.resources import INDICATORS, REFERENCE, WAREHOUSE
from schemas.published import MEASURES, STANDARDS

RIGHT = """
table: measures.wres_2
standard: WRES
title: A likelihood
sources: [recruitment]
definition: What it is.
why_it_matters: Why.
indicators: {"2": A likelihood}
groups: {WHITE: White, BME: Black and minority ethnic}
measures:
  relative_likelihood: {method: relative_likelihood, above_parity: adverse, neutral_groups: [BME]}
change_log:
  - {version: 0.1.0, change: first definition}
"""


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


def test_every_table_of_measures_has_one_file():
    tables = [entry.table for entry in load_registry()]
    made = {model.name for model in load_models() if model.name.startswith("measures.")}
    assert sorted(tables) == sorted(made)


def test_standards_and_measures_are_those_of_the_published_table():
    for entry in load_registry():
        assert entry.standard in STANDARDS
        assert set(entry.measures) <= set(MEASURES)
        for text in (entry.title, entry.definition, entry.why_it_matters):
            assert text.strip()


def test_an_indicator_and_measure_of_a_standard_is_registered_once():
    keys = [
        (entry.standard, code, measure)
        for entry in load_registry()
        for code in entry.indicators
        for measure in entry.measures
    ]
    # WRES 1 and 9 have shares and differences each; the key of `indicator` tells them apart.
    assert len(keys) == len(set(keys))


def test_every_group_and_category_that_people_can_be_in_has_a_label():
    (profile,) = [entry for entry in load_registry() if entry.standard == "PSED"]
    with (REFERENCE / "characteristic_value.csv").open(encoding="utf-8", newline="") as file:
        codes = {
            row[name] for row in csv.DictReader(file) for name in ("category_code", "group_code")
        }
    with (REFERENCE / "age_band.csv").open(encoding="utf-8", newline="") as file:
        codes |= {row["age_band"] for row in csv.DictReader(file)}
    assert codes - set(profile.groups) == set()
    assert set(profile.groups) - codes == {"ALL"}


def test_a_gap_in_pay_rows_is_claimed_of_senior_rows_alone():
    (entry,) = [entry for entry in load_registry() if entry.table == "measures.wres_1"]
    gap = entry.measures["difference_pp"]
    assert gap.high_is("clinical:8a", "BME") == "favourable"
    assert gap.high_is("clinical:2", "BME") == "neutral"
    with (REFERENCE / "workforce_part.csv").open(encoding="utf-8", newline="") as file:
        parts = {row["part"] for row in csv.DictReader(file)}
    assert gap.claimed_parts <= parts


def test_no_direction_is_claimed_of_groups_without_one():
    (entry,) = [entry for entry in load_registry() if entry.standard == "CENSUS"]
    for measure in entry.measures.values():
        assert measure.high_is("boundary", "FEMALE") == "neutral"
        assert measure.high_is("boundary", "BME") == "favourable"


def test_the_warehouse_reads_no_measure_that_is_not_made():
    # The views of the published file name measures and groups in their conditions.
    measures = {measure for entry in load_registry() for measure in entry.measures}
    for path in (WAREHOUSE / "marts").glob("*.sql"):
        named = re.findall(r"measure = '(\w+)'", path.read_text(encoding="utf-8"))
        assert set(named) <= measures, path.name


# --- wrong files ----------------------------------------------------------------------------


def test_a_right_file_is_read(tmp_path):
    (entry,) = load(tmp_path, likelihood=RIGHT)
    assert (entry.table, entry.standard, entry.sources) == (
        "measures.wres_2",
        "WRES",
        ("recruitment",),
    )
    measure = entry.measures["relative_likelihood"]
    assert measure.high_is("all", "WHITE") == "adverse"
    assert measure.high_is("all", "BME") == "neutral"


def wrong(**changes):
    """Return the right file with keys put in, or taken out where None."""
    entry = yaml.safe_load(RIGHT) | changes
    return yaml.safe_dump({key: value for key, value in entry.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": None}, "key 'title' is missing"),
        ({"colour": "red"}, "key 'colour' is not known"),
        ({"table": "measures.wres_99"}, "table measures.wres_99 has no file in warehouse/"),
        ({"sources": ["payroll"]}, "source 'payroll' is not known"),
        ({"sources": "recruitment"}, "key 'sources' must hold a list"),
        ({"sources": []}, "key 'sources' must hold a list"),
        ({"definition": ["a"]}, "key 'definition' must hold a text"),
        ({"groups": ["WHITE"]}, "key 'groups' must hold names with what they stand for"),
        ({"measures": {"share": None}}, "measure 'share': has no method"),
        ({"measures": {"share": {}}}, "measure 'share': method 'None' is not known"),
        ({"measures": {"share": {"method": "guess"}}}, "method 'guess' is not known"),
        ({"measures": {"rate": {"method": "share"}}}, "method 'share' gives 'share'"),
        (
            {"measures": {"share": {"method": "share", "above_parity": "good"}}},
            "above_parity is none of adverse, favourable, neutral",
        ),
        (
            {"measures": {"share": {"method": "share", "claimed": ["all"]}}},
            "measure 'share': key 'claimed' is not known",
        ),
        (
            {"measures": {"share": {"method": "share", "neutral_groups": ["FEMALE"]}}},
            "neutral group 'FEMALE' is not among the groups",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file(tmp_path, changes, fault):
    told = faults(tmp_path, likelihood=wrong(**changes))
    assert told == f"The indicator registry is wrong: likelihood.yml: {fault}." or fault in told
    assert "likelihood.yml: " in told


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    told = faults(
        tmp_path,
        first=wrong(title=None, colour="red"),
        second=wrong(
            table="measures.none",
            sources=["payroll", "diary"],
            measures={"share": {"method": "guess", "above_parity": "good"}, "rate": {}},
        ),
        third=RIGHT,
        fourth="a: [",
        fifth="",
    )
    for fault in (
        "first.yml: key 'title' is missing",
        "first.yml: key 'colour' is not known",
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
    assert "third.yml" not in told


def test_a_table_that_no_file_names_is_a_fault(tmp_path, monkeypatch):
    from pipeline import registry

    for path in INDICATORS.glob("*.yml"):
        if path.stem != "wres_9":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(registry, "INDICATORS", tmp_path)
    with pytest.raises(ProductError, match=r"measures/wres_9.sql: no indicator file names it"):
        load_registry(tmp_path)


def test_every_method_gives_a_measure_of_the_published_table():
    assert set(METHODS.values()) <= set(MEASURES)

"""The demo's published database against a reader who wants the hidden counts of people."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import duckdb
import pytest
from attacker import THRESHOLD, breaches
from command import private_rows
from value_attacker import GAPS, tells_a_hidden_gap

from pipeline.assess.rounding import round_half_away
from pipeline.attack.people import ESTIMATE, EVERYBODY, is_survey, people
from pipeline.attack.sums import Count

COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
TOLD_BY_VALUE = ("value", "ci_low", "ci_high", "p_value", "direction")
# Integers that count quarters or records to be asked for, not people.
NO_PEOPLE = {
    ("alert", "quarters_running"), ("alert", "records_to_target"), ("coverage", "employers"),
    ("coverage", "employers_sent"), ("indicator", "decimals"), ("benchmark", "organisations"),
}  # fmt: skip
# By the rule of the survey's owner few answers may be told, and no base below ten.
OF_WRES, OF_WDES = "('5', '6', '7', '8')", "('4a_i', '4a_ii', '4a_iii', '4b', '5', '6', '7', '8')"
OF_BOTH = (
    f"((standard = 'WRES' and indicator in {OF_WRES}) or "
    f"(standard = 'WDES' and indicator in {OF_WDES}))"
)
AND_NO_ANSWERS = {
    ("figure", "numerator"): f" and not {OF_BOTH}",
    ("figure", "comparator_numerator"): f" and not {OF_BOTH}",
    ("wres", "white_count"): f" and indicator not in {OF_WRES}",
    ("wres", "bme_count"): f" and indicator not in {OF_WRES}",
    ("wdes", "disabled_count"): f" and indicator not in {OF_WDES}",
    ("wdes", "non_disabled_count"): f" and indicator not in {OF_WDES}",
}
# Of 250 relevant employees or more, whose gender pay gap the law makes public.
LARGE_EMPLOYERS = {"27D", "RBQ"}
WITHOUT_PEOPLE = {"EDS", "ACTIONS", "DUTIES"}
KEY = (
    "period_end", "organisation_code", "level", "standard", "indicator", "part", "measure",
    "group_code", "comparator_code",
)  # fmt: skip


@pytest.fixture(scope="module")
def published(demo_home):
    path = demo_home / "published" / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def rows(connection, query):
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@pytest.fixture(scope="module")
def shown(published):
    """Return the published figures by key."""
    return {tuple(row[name] for name in KEY): row for row in rows(published, "from figure")}


def named_as_published(figures, shown):
    """Yield true figures by key; directorates of which nothing is told have a number as a name."""
    typed = {row["organisation_code"]: set() for row in figures}
    for row in figures:
        if row["part"].startswith("directorate:"):
            typed[row["organisation_code"]].add(row["part"])
    for row in shown.values():
        if row["status"] == "ok":
            typed[row["organisation_code"]].discard(row["part"])
    numbered = {
        (code, part): f"directorate:(not named {number})"
        for code, parts in typed.items()
        for number, part in enumerate(sorted(parts), start=1)
    }
    for row in figures:
        part = numbered.get((row["organisation_code"], row["part"]), row["part"])
        named = row | {"part": part}
        yield tuple(named[name] for name in KEY), named


@pytest.fixture(scope="module")
def true(demo_home, shown):
    """Return the true figures by key; they are the published ones, with all numbers."""
    names = (*KEY, *COUNTS, "value", "disclosure")
    found = private_rows(demo_home, f"select {', '.join(names)} from marts.figure")
    table = dict(named_as_published([dict(zip(names, row, strict=True)) for row in found], shown))
    assert set(table) == set(shown)
    # The counts behind a figure that shows none.
    behind = (*COUNTS, "since")
    for row in private_rows(
        demo_home, f"select {', '.join((*KEY, *behind))} from measures.model_employer"
    ):
        table[row[: len(KEY)]] |= dict(zip(behind, row[len(KEY) :], strict=True))
    return table


# --- what a reader knows of whom ------------------------------------------------------------


def counted(figures) -> Iterator[tuple[Count, int | None]]:
    """Return every count of people in figures, with whom it counts; None: it is not there."""
    for figure in figures:
        owner = str(figure["period_end"]), figure["level"], figure["organisation_code"]
        for name, of in zip(COUNTS, people(figure), strict=True):
            if of:
                value = figure[name]
                yield Count(*owner, *of[:4]), None if value is None else value // of.times


@pytest.fixture(scope="module")
def truth(shown, true):
    figures = (shown[key] | {name: row[name] for name in COUNTS} for key, row in true.items())
    table = {}
    for count, value in counted(figures):
        if value is not None:
            assert table.setdefault(count, value) == value, count
    return table


@pytest.fixture(scope="module")
def known(shown, true, truth):
    """Return what a reader knows of each count: it is known where any figure shows it.

    A figure of a count that nobody sent says so, and hides nothing. One that stands without its
    counts is taken to tell them, and those of the baseline from which it is measured.
    """
    table: dict[Count, int | None] = dict.fromkeys(truth)
    for key, figure in shown.items():
        is_silent = figure["standard"] == "MODEL_EMPLOYER" and figure["status"] != "suppressed"
        since = true[key].get("since") if is_silent else None
        for count, value in counted([figure, *([figure | {"period_end": since}] if since else ())]):
            if count in truth and table[count] is None:
                table[count] = truth[count] if is_silent else value
    return table


@pytest.fixture(scope="module")
def senders(published):
    """Return who sent each source, by snapshot, level and organisation."""
    found = defaultdict(dict)
    for row in rows(published, "from coverage"):
        owner = str(row["period_end"]), row["level"], row["organisation_code"]
        found[owner][row["source"]] = set(re.findall(r"\w+", row["bodies"] or ""))
    return dict(found)


@pytest.fixture(scope="module")
def members(published):
    """Return every way in which the ICB and the system are put together, as a reader sees it."""
    found = {}
    for period, board, codes, trusts in published.execute(
        "select period_end, icb_code, list(distinct organisation_code), "
        "list(distinct organisation_code) filter (kind = 'TRUST') "
        "from organisation inner join figure using (organisation_code) "
        "where level = 'employer' and icb_code is not null group by all"
    ).fetchall():
        provider = [("employer", code) for code in trusts or ()]
        own = [("employer", code) for code in codes if code not in (trusts or ())]
        found[str(period), "icb", board] = [own]
        found[str(period), "system", board] = [[*own, *provider], [("icb", board), *provider]]
    return found


# --- what stands in the file ----------------------------------------------------------------


def test_the_demo_has_something_to_hide_and_something_to_show(known, truth):
    small = [count for count, value in truth.items() if value and value < THRESHOLD]
    assert len(small) > 1000
    assert sum(known[count] is not None for count in known) > 2000
    # Most headcounts are told; where an employer's is not, another one's hides it.
    headcounts = [value for count, value in known.items() if count[3:] == EVERYBODY[:4]]
    assert 2 * headcounts.count(None) < len(headcounts)


def test_no_count_from_1_to_9_stands_in_any_table_or_view(published):
    integers = published.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and data_type in ('BIGINT', 'INTEGER', 'HUGEINT', 'UBIGINT')"
    ).fetchall()
    tables = {table for table, _ in integers}
    assert {"figure", "declaration_rate", "wres", "workforce_profile"} <= tables
    for table, column in set(integers) - NO_PEOPLE:
        found = published.execute(
            f'select count(*) from "{table}" where "{column}" between 1 and {THRESHOLD - 1}'
            f"{AND_NO_ANSWERS.get((table, column), '')}"
        ).fetchone()
        assert found == (0,), (table, column)


def test_what_is_shown_is_true(shown, true):
    for key, row in shown.items():
        for name in COUNTS:
            assert row[name] is None or row[name] == true[key][name], key
        exact = true[key]["value"]
        if row["value"] is not None and is_median_in_whole_percent(row):
            exact = round_half_away(exact, 0)
        assert row["value"] is None or row["value"] == exact, key


def is_median_in_whole_percent(row):
    is_statutory = row["standard"] == "GPG" and row["level"] == "employer" and row["part"] == "all"
    is_median = row["indicator"] == "median_hourly" and row["disclosure"] == "PERCENT_ONLY"
    return is_median and not (is_statutory and row["organisation_code"] in LARGE_EMPLOYERS)


def test_a_figure_with_a_hidden_count_tells_no_number(shown, true):
    for key, row in shown.items():
        is_bare = all(row[name] is None for name in COUNTS)
        is_hidden = any(row[name] != true[key][name] for name in COUNTS)
        if is_bare:
            # Counts that stand in no figure of their own, or that a reason without counts replaces.
            is_hidden = row["status"] == "suppressed"
        is_hidden &= row["disclosure"] != "PERCENT_ONLY"
        assert (row["status"] == "suppressed") == is_hidden, key
        assert (row["disclosure"] == "SUPPRESSED") == is_hidden, key
        assert (row["reason"] in ("SUPPRESSED", "DETAIL_NOT_PUBLISHED")) == is_hidden, key
        if is_hidden:
            assert [row[name] for name in TOLD_BY_VALUE] == [None] * len(TOLD_BY_VALUE), key


def test_pay_gaps_stand_without_headcounts(shown):
    """Every headcount on full pay would give, with all staff, those on reduced pay."""
    gaps = [row for row in shown.values() if row["standard"] in ("GPG", "EPG", "DPG")]
    assert {row["disclosure"] for row in gaps if row["status"] == "ok"} == {"PERCENT_ONLY"}
    for row in gaps:
        assert [row[name] for name in (*COUNTS, "ci_low", "ci_high", "p_value")] == [None] * 7
        if row["value"] is not None and row["indicator"] != "median_hourly":
            assert (row["standard"], row["level"], row["part"]) == ("GPG", "employer", "all")
    told = {row["organisation_code"] for row in gaps if row["indicator"] == "quarter_1"
            and row["value"] is not None}  # fmt: skip
    assert told == LARGE_EMPLOYERS
    medians = [row["value"] for row in gaps if is_median_in_whole_percent(row)]
    assert medians
    assert all(float(value).is_integer() for value in medians if value is not None)


def test_detail_of_employers_and_of_twelve_months_stands_at_31_march(shown):
    told = {
        (row["period_end"].month, row["level"], row["standard"])
        for row in shown.values()
        if row["status"] == "ok" and not is_survey(row) and row["standard"] not in WITHOUT_PEOPLE
    }
    assert {(month, standard) for month, level, standard in told if level == "employer"} >= {
        (3, "PSED"), (3, "WRES"), (3, "CENSUS"), (3, "FLOW"), (6, "PSED"), (9, "PSED"), (12, "PSED")
    }  # fmt: skip
    assert {standard for month, level, standard in told if level == "employer" and month != 3} == {
        "PSED"
    }
    # A system of one trust less its ICB is that trust.
    assert {standard for month, level, standard in told if level == "system" and month != 3} == {
        "PSED"
    }
    quarterly = {standard for month, level, standard in told if level == "icb" and month != 3}
    assert {"PSED", "WRES", "WDES", "DECLARATION", "CENSUS"} <= quarterly
    assert not {"FLOW", "GPG"} & quarterly
    for row in shown.values():
        if row["period_end"].month != 3 and row["status"] == "ok":
            is_headcount = row["measure"] == "headcount"
            assert row["level"] != "employer" or is_headcount or is_survey(row) or (
                row["standard"] in WITHOUT_PEOPLE
            ), row  # fmt: skip


def test_a_figure_that_is_not_published_for_its_date_says_so(shown):
    for row in shown.values():
        if row["reason"] == "DETAIL_NOT_PUBLISHED":
            is_pay = row["standard"] in ("GPG", "EPG", "DPG")
            assert row["period_end"].month != 3 or is_pay, row


def test_blocks_below_the_employer_are_of_thirty_or_more(shown, true):
    bases = {
        key: true[key]["denominator"]
        for key, row in shown.items()
        if row["standard"] in ("WRES", "WDES")
        and row["indicator"] == "1"
        and row["part"] != "all"
        and row["status"] == "ok"
    }
    assert bases
    assert {key: base for key, base in bases.items() if base < 30} == {}


def test_a_view_tells_no_number_that_the_figures_hide(published):
    # A percentage stands in a view only beside its count.
    for view, pairs in {
        "wres": [("white_count", "white_percent"), ("bme_count", "bme_percent"),
                 ("unknown_count", "unknown_percent")],
        "wdes": [("disabled_count", "disabled_percent")],
        "workforce_profile": [("headcount", "percent_of_staff"), ("headcount", "ci_low"),
                              ("all_staff", "percent_of_staff")],
        "census_comparison": [("staff_in_group", "difference_pp"), ("staff_base", "difference_pp"),
                              ("staff_in_group", "representation_index")],
    }.items():  # fmt: skip
        for count, number in pairs:
            found = published.execute(
                f"select count(*) from {view} where {count} is null and {number} is not null"
            ).fetchone()
            assert found == (0,), (view, number)


def test_the_trend_tells_no_value_that_the_figures_hide(published):
    leaks = published.execute(
        "select count(*) from trend inner join figure as before "
        "on before.period_end = last_day(trend.period_end - interval 3 month) "
        "and trend.level = before.level and trend.organisation_code = before.organisation_code "
        "and trend.standard = before.standard and trend.indicator = before.indicator "
        "and trend.part = before.part and trend.measure = before.measure "
        "and trend.group_code = before.group_code "
        "and trend.comparator_code is not distinct from before.comparator_code "
        "where trend.value_quarter_before is not null "
        "and trend.value_quarter_before is distinct from before.value"
    ).fetchone()
    assert leaks == (0,)


# --- the attack -----------------------------------------------------------------------------


def test_nothing_hidden_follows_by_subtraction(known, truth, members, senders):
    """Of detail that is published of no employer the ICB's total alone is known."""
    assert {len(way) for ways in members.values() for way in ways} == {9, 10, 2}
    shown = {count: value for count, value in known.items() if is_published_then(count)}
    assert len(shown) < len(known)
    assert breaches(shown, {count: truth[count] for count in shown}, members, senders) == []


def is_published_then(count):
    is_detail = count.level != "icb" and count[3:] != EVERYBODY[:4]
    return "-03-" in count.period or not is_detail


@pytest.mark.slow
def test_the_attack_finds_what_weaker_protection_leaves(known, truth, members, senders):
    # Hiding the small counts alone would leave hundreds of holes.
    primary = {
        count: None if value and value < THRESHOLD else value for count, value in truth.items()
    }
    found = breaches(primary, truth, members, senders)
    kinds = Counter(re.sub(r"\[?Count\(.*?\)(, Count\(.*?\))*\]?", "", text) for text in found)
    assert {" follows", " are few together", "all of  are in one group"} <= set(kinds)
    # And of what is hidden for the sake of others, each takes part in hiding something.
    assert sum(value is None for value in known.values()) > sum(
        value is None for value in primary.values()
    )


def test_percentages_and_bases_give_no_count(shown, truth, known):
    """A value that is told, with the base it is a percentage of, must not give a hidden count."""
    for row in shown.values():
        if row["value"] is None or row["measure"] not in ("share", "rate"):
            continue
        if row["disclosure"] == "PERCENT_ONLY":
            continue
        owner = str(row["period_end"]), row["level"], row["organisation_code"]
        of_events, of_base = people(row)[:2]
        if of_events is None or of_base is None:
            assert is_survey(row) or row["standard"] in WITHOUT_PEOPLE, row
            continue
        events, base = (Count(*owner, *named[:4]) for named in (of_events, of_base))
        for candidate in range(1, THRESHOLD):
            share = 100 * candidate / (truth[base] * of_base.times)
            if abs(share - row["value"]) <= 0.05:
                assert truth[events] != candidate or known[events] is not None


def test_a_comparison_tells_nothing_of_a_group_that_is_hidden(shown, known):
    """Ratio or difference with one group shown would give the other; so all four are shown."""
    for row in shown.values():
        if row["value"] is not None and row["disclosure"] != "PERCENT_ONLY":
            owner = str(row["period_end"]), row["level"], row["organisation_code"]
            for named in people(row):
                assert named is None or known[Count(*owner, *named[:4])] is not None


def test_an_estimate_over_employers_stands_only_where_all_of_theirs_do(shown, known, members):
    """Who knows the estimate and all employers but one knows that one's ratio."""
    estimates = [row for row in shown.values() if row["part"].endswith(ESTIMATE)]
    assert estimates
    for row in estimates:
        period = str(row["period_end"])
        for code in members[period, row["level"], row["organisation_code"]][0]:
            for named in people(row):
                own = Count(period, *code, *named[:4])
                assert row["value"] is None or own not in known or known[own] is not None


@pytest.fixture(scope="module")
def changes(demo_home, shown):
    """Return each change beside an action: its key, the gap it is of, and the earlier ones."""
    gaps = {}
    for row in shown.values():
        if row["level"] == "employer" and row["part"] == "all" and row["measure"] in GAPS:
            named = row["organisation_code"], row["standard"], row["indicator"]
            gaps.setdefault(named, {})[row["period_end"]] = row
    names = (*KEY, "named_standard", "named_indicator")
    found = []
    for row in private_rows(
        demo_home,
        f"select {', '.join(names)} from measures.action_evidence "
        "where named_indicator is not null",
    ):
        key, named = row[: len(KEY)], row[len(KEY) :]
        of_day = gaps.get((key[KEY.index("organisation_code")], *named), {})
        earlier = [gap for day, gap in of_day.items() if day < key[0]]
        found.append((key, of_day.get(key[0]), earlier))
    return found


def test_a_change_beside_an_action_gives_no_gap_that_is_hidden(shown, changes):
    told = [change for change in changes if shown[change[0]]["value"] is not None]
    assert told
    for key, now, earlier in told:
        assert not tells_a_hidden_gap(shown[key]["value"], now, earlier), key


def test_changes_that_are_hidden_would_give_gaps_that_are(shown, true, changes):
    hidden = [change for change in changes if shown[change[0]]["status"] == "suppressed"]
    told = [change for change in hidden if true[change[0]]["value"] is not None]
    assert told
    for key, now, earlier in told:
        assert tells_a_hidden_gap(true[key]["value"], now, earlier), key


def test_answers_are_hidden_with_a_base_under_ten(shown, true):
    answers = {key: row for key, row in shown.items() if is_survey(row)}
    assert any(row["status"] == "suppressed" for row in answers.values())
    for key, row in answers.items():
        bases = [true[key][name] for name in ("denominator", "comparator_denominator")]
        is_small = any(base and 0 < base < THRESHOLD for base in bases)
        assert row["status"] == "suppressed" or not is_small, key


# --- the companion tables -------------------------------------------------------------------


def test_declaration_rates_tell_what_the_figures_tell(published, known):
    rates = rows(published, "from declaration_rate")
    assert rates
    for rate in rates:
        owner = str(rate["period_end"]), rate["level"], rate["organisation_code"]
        assert rate["headcount"] == known[Count(*owner, *EVERYBODY[:4])]
        known_count = Count(*owner, "workforce", "all", rate["characteristic"], "KNOWN")
        assert rate["known"] == known[known_count]
        assert (rate["rate"] is None) == (rate["status"] != "ok")
        assert rate["rate"] is None or rate["known"] is not None


def test_the_band_of_a_hidden_rate_leaves_every_small_count(published):
    for rate in rows(published, "from declaration_rate where known is null and band is not null"):
        headcount = rate["headcount"]
        bands = {
            "95% or more" if 100 * (headcount - unknown) >= 95 * headcount else "below 95%"
            for unknown in range(1, THRESHOLD)
        }
        assert len(bands) == 1, rate


def test_a_band_is_there_or_not_whatever_the_hidden_count(published):
    silent, told = set(), set()
    for rate in rows(published, "from declaration_rate where known is null"):
        (silent if rate["band"] is None else told).add(rate["headcount"])
    assert told
    assert silent.isdisjoint(told)


def test_alerts_tell_what_the_declaration_rates_tell(published):
    alerts = rows(published, "from alert")
    of_rates = [alert for alert in alerts if alert["characteristic"]]
    assert of_rates
    assert len(alerts) > len(of_rates)
    rates = {
        (rate["organisation_code"], rate["period_end"], rate["characteristic"]): rate
        for rate in rows(published, "from declaration_rate where level = 'employer'")
    }
    for alert in of_rates:
        rate = rates[alert["organisation_code"], alert["period_end"], alert["characteristic"]]
        assert rate["band"] == "below 95%"
        assert alert["value"] == rate["rate"]
        assert (alert["records_to_target"] is None) == (rate["known"] is None)
        if rate["known"] is not None:
            reached = rate["known"] + alert["records_to_target"]
            assert 100 * reached >= alert["target"] * rate["headcount"]
        # The rule's own words: no count of people.
        assert re.findall(r"\d+", alert["message"]) == ["95"]
    for alert in alerts:
        if not alert["characteristic"]:
            assert alert["value"] is alert["target"] is alert["records_to_target"] is None
            # At most how many employers sent an extract.
            assert re.fullmatch(r"\w+ (was|is) [a-z ;]*(\d+ of \d+ sent it)?", alert["message"])


def test_quarters_running_can_be_counted_by_every_reader(published):
    alerts = rows(published, "from alert")
    quarters = sorted({row["period_end"] for row in rows(published, "from figure")})
    for alert in alerts:
        place = quarters.index(alert["period_end"])
        same = {
            other["period_end"]
            for other in alerts
            if all(other[name] == alert[name] for name in ("organisation_code", "code", "message"))
        }
        running = 1
        while place >= running and quarters[place - running] in same:
            running += 1
        if "sent it" not in alert["message"]:
            assert alert["quarters_running"] == running


def test_loads_and_checks_count_nothing(published):
    for table in ("load", "check_result", "revision", "about", "organisation", "series_break"):
        types = {row[1] for row in published.execute(f"describe {table}").fetchall()}
        assert types <= {"VARCHAR", "DATE", "BOOLEAN"}, table
    assert {row[0] for row in published.execute("select passed from check_result").fetchall()} == {
        True
    }


def test_no_text_of_the_file_names_why_a_count_is_hidden(published):
    for table, column in published.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and data_type = 'VARCHAR'"
    ).fetchall():
        found = published.execute(
            f"select count(*) from \"{table}\" where \"{column}\" in ('PRIMARY', 'SECONDARY')"
        ).fetchone()
        assert found == (0,), (table, column)

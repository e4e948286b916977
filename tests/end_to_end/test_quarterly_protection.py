"""What a quarterly release of an ICB tells of employers of whom only headcounts and bands stand."""

import duckdb
import pytest
from command import equality
from inbox import BME, UNKNOWN, WHITE, board_rows, mover_rows, staff_rows, write_inbox

from pipeline.resources import REFERENCE

JUNE, MARCH = "2022-06-30", "2022-03-31"


def send(home, code, counts, first=1, period=JUNE):
    write_inbox(home / "inbox", period, code, "esr_staff", staff_rows(counts, first=first))


def released(home):
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    assert "none of them can be worked out" in run.out


def shares(home, characteristic, code="QYG"):
    """Return the published counts of the groups of an organisation, None where hidden."""
    with duckdb.connect(str(home / "published" / "equality.duckdb"), read_only=True) as published:
        return dict(
            published.execute(
                "select group_code, numerator from figure where standard = 'PSED' and part = 'all' "
                "and measure = 'share' and indicator = ? and organisation_code = ? "
                "and level in ('icb', 'employer')",
                [characteristic, code],
            ).fetchall()
        )


def test_a_late_employer_is_not_the_difference_of_two_releases(tmp_path):
    send(tmp_path, "01T", {WHITE: 150, BME: 76, UNKNOWN: 24})
    send(tmp_path, "01V", {WHITE: 160, BME: 68, UNKNOWN: 22}, first=1000)
    released(tmp_path)
    assert shares(tmp_path, "ethnicity") == {"WHITE": 310, "BME": 144, "UNKNOWN": 46}
    # 60, 4 and 3 people come late: what is told of the ICB less what was told is they.
    send(tmp_path, "01X", {WHITE: 60, BME: 4, UNKNOWN: 3}, first=2000)
    released(tmp_path)
    assert set(shares(tmp_path, "ethnicity").values()) == {None}
    # Their sexes are 33 and 34: that may be told.
    assert shares(tmp_path, "sex") == {"FEMALE": 283, "MALE": 284, "UNKNOWN": 0}


def test_bands_of_employers_leave_the_unknown_of_others_open(tmp_path):
    # Of 14 unknown of the ICB 13 at least are in 01T, whose band is below 95%: 01V has 0 or 1.
    send(tmp_path, "01T", {WHITE: 150, BME: 87, UNKNOWN: 13})
    send(tmp_path, "01V", {WHITE: 160, BME: 89, UNKNOWN: 1}, first=1000)
    released(tmp_path)
    assert shares(tmp_path, "ethnicity")["UNKNOWN"] is None


def test_a_group_that_is_all_of_the_icb_does_not_tell_what_all_of_few_employees_are(tmp_path):
    send(tmp_path, "01T", {WHITE: 15})
    send(tmp_path, "01V", {WHITE: 150, BME: 50, UNKNOWN: 20}, first=1000)
    released(tmp_path)
    # Everybody of the sample is without a disability.
    assert set(shares(tmp_path, "disability").values()) == {None}


def test_an_icb_of_which_one_employer_sent_staff_is_published_as_that_employer_is(tmp_path):
    send(tmp_path, "01T", {WHITE: 150, BME: 76, UNKNOWN: 24})
    write_inbox(tmp_path / "inbox", JUNE, "01V", "board", board_rows({WHITE: 12, BME: 3}))
    released(tmp_path)
    assert set(shares(tmp_path, "ethnicity").values()) == {None}
    assert set(shares(tmp_path, "ethnicity", "01T").values()) == {None}


def under(home, policy):
    path = REFERENCE / "disclosure" / f"{policy}.yml"
    (home / "settings.toml").write_text(f'disclosure = "{path}"\n', encoding="utf-8")


@pytest.mark.parametrize("policy", ["round5"])
def test_rounded_counts_can_be_released_and_released_again(tmp_path, policy):
    under(tmp_path, policy)
    send(tmp_path, "01T", {WHITE: 62, BME: 4, UNKNOWN: 21}, period=MARCH)
    send(tmp_path, "01V", {WHITE: 70, BME: 23, UNKNOWN: 15}, first=1000, period=MARCH)
    released(tmp_path)
    assert shares(tmp_path, "ethnicity", "01T") == {"WHITE": 60, "BME": 5, "UNKNOWN": 20}
    send(tmp_path, "01T", {WHITE: 61, BME: 5, UNKNOWN: 21}, period=MARCH)
    released(tmp_path)
    assert shares(tmp_path, "ethnicity", "01T") == {"WHITE": 60, "BME": 5, "UNKNOWN": 20}


def test_a_rounded_base_beside_a_hidden_count_contradicts_nothing(tmp_path):
    under(tmp_path, "secondary_care")
    send(tmp_path, "01T", {WHITE: 58, BME: 41, UNKNOWN: 12}, period=MARCH)
    # 6 men and 6 women left, which is hidden; how many men there were on average stands beside it.
    left = mover_rows({("Leaver", WHITE): 12}, first=400)
    write_inbox(tmp_path / "inbox", MARCH, "01T", "movers", left)
    released(tmp_path)
    with duckdb.connect(str(tmp_path / "published" / "equality.duckdb"), read_only=True) as found:
        of_men = (
            "select numerator, denominator, disclosure from figure where standard = 'FLOW' and "
            "indicator = 'attrition' and part = 'sex' and group_code = 'MALE' and "
            "measure = 'rate' and level = 'employer'"
        )
        assert found.execute(of_men).fetchall() == [(None, 55, "SUPPRESSED")]

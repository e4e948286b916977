"""What we publish passes our own audit: nothing impossible, and nothing hidden is told."""

import pytest
from audited import HIDDEN, findings_in, published_tables

SNAPSHOT = "2022-03-31"


@pytest.mark.parametrize(
    ("code", "level"), [("99A", "employer"), ("12F", "employer"), ("QYG", "icb")]
)
def test_the_published_tables_of_a_body_give_no_finding(demo, tmp_path, code, level):
    published = demo.home / "published" / "equality.duckdb"
    rows = published_tables(published, code, SNAPSHOT, level)
    # Tables worth an audit: many lines, hidden cells among them, and percentages.
    assert len(rows) > 150
    assert sum(row["Count"] == HIDDEN for row in rows) > 50
    assert any(row.get("Percent") for row in rows)
    assert [one.sentence() for one in findings_in(tmp_path, rows)] == []

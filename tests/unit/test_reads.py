"""What a column of a query hangs on: what it reads, and what chooses the rows it stands in."""

import pytest

from pipeline.errors import ProductError
from pipeline.report.copies.reads import Reads


def read(sql, **others):
    """Return what each column of a query hangs on, as ``table.column``."""
    columns = Reads({"asked": sql, **others}).relation("asked").columns
    return {
        name: {f"{table}.{column}" for table, column in leaves} for name, leaves in columns.items()
    }


def test_a_column_hangs_on_what_its_expression_reads():
    found = read("select staff.fte * 2 as twice, staff.grade from staff")
    assert found == {"twice": {"staff.fte"}, "grade": {"staff.grade"}}


def test_a_count_hangs_on_who_is_counted():
    found = read("select grade, count(*) as people from staff where is_primary group by grade")
    assert found["people"] == {"staff.grade", "staff.is_primary"}


def test_a_join_chooses_rows_too():
    found = read(
        "select pay.amount from pay inner join staff on pay.employee = staff.employee "
        "and staff.state = 'ACTIVE'"
    )
    assert found == {"amount": {"pay.amount", "pay.employee", "staff.employee", "staff.state"}}


def test_it_is_followed_through_queries_and_common_tables():
    found = read(
        "with chosen as (select person from staff where fte > 0) select person from chosen",
        staff="select member.id as person, member.hours / 37.5 as fte from member",
    )
    assert found == {"person": {"member.id", "member.hours"}}


def test_the_sides_of_a_union_are_taken_by_place():
    found = read("select a.x as one, a.y as two from a union all select b.z, 'text' from b")
    assert found == {"one": {"a.x", "b.z"}, "two": {"a.y"}}


def test_a_table_that_reads_itself_is_worked_out_from_its_beginning():
    found = read(
        "with recursive line as (select body.code, body.parent from body union all "
        "select body.code, line.parent from body inner join line on body.parent = line.code) "
        "select code from line"
    )
    assert found == {"code": {"body.code", "body.parent"}}


def test_stars_and_lists_of_values():
    found = read(
        "select post.*, kind.kind from post cross join (values ('A'), ('B')) as kind (kind)",
        post="select staff.grade from staff",
    )
    assert found == {"grade": {"staff.grade"}, "kind": set()}


def test_a_query_inside_an_expression_counts_with_all_that_it_reads():
    found = read(
        "select staff.grade from staff where exists (select 1 from pay "
        "where pay.employee = staff.employee and pay.amount > 0)"
    )
    assert found == {"grade": {"staff.grade", "staff.employee", "pay.employee", "pay.amount"}}


def test_a_window_reads_what_it_is_cut_and_sorted_by():
    found = read("select row_number() over (partition by person order by fte) as rank from staff")
    assert found == {"rank": {"staff.person", "staff.fte"}}


def test_a_column_that_nothing_gives_is_an_error_with_its_name():
    with pytest.raises(ProductError, match=r"asked reads 'staff\.hours', which nothing gives"):
        read("select staff.hours from staff", staff="select member.id from member")

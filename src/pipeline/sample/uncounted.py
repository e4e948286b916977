"""Rows of a staff extract that do not belong to the workforce under the counting rules."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.sample import grades
from pipeline.sample.draws import Draws
from pipeline.sample.employers import Employer
from pipeline.sample.postings import ACTIVE, BANK, Post, make_post

_CLERICAL = "Administrative and Clerical"
_NURSING = "Nursing and Midwifery Registered"
_SUPPORT = "Additional Clinical Services"
_MEDICAL = "Medical and Dental"

SECONDED_IN = "Secondment In"
OUTSIDE = ("Non-Exec Director/Chair", "Honorary", "Agency", SECONDED_IN, "Widow/Widower")
"""Assignment categories of people whom the employer does not pay by a pay band."""


def uncounted_posts(draws: Draws, employer: Employer) -> list[Post]:
    """Return the posts of an employer's bank-only, honorary, non-executive and like people.

    Their pay scale is a local one where the person is not on a pay band, or blank.
    """
    large, small = employer.headcount >= 200, employer.headcount < 100
    posts = [
        *_bank(draws, 2 if small else employer.headcount // 40),
        *_outside(draws, "Non-Exec Director/Chair", 4 if small else 5, "Non Executive Director"),
        *_outside(draws, "Honorary", 1 if small else 2, "Honorary Contract"),
    ]
    if not small:
        posts += _outside(draws, "Agency", 2, "")
        # Paid elsewhere, and sent with the band of the other employer.
        posts.append(make_post(draws, "9", SECONDED_IN, ACTIVE, _NURSING))
    if large:
        posts += [_bank_post(draws, grade, _SUPPORT) for grade in ("1", "2", "3")]
        posts += _outside(draws, "Widow/Widower", 1, "")
    return posts


def _bank(draws: Draws, count: int) -> list[Post]:
    """Return bank-only posts, of which the last has not worked lately."""
    posts = []
    for _ in range(count):
        group = draws.pick((_CLERICAL, _CLERICAL, _NURSING))
        grade = draws.pick(("5", "6") if group == _NURSING else ("2", "3", "4"))
        posts.append(_bank_post(draws, grade, group))
    return [*posts[:-1], replace(posts[-1], status="Inactive Not Worked")]


def _bank_post(draws: Draws, grade: str, staff_group: str) -> Post:
    return replace(make_post(draws, grade, BANK, ACTIVE, staff_group), fte=0)


def _outside(draws: Draws, category: str, count: int, described: str) -> list[Post]:
    scale = f"LOCAL|ZL01|{described}" if described else ""
    group = _MEDICAL if category == "Honorary" else _CLERICAL
    grade = "gp" if category == "Honorary" else "7"
    post = make_post(draws, grade, category, ACTIVE, group)
    return [replace(post, pay_scale=scale, fte=0)] * count


def grades_of(posts: Sequence[Post]) -> list[grades.Grade]:
    """Return the grade of each post, by which its person is drawn."""
    return [grades.GRADES[post.grade] for post in posts]

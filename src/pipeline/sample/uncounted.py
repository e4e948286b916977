"""Rows of a staff extract that do not belong to the workforce under the counting rules."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.sample import grades
from pipeline.sample.draws import Draws
from pipeline.sample.employers import Employer
from pipeline.sample.postings import BANK, Post, make_post
from pipeline.sample.shapes import Shape

_CLERICAL = "Administrative and Clerical"
_NURSING = "Nursing and Midwifery Registered"
_SUPPORT = "Additional Clinical Services"
_MEDICAL = "Medical and Dental"

SECONDED_IN = "Secondment In"
OUTSIDE = ("Non-Exec Director/Chair", "Honorary", "Agency", SECONDED_IN, "Widow/Widower")
"""Assignment categories of people whom the employer does not pay by a pay band."""
INACTIVE = "Inactive Not Worked"

_TRUST_BANK = 60
_TRUST_HONORARY = 8
_TRUST_NON_EXECUTIVES = 7


class _Poster:
    """Draws the uncounted posts of one employer."""

    def __init__(self, draws: Draws, shape: Shape) -> None:
        self._draws = draws
        self._shape = shape

    def bank(self, count: int, groups: Sequence[str]) -> list[Post]:
        """Return bank-only posts, of which the last has not worked lately."""
        posts = []
        for _ in range(count):
            group = self._draws.pick(groups)
            grade = self._draws.pick(("5", "6") if group == _NURSING else ("2", "3", "4"))
            posts.append(self.bank_post(grade, group))
        return [*posts[:-1], replace(posts[-1], status=INACTIVE)]

    def bank_post(self, grade: str, staff_group: str) -> Post:
        """Return a bank post, which has no contracted hours."""
        return replace(self.post(grade, BANK, staff_group), fte=0)

    def outside(self, category: str, count: int, described: str) -> list[Post]:
        """Return posts that no pay band pays, with a local pay scale or none."""
        scale = f"LOCAL|ZL01|{described}" if described else ""
        group = _MEDICAL if category == "Honorary" else _CLERICAL
        grade = "gp" if category == "Honorary" else "7"
        post = self.post(grade, category, group)
        return [replace(post, pay_scale=scale, fte=0)] * count

    def post(self, grade: str, category: str, staff_group: str) -> Post:
        """Return an active post."""
        return make_post(self._draws, self._shape, grade, category, staff_group)


def uncounted_posts(draws: Draws, employer: Employer, shape: Shape) -> list[Post]:
    """Return the posts of an employer's bank-only, honorary, non-executive and like people.

    Their pay scale is a local one where the person is not on a pay band, or blank.
    """
    poster = _Poster(draws, shape)
    if employer.is_trust:
        bank = poster.bank(_TRUST_BANK, (_NURSING, _NURSING, _SUPPORT, _SUPPORT, _CLERICAL))
        non_executives, honorary = _TRUST_NON_EXECUTIVES, _TRUST_HONORARY
    else:
        small = employer.headcount < 100
        bank = poster.bank(
            2 if small else employer.headcount // 40, (_CLERICAL, _CLERICAL, _NURSING)
        )
        non_executives, honorary = (4, 1) if small else (5, 2)
    posts = [
        *bank,
        *poster.outside("Non-Exec Director/Chair", non_executives, "Non Executive Director"),
        *poster.outside("Honorary", honorary, "Honorary Contract"),
    ]
    if employer.headcount >= 100:
        posts += poster.outside("Agency", 2, "")
        # Paid elsewhere, and sent with the band of the other employer.
        posts.append(poster.post("9", SECONDED_IN, _NURSING))
    if employer.headcount >= 200:
        posts += [poster.bank_post(grade, _SUPPORT) for grade in ("1", "2", "3")]
        posts += poster.outside("Widow/Widower", 1, "")
    return posts


def grades_of(posts: Sequence[Post], shape: Shape) -> list[grades.Grade]:
    """Return the grade of each post, by which its person is drawn."""
    return [shape.grades[post.grade] for post in posts]

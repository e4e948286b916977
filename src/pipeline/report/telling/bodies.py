"""The organisations of a release, each with everything that is told of it."""

from collections.abc import Iterator

from pipeline.report.document import Body
from pipeline.report.source import Published
from pipeline.report.telling import revisions_page
from pipeline.report.telling.changed import changes_of
from pipeline.report.telling.claims import PAIRS, RDR, WDES, WRES, Claim, pay_claims
from pipeline.report.telling.declaration_page import declaration
from pipeline.report.telling.easy_read import easy_read
from pipeline.report.telling.method_page import method
from pipeline.report.telling.overview_page import overview
from pipeline.report.telling.pay_page import pay_gaps, whole_part
from pipeline.report.telling.plans_page import actions
from pipeline.report.telling.standard_pages import wdes, wres
from pipeline.report.telling.subject import Library, Subject, library_of, subject_of
from pipeline.report.telling.workforce_page import workforce

_ORDER = ("system", "icb", "employer")


def bodies(published: Published) -> Iterator[Body]:
    """Yield each organisation: pooled ones first, then employers, by name."""
    library = library_of(published)
    keys = sorted(
        library.own,
        key=lambda key: (
            _ORDER.index(key[1]), library.own[key].all[-1].organisation_name, key[0]
        ),
    )  # fmt: skip
    for code, level in keys:
        yield _body(library, code, level)


def body(published: Published, code: str, level: str) -> Body:
    """Return one organisation. Raises KeyError where the release has no figure of it."""
    return _body(library_of(published), code, level)


def _body(library: Library, code: str, level: str) -> Body:
    subject = subject_of(library, code, level)
    changes = changes_of(subject, claims_of(subject))
    return Body(
        code=code,
        name=subject.name,
        level=level,
        period_end=subject.period_end,
        pages=(
            overview(subject, changes),
            wres(subject, changes),
            wdes(subject, changes),
            pay_gaps(subject, changes),
            workforce(subject, changes),
            declaration(subject),
            actions(subject),
            revisions_page.changes(subject),
            method(subject),
        ),
        easy_read=easy_read(subject, changes),
    )


def claims_of(subject: Subject) -> tuple[Claim, ...]:
    """Return everything that is told with a headline and compared with the year before."""
    gaps = (claim for of in PAIRS for claim in pay_claims(of, whole_part(subject)))
    return (*WRES, *WDES, *RDR, *gaps)

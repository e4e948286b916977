"""An explanation as one accessible page that loads nothing."""

from pathlib import Path

from pipeline.explain.explanation import Explanation
from pipeline.explain.sections import OWN_EYES, sections, subtitle, title

_TEMPLATES = Path(__file__).parent / "templates"


def page(explanation: Explanation) -> str:
    """Return the page of an explanation."""
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=False)
    return pages.get_template("explain.html").render(
        title=title(explanation),
        subtitle=subtitle(explanation),
        is_sample=explanation.about["is_sample"] != "no",
        own_eyes=OWN_EYES if explanation.truth is not None else None,
        sections=list(sections(explanation)),
    )

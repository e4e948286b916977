"""Bodies told by hand, with every kind of section, direction and text; and their release."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from pipeline.report.document import Body, Chart, Headline, Number, Page, Section, Table
from pipeline.report.source import Published

DAY = date(2022, 3, 31)
HOSTILE = '<script>document.title="taken"</script> =1+1 #panic("typst") $x$ *bold* "quoted" & \\ @x'
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200" role="img" '
    'aria-label="A dot and its interval"><desc>2.31, from 1.37 to 3.89.</desc>'
    '<line x1="137" x2="389" y1="100" y2="100" stroke="#005eb8" stroke-width="4"/>'
    '<circle cx="231" cy="100" r="8" fill="#005eb8"/>'
    '<text x="20" y="40" font-family="Arial, sans-serif" font-size="16">White ÷ BME</text></svg>'
)
FACTS = (
    ("Period", ("12 months to 31 March 2022",)),
    ("Base", (Number("1,234", 0, "denominator"), " White applicants")),
    ("Likely range", (Number("1.37", 0, "ci_low"), " to ", Number("3.89", 0, "ci_high"))),
    ("Source", ("Recruitment extract of the employer, WRES indicator 2",)),
)  # fmt: skip


def headline(title="Appointment from shortlisting", direction="adverse", **told):
    whole = {
        "value": (Number("2.31", 0),),
        "sentences": (
            (
                "White applicants were ", Number("2.31", 0), " times as likely to be appointed; "
                "the true ratio is likely between ", Number("1.37", 0, "ci_low"), " and ",
                Number("3.89", 0, "ci_high"), ".",
            ),
        ),
        "facts": FACTS,
    }  # fmt: skip
    return Headline(title=title, direction=direction, **(whole | told))


def table(caption="Workforce by pay band, 31 March 2022", rows=4, columns=8):
    return Table(
        caption=caption,
        columns=("Band", *(f"Group {number}" for number in range(1, columns))),
        rows=tuple(
            (f"Band {row}", *((Number("24.1", 1), "%") for _ in range(1, columns)))
            for row in range(1, rows + 1)
        ),
        numeric=frozenset(range(1, columns)),
        notes=("[c] stands for a number that is hidden to protect people.",),
    )


def chart(title="Relative likelihood of appointment"):
    return Chart(
        title, SVG, ("The interval lies above ", Number("1.37", 0, "ci_low"), "."), table()
    )


def pages():
    directions = ("favourable", "adverse", "near_parity", "cannot_tell", "neutral")
    told = tuple(
        headline(f"Headline {number}: {name}", name, change=("Nothing can be claimed.",))
        for number, name in enumerate(directions)
    )
    hidden = headline(
        "Bullying by colleagues", "", value=("Not shown",), sentences=(), facts=FACTS[:1],
        hidden="Hidden: fewer than 10 people answered. It comes back when 10 or more answer.",
    )  # fmt: skip
    overview = Page(
        "index",
        "Overview",
        "What got better, what got worse, and what cannot be told yet.",
        (
            Section("told", "What can be told", (("One paragraph.",),), (*told, hidden)),
            Section("charts", "Charts", charts=(chart(), chart("The same again"))),
            Section("tables", "Tables", tables=(table(), table("A wide one", 3, 20))),
        ),
    )  # fmt: skip
    hostile = Section(
        "hostile",
        HOSTILE,
        ((HOSTILE,), (LONG,)),
        (headline(HOSTILE, value=(HOSTILE,)), headline(LONG, "", hidden=HOSTILE, sentences=())),
        (chart(LONG),),
        (Table(HOSTILE, (HOSTILE, LONG), (((HOSTILE,), (LONG,)),), notes=(HOSTILE,)),),
    )  # fmt: skip
    return overview, Page("wres", "Race equality (WRES)", HOSTILE, (hostile,))


EASY = (
    ("We counted ", Number("1,234", 0, "denominator"), " people."),
    (HOSTILE,),
    ("This is good.",),
)


def body(code="QYG", level="system", name="NHS Testshire Integrated Care Board"):
    return Body(code, name, level, DAY, pages(), EASY)


def bodies():
    """A system and its ICB of the same code, and two employers."""
    yield body("AAA", "employer", f"NHS {HOSTILE} CCG")
    yield body(level="icb")
    yield body()
    yield body("BBB", "employer", f"NHS {LONG} Trust")


def published(folder: Path, told=None, *, is_sample=True):
    """The release that these bodies are of, as far as the site reads it."""
    told = list(bodies()) if told is None else told
    about = {
        "intervals": "95%. All staff are counted.",
        "population": "Population: Office for National Statistics, Census 2021.",
    }
    tables = {
        "figure": pd.DataFrame(
            [(one.code, one.level, DAY) for one in told for _ in range(2)],
            columns=["organisation_code", "level", "period_end"],
        ),
        "about": pd.DataFrame(list(about.items()), columns=["name", "value"]),
    }
    manifest = MappingProxyType({"is_sample": is_sample})
    return Published("2022-03-31-0123456789ab", folder, manifest, MappingProxyType(tables))

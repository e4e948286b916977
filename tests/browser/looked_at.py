"""What a reader, a keyboard and axe-core find on a page."""

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

WIDER = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"

FOCUSABLE = """() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => one.outerHTML.slice(0, 200))"""

FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const name = one === document.body ? null : one.outerHTML.slice(0, 200);
    const isMarked = style.boxShadow !== 'none' || parseFloat(style.outlineWidth) > 0;
    const isInView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return [name, isMarked && isInView];
}"""

NUMBERS = """() => [...document.querySelectorAll('data')]
    .map(one => [Number(one.dataset.figure), one.dataset.column, one.textContent])"""

HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')]
    .map(one => Number(one.tagName[1]))"""

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


def overflow(page):
    """How many pixels the page is wider than its window."""
    width, window = page.evaluate(WIDER)
    return width - window


def violations(page):
    """What axe-core finds against WCAG 2.2 AA, in a line each."""
    from axe_playwright_python.sync_playwright import Axe

    tags = {"type": "tag", "values": WCAG}
    # What passes is not listed: with a thousand cells the list takes longer than the look.
    found = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {one['help']}: {node['target']}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def tab_through(page):
    """Tab until the page is left: each stop and whether its focus could be seen."""
    stops = []
    while True:
        page.keyboard.press("Tab")
        name, is_visible = page.evaluate(FOCUSED)
        if name is None or len(stops) > 5000:
            return stops
        stops.append((name, is_visible))

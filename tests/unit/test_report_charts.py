"""Charts of the report: what they draw and where, what they say, and that they load nothing."""

import itertools
import math
import re
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree

import pytest
from scipy.special import bdtr, bdtrc

from pipeline.report.charts import control, dumbbell, funnel, intervals, plane, stacked, trend
from pipeline.report.charts.placing import beside
from pipeline.report.charts.scales import ratio_ticks, reach, steps
from pipeline.report.charts.text import LINE, NARROW_SIZE, clean, width, wrap

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
HOSTILE = '<script>alert(1)</script> & "]]> \x00\x1b\ufffe {{x}} url(//evil) =1+1 \u202e' + "W" * 90

ADVERSE = intervals.Dot("Appointed from shortlisting", 2.31, 1.37, 3.89, "adverse")


def drawings(label="Nursing", title="A title", description="What it says."):
    """Each kind with a few rows under one label."""
    words = title, description
    return {
        "intervals": intervals.svg(
            *words, [intervals.Dot(label, 2.31, 1.37, 3.89, "adverse"),
                     intervals.Dot(label, 0.0, 0.0, 41.0, "cannot_tell")]
        ),
        "stacked": stacked.svg(*words, [stacked.Bar(label, ((label, 60.0), ("Men", 40.0)))]),
        "dumbbell": dumbbell.svg(*words, [dumbbell.Pair(label, 22.4, 35.1)]),
        "control": control.svg(
            *words, [control.Point(day, 90 + k, 91.0, 88.0, 94.0, k == 2)
                     for k, day in enumerate(DAYS)], 95.0
        ),
        "funnel": funnel.svg(
            *words, [funnel.Dot(f"{label} {k}", 10 * k, 100 * k) for k in (1, 2, 3)], 12.0
        ),
        "trend": trend.svg(
            *words, [trend.Line(label, tuple(zip(DAYS, (1.0, None, 3.0, 2.0), strict=True)))]
        ),
    }  # fmt: skip


EMPTY = {
    "intervals": lambda: intervals.svg("T", "D", []),
    "stacked": lambda: stacked.svg("T", "D", []),
    "dumbbell": lambda: dumbbell.svg("T", "D", []),
    "control": lambda: control.svg("T", "D", [], 95.0),
    "funnel": lambda: funnel.svg("T", "D", [], 10.0),
    "trend": lambda: trend.svg("T", "D", [trend.Line("A", ((DAYS[0], None),))]),
}


@pytest.fixture(scope="module")
def drawn():
    return drawings()


def parsed(svg):
    return ElementTree.fromstring(svg)


def layer(svg, name):
    """The marks of a layer, each with what its group says of all, and its shape."""
    return [
        group.attrib | mark.attrib | {"shape": mark.get("d", mark.tag)}
        for group in parsed(svg).iter(f"{SVG}g")
        if group.get("class") == name
        for mark in group
    ]


def place(mark):
    if "cx" in mark:
        return float(mark["cx"]), float(mark["cy"])
    return tuple(float(one) for one in re.findall(r"-?[\d.]+", mark["transform"]))


def sides(area):
    """The left and the right of an area."""
    left, wide = re.match(r"M([\d.]+),[\d.]+h([\d.]+)v", area["d"]).groups()
    return float(left), float(left) + float(wide)


def texts(svg):
    return [text.text for text in parsed(svg).iter(f"{SVG}text")]


def test_each_chart_has_its_text_alternative(drawn):
    for svg in drawn.values():
        root = parsed(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == root.find(f"{SVG}title").text == "A title"
        described = root.find(f"{SVG}desc")
        assert described.get("id") == root.get("aria-describedby")
        assert described.text == "What it says."


def test_ids_are_unique_and_follow_from_the_words(drawn):
    other = drawings(title="Another")["stacked"]
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (drawn["stacked"], other)]
    assert len(set(itertools.chain(*ids))) == 4
    assert re.findall(r' id="([^"]+)"', drawn["trend"]) == ids[0]


def test_a_chart_takes_the_width_of_its_column(drawn):
    for svg in drawn.values():
        root = parsed(svg)
        assert root.get("width") == "100%"
        assert root.get("height") is None
        left, top, wide, _ = map(float, root.get("viewBox").split())
        assert (left, top, wide) == (0, 0, 560)
    # A page of 320 px with 16 px on either side.
    assert NARROW_SIZE * 288 / 560 >= 12
    assert f"font-size:{NARROW_SIZE}px" in svg


def test_nothing_is_loaded_and_nothing_runs(drawn):
    for svg in drawn.values():
        root = parsed(svg)
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
            "svg", "g", "title", "desc", "style", "path", "line", "circle", "text",
        }  # fmt: skip
        names = {name for one in root.iter() for name in one.attrib}
        assert not any("href" in name or name.startswith("on") for name in names)
        assert "url(" not in svg
        assert "@import" not in svg
        assert re.findall(r"https?://[^\"']+", svg) == ["http://www.w3.org/2000/svg"]


def test_hostile_labels_are_text_and_stay_inside_the_drawing():
    for kind, svg in drawings(HOSTILE, HOSTILE, HOSTILE).items():
        root = parsed(svg)
        assert not list(root.iter(f"{SVG}script"))
        assert root.get("aria-label") == clean(HOSTILE)
        assert not re.search("[\x00-\x08\x1b\ufffe\u202e]", svg)
        if kind != "control":
            assert "<script>" in "".join(texts(svg))
        for text in root.iter(f"{SVG}text"):
            assert width(text.text) <= 560


def test_the_same_figures_make_the_same_bytes_in_another_process(drawn):
    program = (
        "import sys; sys.path[:0] = ['tests/unit']; import test_report_charts as t;"
        "sys.stdout.write(''.join(t.drawings().values()))"
    )
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert again.stdout.decode() == "".join(drawn.values())


def test_a_chart_of_many_rows_is_small():
    many = [intervals.Dot(f"Group {k} of the workforce", 1 + k / 9, 0.8, 2.4, "adverse")
            for k in range(20)]  # fmt: skip
    assert len(intervals.svg("T", "D", many).encode()) < 25_000
    series = tuple((date(2015 + k // 4, 3 * (k % 4) + 1, 1), 10.0 + k % 5) for k in range(20))
    lines = [trend.Line(f"Line {k}", series) for k in range(6)]
    assert len(trend.svg("T", "D", lines).encode()) < 25_000


@pytest.mark.parametrize("kind", EMPTY)
def test_without_figures_a_chart_says_so(kind):
    svg = EMPTY[kind]()
    assert texts(svg) == ["No figures to draw"]
    assert parsed(svg).get("aria-label") == "T"


def test_ratios_stand_on_a_log_scale_around_parity():
    svg = intervals.svg("T", "D", [ADVERSE])
    left, right = intervals.ENDS

    def at(ratio):
        return pytest.approx(left + (right - left) * math.log(ratio / 0.5, 10), abs=0.02)

    # 0.5, 1, 2 and 5: one power of ten.
    assert [text for text in texts(svg) if re.fullmatch(r"[\d.]+", text)] == ["0.5", "1", "2", "5"]
    (span,) = layer(svg, "spans")
    assert (float(span["x1"]), float(span["x2"])) == (at(1.37), at(3.89))
    (dot,) = layer(svg, "dots")
    assert place(dot)[0] == at(2.31)
    assert place(dot)[1] == float(span["y1"])
    (parity,) = layer(svg, "parity")
    assert float(parity["x1"]) == float(parity["x2"]) == at(1)
    (near,) = layer(svg, "area_near")
    assert sides(near) == (at(0.8), at(1.25))
    assert "2.31 (1.37 to 3.89)" in texts(svg)
    assert "adverse" in texts(svg)
    assert not layer(svg, "arrows")


def test_a_ratio_of_nought_is_drawn_at_the_edge_and_said():
    wide = intervals.Dot("Wide", 3.0, 0.01, 40.0, "cannot_tell")
    svg = intervals.svg("T", "D", [intervals.Dot("None", 0.0, 0.0, 1.8, "neutral"), wide])
    assert place(layer(svg, "dots")[0])[0] == intervals.ENDS[0]
    assert [float(span["x2"]) for span in layer(svg, "spans")][1] == intervals.ENDS[1]
    below, wide_below, above = sorted(map(place, layer(svg, "arrows")))
    assert below[0] == wide_below[0] < intervals.ENDS[0] < intervals.ENDS[1] < above[0] < 560
    assert "0.00 (0.00 to 1.80)" in texts(svg)
    assert any("beyond the end of the scale" in text for text in texts(svg))


def test_a_ratio_without_interval_is_a_dot_alone():
    svg = intervals.svg("T", "D", [intervals.Dot("A", 1.2, None, None, "cannot_tell")])
    assert not layer(svg, "spans")
    assert "1.20" in texts(svg)
    assert "95% interval" not in texts(svg)
    half = intervals.svg("T", "D", [intervals.Dot("A", 1.2, 0.7, None, "cannot_tell")])
    assert "1.20 (from 0.70)" in texts(half)
    with pytest.raises(KeyError):
        intervals.svg("T", "D", [intervals.Dot("A", 1.2, None, None, "worse")])


def test_what_is_no_number_is_refused():
    nan = float("nan")
    with pytest.raises(ValueError, match=r"finite|NaN|not-a-number"):
        intervals.svg("T", "D", [intervals.Dot("A", nan, 0.5, 2.0, "cannot_tell")])
    with pytest.raises(ValueError, match=r"finite|NaN"):
        trend.svg("T", "D", [trend.Line("A", ((DAYS[0], nan), (DAYS[1], 1.0)))])


def test_directions_differ_in_shape():
    shown = ("favourable", "adverse", "near_parity", "cannot_tell", "neutral")
    svg = intervals.svg("T", "D", [intervals.Dot(one, 1.0, 0.9, 1.1, one) for one in shown])
    looks = {(dot["shape"], dot["fill"] == "#fff") for dot in layer(svg, "dots")}
    assert len(looks) == len(shown)


def test_long_labels_stand_above_their_rows():
    long = "Staff who say that the organisation gives equal chances of a career and of promotion"
    svg = intervals.svg("T", "D", [intervals.Dot(long, 1.0, 0.9, 1.1, "cannot_tell")])
    lines = wrap(long, 552)
    assert len(lines) == 2
    assert " ".join(lines) == long
    places = [texts(svg).index(line) for line in lines]
    assert places == sorted(places)
    assert place(layer(svg, "dots")[0])[1] > LINE * len(lines)


def test_parts_fill_their_bar_and_are_named_in_it_or_beneath():
    svg = stacked.svg("T", "D", [stacked.Bar("Upper quarter", (("Women", 48.0), ("Men", 52.0)))])
    women, men = layer(svg, "area_parts")
    left, right = stacked.ENDS
    between = pytest.approx(left + 0.48 * (right - left), abs=0.01)
    assert sides(women) == (left, between)
    assert sides(men) == (between, right)
    assert {"Women 48.0%", "Men 52.0%"} <= set(texts(svg))
    assert women["fill"] != men["fill"]
    uneven = stacked.svg("T", "D", [stacked.Bar("Lower", (("Women", 96.0), ("Men", 4.0)))])
    assert "Women 96.0%, Men 4.0%" in texts(uneven)
    nobody = stacked.svg("T", "D", [stacked.Bar("Lower", (("Women", 100.0), ("Men", 0.0)))])
    assert len(layer(nobody, "area_parts")) == 1
    assert "Women 100.0%, Men 0.0%" in texts(nobody)


@pytest.mark.parametrize("parts", [(("A", 60.0), ("B", 50.0)), (("A", -1.0), ("B", 101.0))])
def test_parts_that_make_no_whole_are_refused(parts):
    with pytest.raises(ValueError, match=r"100 per cent|negative"):
        stacked.svg("T", "D", [stacked.Bar("A", parts)])


def test_workforce_and_population_have_their_numbers_beside_them():
    svg = dumbbell.svg("T", "D", [dumbbell.Pair("Disabled", 4.1, 17.2)])
    left, right = dumbbell.ENDS
    population, workforce = layer(svg, "dots")
    # The scale ends at 20%.
    assert place(workforce)[0] == pytest.approx(left + (right - left) * 4.1 / 20, abs=0.01)
    assert place(population)[0] == pytest.approx(left + (right - left) * 17.2 / 20, abs=0.01)
    assert population["shape"] != workforce["shape"]
    assert {"4.1%", "17.2%", "workforce", "population"} <= set(texts(svg))
    hidden = dumbbell.svg("T", "D", [dumbbell.Pair("A", None, 3.0), dumbbell.Pair("B", None, None)])
    assert len(layer(hidden, "dots")) == 1
    assert "not shown" in texts(hidden)


def test_a_control_chart_has_limits_target_and_signals(drawn):
    points = layer(drawn["control"], "points")
    # 90, 91, 92 and 93 with limits of 88 and 94 and a target of 95: from 85 to 100.
    spread = plane.BOTTOM - plane.TOP
    expected = [plane.BOTTOM - spread * (90 + k - 85) / (100 - 85) for k in range(4)]
    assert [place(point)[1] for point in points] == pytest.approx(expected, abs=0.01)
    assert [point["shape"] == points[0]["shape"] for point in points] == [True, True, False, True]
    assert points[2]["stroke"] != points[0]["stroke"]
    lines = layer(drawn["control"], "lines")
    assert len(lines) == 5
    assert len({(line["stroke"], line.get("stroke-dasharray")) for line in lines}) == 4
    assert {"special cause", "mean 91.0%", "limits 88.0% and 94.0%", "target 95%",
            "rate, newest 93.0%"} <= set(texts(drawn["control"]))  # fmt: skip


def test_a_control_chart_of_few_points_has_no_limits():
    points = [control.Point(DAYS[0], 100.0, None, None, None, False)]
    svg = control.svg("T", "D", points, None)
    assert len(layer(svg, "points")) == 1
    assert texts(svg)[-1] == "rate, newest 100.0%"
    assert "100%" in texts(svg)
    assert "110%" not in texts(svg)


def interpolated(base, share, probability):
    """The limit as in Spiegelhalter 2005, appendix A.1, count by count with the incomplete beta."""
    count = next(k for k in range(base + 1) if bdtr(k, base, share) >= probability)
    below = bdtr(count - 1, base, share) if count else 0.0
    reached = 1 - bdtrc(count, base, share)
    return 100 * (count - (reached - probability) / (reached - below)) / base


@pytest.mark.parametrize(("base", "pooled"), [(100, 22.8), (1234, 22.8), (57, 5.0), (3000, 91.5)])
def test_funnel_limits_are_exact_and_interpolated(base, pooled):
    expected = [max(interpolated(base, pooled / 100, p), 0.0) for p in (0.001, 0.999)]
    assert funnel.limits(base, pooled) == pytest.approx(expected, abs=1e-6)
    normal = 3.0902 * math.sqrt(pooled * (100 - pooled) / base)
    if base > 1000:
        assert funnel.limits(base, pooled) == pytest.approx(
            (pooled - normal, pooled + normal), abs=0.3
        )


def test_funnel_limits_at_the_ends_and_standing():
    assert funnel.limits(50, 0.0) == (0.0, 0.0)
    assert funnel.limits(50, 100.0) == (100.0, 100.0)
    low, high = funnel.limits(1000, 20.0)
    assert funnel.standing(funnel.Dot("A", math.ceil(10 * high), 1000), 20.0) == "above"
    assert funnel.standing(funnel.Dot("A", math.floor(10 * high), 1000), 20.0) == "within"
    assert funnel.standing(funnel.Dot("A", math.floor(10 * low), 1000), 20.0) == "below"


def test_organisations_outside_the_limits_differ_in_shape_and_nobody_is_ranked():
    dots = [
        funnel.Dot("Northern Hospitals", 100, 1000),
        funnel.Dot("Eastern Hospitals", 200, 900),
        funnel.Dot("Ambulance Service", 300, 1000),
    ]
    svg = funnel.svg("T", "D", dots, 20.0)
    # By name: within, above is the first, below the last.
    shapes = [point["shape"] for point in layer(svg, "points")]
    assert len(set(shapes)) == 3
    named = [text for text in texts(svg) if "Hospitals" in text or "Ambulance" in text]
    assert named == [
        "Ambulance Service 30.0%, above the limits",
        "Eastern Hospitals 22.2%",
        "Northern Hospitals 10.0%, below the limits",
    ]
    assert {"1", "2", "3", "above the limits", "below the limits", "99.8% limits",
            "all together 20.0%"} <= set(texts(svg))  # fmt: skip
    coded = funnel.svg("T", "D", [funnel.Dot("RC9", 10, 100), funnel.Dot("RD8", 90, 400)], 15.0)
    assert {"RC9", "RD8"} <= set(texts(coded))
    crowded = [funnel.Dot(f"R{k:02}", 20, 100) for k in range(9)]
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9" in texts(funnel.svg("T", "D", crowded, 20.0))


@pytest.mark.parametrize(
    ("dot", "pooled"),
    [(funnel.Dot("A", 5, 0), 10.0), (funnel.Dot("A", 5, 4), 10.0), (funnel.Dot("A", 1, 4), 101.0)],
)
def test_a_funnel_of_impossible_shares_is_refused(dot, pooled):
    with pytest.raises(ValueError, match="funnel"):
        funnel.svg("T", "D", [dot], pooled)


def test_a_line_has_a_gap_where_nothing_is_told(drawn):
    points = layer(drawn["trend"], "points")
    assert len(points) == 3
    first, second = layer(drawn["trend"], "lines")
    assert first["d"].count("L") == 0 or first["d"].endswith("Z")
    assert second["d"].count("L") == 1
    assert "Nursing 2.0%" in texts(drawn["trend"])
    old = trend.Line("Old", ((DAYS[0], 4.0), (DAYS[1], None)))
    assert "Old 4.00 on 31 Mar 2024" in texts(trend.svg("T", "D", [old], unit="", places=2))


def test_lines_differ_without_colour():
    lines = [trend.Line(f"L{k}", ((DAYS[0], 1.0 + k), (DAYS[1], 2.0 + k))) for k in range(6)]
    svg = trend.svg("T", "D", lines)
    looks = {(point["shape"], point["fill"] == "#fff") for point in layer(svg, "key")}
    assert len(looks) == 6
    with pytest.raises(ValueError, match="told apart"):
        trend.svg("T", "D", [*lines, lines[0]])


def contrast(colour, ground="#ffffff"):
    """The contrast ratio of WCAG 2.2."""

    def luminance(one):
        parts = [int(one[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
                            for p in parts)  # fmt: skip
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_carries_meaning_has_enough_contrast(drawn):
    for svg in drawn.values():
        for name in ("dots", "points", "lines", "spans", "area_parts", "parity", "axis"):
            for mark in layer(svg, name):
                colours = {mark.get("stroke"), mark.get("fill")} - {None, "#fff"}
                assert all(contrast(colour) >= 3 for colour in colours)
                if name == "area_parts":
                    assert contrast(mark["fill"]) >= 4.5


def test_scales_reach_over_their_values():
    assert steps(0.0, 17.2) == [0.0, 5.0, 10.0, 15.0, 20.0]
    assert steps(0.0, 100.0) == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    assert reach([100.0], 10.0, (0.0, 100.0)) == [90.0, 92.0, 94.0, 96.0, 98.0, 100.0]
    assert reach([0.0], 10.0, (0.0, 100.0)) == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert ratio_ticks([1.0], 0.05, 20.0) == [0.5, 1.0, 2.0]
    assert ratio_ticks([0.0, 300.0], 0.05, 20.0)[0] == 0.5
    assert ratio_ticks([0.001, 300.0], 0.05, 20.0) == [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]


def test_marks_do_not_lie_on_each_other_where_there_is_room():
    points = [(100.0, 100.0), (118.0, 100.0), (100.0, 118.0), (300.0, 200.0)]
    rows, clashes = beside(points, ["R01", "R02", "R03", "R04"], (78.0, 556.0))
    assert clashes == 0
    assert [row.text for row in rows] == ["R01", "R02", "R03", "R04"]

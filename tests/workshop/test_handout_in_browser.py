"""The handout as a reader uses it: from a file, without a network, in a real browser."""

import dataclasses
import re
import runpy
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from workshop.numbers_shown import decimal_points

from parley.practice_types import DIALS
from parley.registry import load_registry
from parley_experiments.batch import run_batch
from parley_workshop.handout import collect
from parley_workshop.handout_grid import make_grid
from parley_workshop.handout_page import place_words, render
from parley_workshop.translations import translated
from parley_workshop.words import LANGUAGES, Words

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

FAKES = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "fake_runs.py")))
SHARING = DIALS.index("sharing")
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, PHONE = (1366, 768), (390, 844)
EVIL = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"


def planted(spec):
    run = FAKES.fake_run(spec)
    shift = 0.3 * spec.scenario.practices.nominal[SHARING]
    series = run.series | {"trust_company": run.series["trust_company"] + shift}
    return dataclasses.replace(run, series=series)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    settings = {"months": 60, "population": 50, "root_seed": 3}
    grid = make_grid(
        "colombia", ("none", "transactional", "hsbp"), ("sharing", "mapping"), 6, settings
    )
    words = place_words("colombia")
    words["story"] += f"\n\n{EVIL}"
    run_batch(
        grid.specs,
        folder / "runs",
        processes=1,
        run_one=planted,
        about={
            "label": "handout",
            "question": "",
            "design": grid.describe() | {"place_file": words},
        },
        attached=grid.attached(),
        inputs="base",
    )
    path = folder / "handout with spaces.html"
    path.write_text(render(collect(folder / "runs"), "en"), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()


@contextmanager
def visit(browser, path, size=WIDE):
    """Open the file; nothing else may be asked for, nothing may be complained about."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    page, asked, told = context.new_page(), [], []
    here = path.as_uri()
    context.route("**/*", lambda go: go.continue_() if go.request.url == here else go.abort())
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(here)
    yield page
    assert asked == [here]
    assert told == []
    context.close()


def line(page, arm="hsbp"):
    return page.locator(f"#chart polyline[data-arm={arm}]").get_attribute("points")


def heights(points):
    return [float(pair.split(",")[1]) for pair in points.split()]


def test_it_opens_from_a_file_and_asks_for_nothing(browser, page_file):
    with visit(browser, page_file) as page:
        assert page.locator("h1").inner_text().startswith("Colombia")
        assert page.locator("#chart polyline.median").count() == 3
        assert page.evaluate("window.broken") is None
        assert EVIL in page.locator("#story-text").text_content()
        policy = page.locator("meta[http-equiv]").get_attribute("content")
        assert policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "unsafe" not in policy


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_it_is_accessible_and_nothing_sticks_out(browser, page_file, language, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with visit(browser, page_file, size) as page:
        page.select_option("#language", language)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("#predict").inner_text() == Words(language)("handout.predict")
        title = translated("Colombia: a coal company comes to a rural municipality", language)
        assert page.locator("h1").inner_text() == title
        assert page.title() == f"{title} · Parley"
        for one in ("story", "stacks-told", "sources"):
            page.evaluate(f"document.getElementById('{one}').open = true")
        for predicting in (False, True):
            if predicting:
                page.click("#predict")
            found = axe.run(page, options={"runOnly": AA}).response["violations"]
            assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.click("#forget")
        words = page.evaluate("document.body.innerText")
        assert re.findall(r"\{\w+\}|undefined|\bNaN\b", words) == []
        page.evaluate(
            "document.querySelectorAll('[lang=en], #made').forEach((one) => one.remove())"
        )
        assert language == "en" or decimal_points(page.evaluate("document.body.innerText")) == []


def test_a_slider_moves_the_line_by_what_the_runs_say(browser, page_file):
    with visit(browser, page_file) as page:
        before, axis = heights(line(page, "none")), page.locator("#chart svg").inner_html()
        slider = page.locator("#slider-0")
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "1 in every way of working"
        after = heights(line(page, "none"))
        assert len(after) == 60
        moved = {round(a - b) for a, b in zip(before, after, strict=True)}
        ticks = re.findall(r'class="grid"[^>]* y1="([\d.]+)"', axis)
        tick = (float(ticks[0]) - float(ticks[-1])) / (len(ticks) - 1)
        marks = [float(t) for t in re.findall(r'text-anchor="end"[^>]*>([\d.]+)<', axis)]
        per_unit = tick / ((marks[-1] - marks[0]) / (len(ticks) - 1))
        assert all(abs(pixels - 0.3 * per_unit) <= 1.5 for pixels in moved)
        page.keyboard.press("Home")
        assert heights(line(page, "none")) == before
        page.locator("#said").filter(has_text="In month 60").wait_for(state="attached")


def test_stacks_groups_and_charts_can_be_chosen_by_keyboard(browser, page_file):
    with visit(browser, page_file) as page:
        page.locator("input[value=transactional]").focus()
        page.keyboard.press("Space")
        assert page.locator("#chart polyline.median").count() == 2
        assert "Transactional" not in page.locator("#all thead").inner_text()
        everybody = line(page)
        page.locator("input[value=all]").focus()
        page.keyboard.press("ArrowRight")
        assert "Marginalised people" in page.locator("#view-title").inner_text()
        assert line(page) != everybody
        page.locator("input[value=together]").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#chart svg").count() == 2
        assert page.locator("#orders li").first.inner_text().count("HSBP") == 1


def test_everything_can_be_reached_by_keyboard(browser, page_file):
    with visit(browser, page_file) as page:
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.value"))
        wanted = {"language", "outcome", "all", "none", "transactional", "hsbp", "slider-0"}
        assert (
            wanted | {"together", "predict", "reset", "mark", "years", "numbers"}
            >= reached & wanted
        )
        assert wanted | {"together", "predict", "reset", "mark", "years"} <= reached


def test_predict_then_reveal_by_keyboard(browser, page_file):
    with visit(browser, page_file) as page:
        page.locator("#predict").focus()
        page.keyboard.press("Enter")
        assert page.locator("#chart polyline.median").count() == 0
        hidden = Words("en")("handout.hidden")
        for one in ("#reading", "#orders", "#all", "#years"):
            assert page.locator(one).inner_text() == hidden
        assert page.evaluate("document.activeElement.type") == "range"
        page.keyboard.press("End")
        for _ in range(4):
            page.keyboard.press("Tab")
            page.keyboard.press("Home")
        top, low = (
            heights(page.locator("#chart polyline.sketched").get_attribute("points"))[i]
            for i in (1, 5)
        )
        assert top < low
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#chart polyline.median").count() == 3
        assert page.locator("#chart polyline.sketched").count() == 1
        said = page.locator("#verdict").inner_text()
        assert said.startswith(
            "Your line for HSBP lies within the band at 0 of 5 marks. In month 60"
        )
        assert page.evaluate("document.activeElement.id") == "predict"


def test_a_line_can_be_drawn_by_hand(browser, page_file):
    with visit(browser, page_file) as page:
        page.click("#predict")
        box = page.locator("#chart svg").bounding_box()
        start = page.locator("#handles input").last.input_value()
        page.mouse.move(box["x"] + 70, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 180, box["y"] + 60, steps=12)
        page.mouse.up()
        drawn = [one.input_value() for one in page.locator("#handles input").all()]
        assert len(set(drawn)) == 1
        assert drawn[-1] != start


def test_numbers_in_the_table_are_those_of_the_runs(browser, page_file):
    batch = collect(page_file.parent / "runs")
    with visit(browser, page_file) as page:
        row = page.locator("#years tbody tr").nth(2)
        shown = row.locator("td").nth(2).inner_text()
        own = batch.points.index(tuple(one.start for one in batch.varied))
        low, middle, high = batch.bands[own, 0, 2, :, 35]
        assert row.locator("th").inner_text() == "36"
        assert shown == f"{middle:.2f} ({low:.2f} – {high:.2f})"
        page.select_option("#language", "es")
        assert row.locator("td").nth(2).inner_text() == shown.replace(".", ",")


def test_orders_add_up_to_all_runs(browser, page_file):
    with visit(browser, page_file) as page:
        counts = [
            int(re.search(r"(\d+) of 6 runs", one.inner_text()).group(1))
            for one in page.locator("#orders li").all()
        ]
        assert sum(counts) == 6
        first = page.locator("#order-what").inner_text()
        page.select_option("#mark", "0")
        assert "month 12" in page.locator("#order-what").inner_text() != first


def test_near_tautological_outcomes_are_marked(browser, page_file):
    with visit(browser, page_file) as page:
        names = page.locator("#outcome option").all_inner_texts()
        steps = {one.name: one.rule_steps for one in load_registry().outcomes}
        keys = [one.get_attribute("value") for one in page.locator("#outcome option").all()]
        assert [name.endswith("†") for name in names] == [steps[key] <= 2 for key in keys]
        assert {name.endswith("†") for name in names} == {True, False}
        assert "Near-tautological" in page.inner_text("main")


def test_it_prints_what_is_shown_without_controls(browser, page_file, tmp_path):
    with visit(browser, page_file) as page:
        path = tmp_path / "handout.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        assert 20_000 < path.stat().st_size < 2_000_000
        assert page.evaluate("document.getElementById('story').open") is False
        page.emulate_media(media="print")
        assert not page.locator("#controls").is_visible()
        assert page.locator("#setting").is_visible()
        assert page.locator("#made").is_visible()

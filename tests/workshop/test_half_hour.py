"""The session of thirty minutes, played through as its notes say, in each language, offline."""

import time

import pytest
from workshop.browser import CHROMIUM, SMALL_PROJECTOR, WHY_NOT, Screen, served

from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.words import LANGUAGES, Words

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)]

MONTHS = 120
OTHERS = 60
"""Seconds that other luck may take until the first orders are told."""


@pytest.fixture(scope="module")
def address():
    with served("--population", "200", "--months", "24") as found:
        yield found


def choose(page, selector, text):
    """Pick an entry of a list by its text; the last one if no text is given."""
    page.click(selector)
    entries = page.locator(".q-menu .q-item")
    entries.first.wait_for()
    (entries.filter(has_text=text).first if text else entries.last).click()
    page.wait_for_selector(".q-menu", state="detached")


def draw(page, box):
    """Draw a line across a chart."""
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] / 3, steps=5)
    page.mouse.up()
    page.wait_for_selector("[role=status]:not(:empty)", state="attached")


def play_to_the_end(screen, words, seconds=120):
    """Play, take the first answer whenever the room has to decide; return what was asked."""
    asked, last = [], words("play.month", month=MONTHS, months=MONTHS)
    screen.page.evaluate("document.activeElement.blur()")
    screen.page.keyboard.press(" ")
    deadline = time.monotonic() + seconds
    while screen.month() != last:
        assert time.monotonic() < deadline, f"{screen.month()}, asked {asked}"
        answers = screen.page.locator(".parley-option:visible")
        if answers.count() > 0:
            asked.append(screen.page.inner_text(".parley-dialog:visible .parley-title"))
            answer = answers.first.element_handle()
            answer.click()
            answer.wait_for_element_state("hidden")  # the next question may follow at once
        screen.page.wait_for_timeout(100)
    return asked


def wait_for_another_path(screen, known, seconds=30):
    """Until the first line shows every month of another group."""
    deadline = time.monotonic() + seconds
    while (found := screen.path()) == known or len(found) != MONTHS:
        assert time.monotonic() < deadline, f"{len(found)} months, those known: {found == known}"
        screen.page.wait_for_timeout(50)


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_an_hour_is_played_as_its_notes_say(browser, address, language):
    words = Words(language)
    context = browser.new_context(viewport=SMALL_PROJECTOR)
    screen = Screen(context.new_page(), address).open(f"/{language}")
    page = screen.page

    page.click(f"[aria-label='{words('print.open')}']")
    page.click(f".parley-plan >> nth=0 >> text={words('print.set_up')}")
    screen.wait_for_month(words("play.month", month=0, months=MONTHS))

    page.click(f".parley-left .q-toggle:has-text('{words('paths.hide')}')")
    page.click(f"[aria-label='{words('predict.open')}']")
    draw(page, page.locator(".parley-sketch").first.bounding_box())
    page.click(f".parley-sketch-bar >> text={words('sketch.done')}")
    page.wait_for_selector(".parley-sketch", state="detached")
    assert len(screen.path(0, "sketch0")) > 1

    choose(page, ".parley-speed", "30")
    asked = play_to_the_end(screen, words)
    crash = next(one for one in load_dilemmas() if one.key == "price_crash")
    assert crash.title(language) in asked
    assert screen.path(0) == []
    assert page.locator(".parley-off:not(:empty)").count() == 0

    page.click(f".parley-left .q-toggle:has-text('{words('paths.hide')}')")
    everybody = screen.wait_for_path(MONTHS)
    said = words("sketch.off", month=MONTHS)
    page.wait_for_selector(f".parley-off:has-text('{said}')")
    choose(page, ".parley-group", "")
    wait_for_another_path(screen, everybody)

    page.click(f".parley-left .q-toggle:has-text('{words('luck.switch')}')")
    page.wait_for_selector(".parley-order:not(.parley-off):not(:empty)", timeout=OTHERS * 1000)

    page.click(f"[aria-label='{words('print.open')}']")
    with page.expect_download() as given:
        page.click(f"text={words('print.debrief')}")
    assert given.value.path().read_bytes().startswith(b"%PDF")

    context.close()
    assert screen.outside == []
    assert screen.errors == []

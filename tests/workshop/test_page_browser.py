"""The page as a trainer uses it, in a real browser, without a network."""

import os
import signal
import time
from pathlib import Path

import pytest
from workshop.browser import CHROMIUM, SMALL_PROJECTOR, WHY_NOT, Screen, served
from workshop.numbers_shown import TABLE, decimal_points

from parley.practice_types import DIALS
from parley.scenario import load_scenario
from parley_workshop.words import LANGUAGES, Words

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)]

MONTHS = 24


@pytest.fixture(scope="module")
def address():
    with served("--population", "200", "--months", str(MONTHS), "--arms", "none", "hsbp") as found:
        yield found


@pytest.fixture
def screen(new_screen):
    return new_screen()


def test_plays_every_month_and_draws_every_column(screen):
    screen.page.keyboard.press(" ")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    for chart in range(4):
        for arm in range(2):
            values = screen.wait_for_path(MONTHS, chart, f"line{arm}")
            assert all(value is not None for value in values)
    trust = screen.path(0, "line0")
    assert 0.0 < min(trust) < max(trust) < 1.0
    assert trust != screen.path(0, "line1")
    check_pictures(screen)


def check_pictures(screen):
    """Each is drawn at the size at which it is shown, in many colours, and told in words."""
    found = screen.page.evaluate(
        """() => [...document.querySelectorAll('.parley-canvas')].map((canvas) => {
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const seen = new Set();
          for (let k = 0; k < data.length; k += 4) {
            seen.add((data[k] << 16) | (data[k + 1] << 8) | data[k + 2]);
          }
          return [canvas.width / canvas.clientWidth / devicePixelRatio, seen.size,
                  canvas.getAttribute('aria-label')];
        })"""
    )
    assert len(found) == 2
    for ratio, colours, label in found:
        assert ratio == pytest.approx(1.0, abs=0.01)
        assert colours > 20
        assert f"month {MONTHS}: trust 0." in label


def test_a_place_stands_still_until_keys_step_through_it(screen):
    screen.until_ready()
    assert screen.month() == f"Month 0 of {MONTHS}"
    assert screen.path() == []
    screen.page.keyboard.press("ArrowRight")
    screen.wait_for_month(f"Month 1 of {MONTHS}")
    screen.page.keyboard.press("End")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    screen.page.keyboard.press("ArrowLeft")
    screen.wait_for_month(f"Month {MONTHS - 1} of {MONTHS}")
    screen.page.keyboard.press("Home")
    screen.wait_for_month(f"Month 0 of {MONTHS}")


def move_dial(screen, name="Communication", key="End"):
    """Set a dial of the last column with the keyboard alone."""
    screen.tab("Practices")
    slider = screen.page.locator(f".parley-dial [aria-label='{name}']").first
    slider.focus()
    screen.page.keyboard.press(key)


def test_a_dial_moved_with_keys_changes_what_follows_and_is_undone(screen):
    screen.until_ready()
    screen.page.keyboard.press("End")
    before = screen.wait_for_path(MONTHS, 0, "line1")
    other = screen.path(0, "line0")
    move_dial(screen)
    assert screen.wait_for_path(MONTHS, 0, "before1") == before
    screen.tab("What changed")
    screen.page.wait_for_selector(".parley-changed li:has-text('Communication 0.70 → 1.00')")
    screen.until_ready()
    after = screen.wait_for_path(MONTHS, 0, "line1")
    assert after != before
    assert screen.path(0, "line0") == other
    screen.page.keyboard.press("Control+z")
    screen.page.wait_for_selector(".parley-changed li", state="detached")
    screen.until_ready()
    assert screen.wait_for_path(MONTHS, 0, "line1") == before


def test_a_reload_finds_board_and_month_again(screen):
    screen.until_ready()
    move_dial(screen)
    screen.tab("What changed")
    screen.page.wait_for_selector(".parley-changed li")
    screen.page.evaluate("document.activeElement.blur()")
    screen.page.keyboard.press("End")
    values = screen.wait_for_path(MONTHS, 0, "line1")
    screen.page.wait_for_function(f"location.search.includes('month={MONTHS - 1}')")
    screen.page.reload(wait_until="load")
    assert screen.wait_for_path(MONTHS, 0, "line1") == values
    screen.tab("What changed")
    assert screen.page.locator(".parley-changed li").count() == 1


def test_two_trainers_do_not_see_each_other(new_screen):
    one, two = new_screen(), new_screen()
    move_dial(one)
    one.tab("What changed")
    one.page.wait_for_selector(".parley-changed li")
    one.page.keyboard.press("ArrowRight")
    two.tab("What changed")
    assert two.page.locator(".parley-changed li").count() == 0
    assert two.month() == f"Month 0 of {MONTHS}"


def test_hidden_results_are_nowhere_until_they_are_revealed(screen):
    screen.until_ready()
    screen.page.click(".parley-left .q-toggle >> nth=0")
    screen.page.evaluate("document.activeElement.blur()")
    screen.page.keyboard.press("End")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    assert [screen.path(chart) for chart in range(4)] == [[]] * 4
    assert screen.page.inner_text(".parley-news") == ""
    label = screen.page.get_attribute(".parley-canvas", "aria-label")
    assert "trust" not in label
    screen.page.click(".parley-left .q-toggle >> nth=0")
    screen.wait_for_path(MONTHS)
    screen.page.click(".parley-left .q-toggle >> nth=0")
    assert [screen.wait_for_path(0, chart) for chart in range(4)] == [[]] * 4


def test_a_damaged_link_is_told_and_the_page_works(new_screen):
    screen = new_screen("/en?stops=0&board=eNq-nothing")
    screen.page.wait_for_selector(".q-notification:has-text('link is damaged')")
    screen.page.keyboard.press(" ")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")


def test_the_run_stops_where_the_room_has_to_decide(new_screen):
    screen = new_screen("/en")
    screen.page.keyboard.press(" ")
    screen.page.wait_for_selector(".parley-option", timeout=30_000)
    stopped = screen.month()
    time.sleep(1.0)
    assert screen.month() == stopped
    assert screen.violations() == []
    screen.page.click(".parley-option >> nth=0")
    screen.page.wait_for_function(
        f"document.querySelector('.parley-month').innerText !== '{stopped}'", timeout=30_000
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tab_passes_axe_in_every_language(new_screen, language):
    screen = new_screen(f"/{language}?stops=0")
    words = Words(language)
    assert screen.page.get_attribute("html", "lang").startswith(language)
    screen.page.keyboard.press(" ")
    screen.wait_for_month(words("play.month", month=MONTHS, months=MONTHS))
    for tab in ("place", "practices", "facts", "changed"):
        screen.tab(words(f"page.tab_{tab}"))
        assert screen.violations() == []
        assert language == "en" or decimal_points(screen.told()) == []
    for value, digits, english, other in TABLE:
        told = screen.page.evaluate("(one) => parleyNumber(...one)", [value, digits])
        assert told == (english if language == "en" else other)
    assert words("paths.hide") in screen.page.inner_text("body")


SMALL_TARGETS = """() => {
  const wanted = 'button, a[href], input:not([type=hidden]), [role=tab], [role=switch]';
  const shown = [...document.querySelectorAll(wanted)].filter((one) => one.checkVisibility());
  return shown.map((one) => {
    const box = (one.closest('.q-field, .q-toggle') || one).getBoundingClientRect();
    return [one.getAttribute('aria-label') || one.className, box.width, box.height];
  }).filter(([_, width, height]) => width && height && Math.min(width, height) < 24);
}"""


def test_nothing_is_wider_than_a_tablet_or_too_small_for_a_finger(new_screen):
    screen = new_screen("/es?stops=0")
    screen.tab("Prácticas")
    for width, height in ((820, 1180), (712, 1138), (1138, 712)):
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.page.wait_for_timeout(500)
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert screen.page.evaluate(SMALL_TARGETS) == []
        assert screen.page.locator(".parley-time").bounding_box()["width"] >= 180


def test_a_column_is_saved_as_a_file_and_opened_again(screen, tmp_path):
    screen.until_ready()
    move_dial(screen)
    screen.tab("What changed")
    screen.page.wait_for_selector(".parley-changed li")
    screen.page.click("[aria-label='Share or open a link']")
    with screen.page.expect_download() as given:
        screen.page.click(".parley-dialog button:has-text('B HSBP')")
    saved = tmp_path / "saved.toml"
    given.value.save_as(saved)
    scenario = load_scenario(saved)
    assert scenario.months == MONTHS
    assert scenario.practices.in_force(0).nominal[DIALS.index("communication")] == 1.0
    assert screen.violations() == []
    screen.page.keyboard.press("Escape")
    screen.page.wait_for_selector(".parley-dialog", state="hidden")
    screen.page.keyboard.press("Control+z")
    screen.page.wait_for_selector(".parley-changed li", state="detached")
    screen.page.click("[aria-label='Share or open a link']")
    screen.page.set_input_files(".parley-opener input", saved)
    screen.page.wait_for_selector(".parley-changed li")


def test_a_file_changed_by_hand_is_told_and_changes_nothing(screen, tmp_path):
    stranger = tmp_path / "stranger.toml"
    stranger.write_text("place = 'bosnia'\n", encoding="utf-8")
    screen.page.click("[aria-label='Share or open a link']")
    screen.page.set_input_files(".parley-opener input", stranger)
    screen.page.wait_for_selector(".q-notification:has-text('not saved by this page')")
    screen.tab("What changed")
    assert screen.page.locator(".parley-changed li").count() == 0


def test_the_kit_sets_up_a_session_and_prints_what_was_shown(screen):
    screen.until_ready()
    screen.page.keyboard.press("End")
    screen.wait_for_path(MONTHS)
    screen.page.click("[aria-label='Prepared sessions and sheets to print']")
    screen.page.wait_for_selector(".parley-plan >> nth=2")
    screen.page.wait_for_timeout(500)
    assert screen.page.locator(".parley-plan").count() == 3
    assert screen.violations() == []
    with screen.page.expect_download() as given:
        screen.page.click("text=Debrief of this session")
    assert given.value.path().read_bytes().startswith(b"%PDF")
    screen.page.click("text=Set it up >> nth=0")
    screen.page.wait_for_function(
        f"!document.querySelector('.parley-month').innerText.endsWith(' {MONTHS}')"
    )


def test_every_number_of_the_place_says_where_it_comes_from(screen):
    screen.tab("Facts")
    facts = screen.page.locator(".parley-fact")
    facts.nth(10).wait_for()
    assert facts.locator(".parley-grade").count() == facts.count()
    screen.page.click("[aria-label='Where this comes from: Median income']")
    text = screen.page.inner_text(".parley-dialog")
    assert "Source: " in text
    assert "between 200" in text


def test_other_luck_draws_a_band_and_counts_orders(screen):
    screen.until_ready()
    screen.page.keyboard.press("End")
    screen.wait_for_path(MONTHS)
    screen.page.click(".parley-left .q-toggle:has-text('Other luck')")
    screen.wait_for_path(MONTHS, 0, "band1", seconds=60)
    low, height = screen.path(0, "low1"), screen.path(0, "band1")
    assert all(value is not None for value in low)
    assert max(height[1:]) > 0.0
    screen.page.wait_for_selector(".parley-order:has-text(' other runs')")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc")
def test_killed_workers_are_replaced_and_nothing_is_lost(browser):
    options = ("--population", "400", "--months", "120", "--arms", "none", "hsbp")
    with served(*options) as address:
        screen = Screen(browser.new_page(viewport=SMALL_PROJECTOR), address).open()
        screen.page.keyboard.press("End")
        screen.page.wait_for_function(
            "document.querySelector('.parley-ready').innerText.includes('%') && "
            "!document.querySelector('.parley-ready').innerText.endsWith(' 0%')"
        )
        for child in address.children():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        values = screen.wait_for_path(120, 0, "line1", seconds=90)
        assert all(value is not None for value in values)
        assert screen.page.locator(".q-notification").count() == 0
        assert (screen.outside, screen.errors) == ([], [])
        screen.page.close()


def test_three_columns_fit_a_small_projector_without_scrolling(screen):
    screen.page.click("[aria-label='Add a column']")
    screen.page.wait_for_function("document.querySelectorAll('.parley-canvas').length === 3")
    screen.page.wait_for_timeout(500)
    height = screen.page.evaluate("document.documentElement.scrollHeight")
    assert height <= SMALL_PROJECTOR["height"]
    boxes = screen.page.locator(".parley-canvas").evaluate_all(
        "(all) => all.map((canvas) => canvas.getBoundingClientRect().bottom)"
    )
    assert max(boxes) <= SMALL_PROJECTOR["height"] + 60

"""The room draws on the charts: with a mouse, with a finger, with keys alone."""

import math

import pytest
from workshop.browser import CHROMIUM, WHY_NOT, Screen, served

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)]

MONTHS = 24
TABLET = {"width": 1024, "height": 768}
PATH = "/en?stops=0&hidden=1&outcomes=trust_company,benefit"


@pytest.fixture(scope="module")
def address():
    with served("--population", "200", "--months", str(MONTHS), "--arms", "none", "hsbp") as found:
        yield found


def begin(screen):
    screen.page.click("[aria-label='Predict or set a target']")
    screen.page.wait_for_selector(".parley-sketch >> nth=1")
    screen.page.wait_for_timeout(300)


def pixel(screen, chart, month, value):
    """Where on the screen a month, from 1, and a value lie in a chart."""
    return screen.page.evaluate(
        """([chart, month, value]) => {
          const box = document.querySelectorAll('.parley-chart')[chart];
          const rect = box.getBoundingClientRect();
          const found = getElement(+box.id.slice(1)).chart.convertToPixel(
            {xAxisIndex: 0, yAxisIndex: 0}, [month, value]);
          return [rect.left + found[0], rect.top + found[1]];
        }""",
        [chart, month, value],
    )


def points(screen, chart=0, series="sketch0"):
    """Months and values of a series that a chart has been sent."""
    return screen.page.evaluate(
        """([chart, id]) => {
          const box = document.querySelectorAll('.parley-chart')[chart];
          const found = getElement(+box.id.slice(1)).chart.getOption().series;
          return found.find((one) => one.id === id).data;
        }""",
        [chart, series],
    )


def wait_for_points(screen, wanted, chart=0, series="sketch0"):
    for _ in range(100):
        if wanted(found := points(screen, chart, series)):
            return found
        screen.page.wait_for_timeout(50)
    raise AssertionError(found)


def drag(screen, chart, way):
    """Draw over (month, value) points with the mouse; return the line seen before it is lifted."""
    mouse = screen.page.mouse
    places = [pixel(screen, chart, month, value) for month, value in way]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=4)
    line = screen.page.locator(".parley-sketch polyline").nth(chart).get_attribute("points")
    mouse.up()
    return line


def test_a_path_is_drawn_with_the_mouse_mended_seen_and_measured(new_screen):
    screen = new_screen(PATH)
    screen.until_ready()
    begin(screen)
    line = drag(screen, 0, [(1, 0.2), (12, 0.8), (24, 0.4)])
    assert len(line.split()) == MONTHS  # under the pointer at once, a value a month
    found = wait_for_points(screen, bool)
    assert (found[0][0], found[-1][0]) == (1, MONTHS)
    assert [value for _, value in found if value > 0.7]
    assert found[0][1] == pytest.approx(0.2, abs=0.02)
    assert found[-1][1] == pytest.approx(0.4, abs=0.02)

    drag(screen, 0, [(10, 0.1), (14, 0.1)])
    mended = wait_for_points(screen, lambda now: now and now != found)
    assert [v for m, v in mended if 10 <= m <= 14] == pytest.approx([0.1, 0.1], abs=0.02)
    assert (mended[0], mended[-1]) == (found[0], found[-1])

    screen.page.mouse.move(700, 5)
    screen.page.wait_for_timeout(500)
    assert screen.violations() == []
    assert screen.path(0, "line0") == []
    assert screen.page.locator(".parley-off:not(:empty)").count() == 0

    screen.page.keyboard.press("Escape")
    screen.page.wait_for_selector(".parley-sketch", state="detached")
    screen.page.evaluate("document.activeElement.blur()")
    screen.page.keyboard.press("End")
    screen.wait_for_month(f"Month {MONTHS} of {MONTHS}")
    assert screen.page.locator(".parley-off:not(:empty)").count() == 0
    screen.page.click(".q-toggle:has-text('Hide results')")
    came = screen.wait_for_path(MONTHS)[-1]
    off = 2 * (mended[-1][1] > came) - 1
    gap = float(f"{abs(mended[-1][1] - came):.2g}")
    told = screen.page.wait_for_selector(".parley-off:not(:empty)").inner_text()
    way = "high" if off > 0 else "low"
    assert told.startswith(f"Prediction, month {MONTHS}: A {gap:g} too {way} (average gap 0.")


def test_a_finger_draws_another_columns_path_and_a_target(browser, address):
    context = browser.new_context(viewport=TABLET, has_touch=True)
    screen = Screen(context.new_page(), address).open(PATH)
    screen.until_ready()
    begin(screen)
    finger = context.new_cdp_session(screen.page)

    def draw(chart, way):
        for at, (month, value) in enumerate(way):
            x, y = pixel(screen, chart, month, value)
            touch = {"touchPoints": [{"x": x, "y": y}]}
            kind = "touchMove" if at else "touchStart"
            finger.send("Input.dispatchTouchEvent", {"type": kind} | touch)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    screen.page.click(".parley-sketch-pen:has-text('B')")
    screen.page.wait_for_selector(".parley-sketch-pen[aria-pressed=true]:has-text('B')")
    draw(1, [(1 + k, 0.1 + 0.02 * k) for k in range(12)])
    found = wait_for_points(screen, bool, 1, "sketch1")
    assert found[0] == pytest.approx([1, 0.1], abs=0.01)
    assert found[-1] == pytest.approx([12, 0.32], abs=0.01)
    assert points(screen, 1, "sketch0") == []

    screen.page.click(".parley-sketch-pen:has-text('Target')")
    screen.page.wait_for_selector(".parley-sketch-pen[aria-pressed=true]:has-text('Target')")
    draw(0, [(5, 0.3), (6, 0.6), (7, 0.75)])
    (_, low), (_, high) = wait_for_points(screen, bool, 0, "target")
    assert low == high == pytest.approx(0.75, abs=0.02)

    screen.page.click("[aria-label='Clear everything drawn']")
    wait_for_points(screen, lambda now: now == [], 0, "target")
    wait_for_points(screen, lambda now: now == [], 1, "sketch1")
    assert (screen.outside, screen.errors) == ([], [])
    context.close()


def test_the_same_is_set_with_keys_alone(new_screen):
    screen = new_screen(PATH)
    screen.until_ready()
    page = screen.page
    page.focus("[aria-label='Predict or set a target']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".parley-sketch-pen:focus")
    while page.evaluate("document.activeElement.ariaLabel") != "With the keyboard":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".parley-sketch-keys input[type=range]")
    while "Month 24" not in (page.evaluate("document.activeElement.ariaLabel") or ""):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == (
        "A None, Trust in the company, Month 24"
    )
    page.keyboard.press("ArrowRight")
    found = wait_for_points(screen, bool)
    assert [month for month, _ in found] == [1, 7, 13, 18, 24]
    assert found[-1][1] == pytest.approx(0.52)
    page.keyboard.press("ArrowRight")
    wait_for_points(screen, lambda now: math.isclose(now[-1][1], 0.54))
    assert page.evaluate("document.activeElement.ariaValueText") == "0.54"
    page.keyboard.press("Escape")
    page.wait_for_selector("[aria-label='Predict or set a target']:focus")
    page.wait_for_selector(".parley-sketch-keys", state="hidden")

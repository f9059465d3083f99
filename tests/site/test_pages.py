"""Every page of the site in a real browser: Debian's chromium, driven with selenium."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

sys.path.append(str(Path(__file__).parents[1] / "trace"))
from chromium import needed

pytestmark = [pytest.mark.once, pytest.mark.timeout(300), needed]

WIDE, NARROW = 1280, 390

# What sticks out to the right, unless it scrolls in a box of its own. On narrow pages the theme makes the
# whole content such a box, which must not scroll either, and on wide ones it makes each table one.
STICKING_OUT = """
const width = arguments[0], content = document.querySelector(".content"), found = [];
const all = document.documentElement.scrollWidth;
if (all > width) found.push("the page is " + all);
if (content && content.scrollWidth > content.clientWidth) found.push("the content is " + content.scrollWidth);
if (found.length) {
  for (const one of document.querySelectorAll(".content *")) {
    let box = one.parentElement;
    while (box !== content && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
    const right = one.getBoundingClientRect().right;
    if (box === content && right > width) {
      found.push(`<${one.localName} class="${one.className}"> ends at ${Math.round(right)}: `
                 + one.textContent.slice(0, 40));
      break;
    }
  }
}
if (width > 1000) {
  for (const one of document.querySelectorAll(".table-wrapper")) {
    if (one.scrollWidth > one.clientWidth + 1) found.push("a table scrolls: " + one.textContent.slice(0, 40));
  }
}
return found;
"""

PAIRS = """
return [...document.querySelectorAll(".beside, .twins-row")].map(pair =>
  [...pair.querySelectorAll(".beside .sd-card-body, .twins-side")].map(side => {
    const box = side.getBoundingClientRect();
    return [side.firstElementChild.textContent.trim(), box.left, box.top, box.right, box.bottom];
  }));
"""

# The site needs no network: the addresses of what a page has loaded from elsewhere.
ELSEWHERE = """
const loaded = performance.getEntriesByType("resource").map(entry => entry.name);
return loaded.filter(name => !name.startsWith(arguments[0]) && !name.startsWith("data:"));
"""

SCROLL = """
const [position, done] = arguments;
scrollTo({top: position, behavior: "instant"});
requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
"""

BUTTON = """
const button = document.querySelector(".back-to-top").getBoundingClientRect();
return [button.width, button.left, document.querySelector("article").getBoundingClientRect().right];
"""


def resize(browser: Any, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def pages(site: Path) -> list[str]:
    """Return the addresses of all pages, without those that a timeline shows in its frame."""
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] not in {"_timelines", "_static"})


class Seen(NamedTuple):
    """What a page shows at one width."""

    page: str
    width: int
    logged: list[str]
    elsewhere: list[str]
    sticking_out: list[str]
    # Of each pair, the label, left, top, right and bottom of both sides.
    pairs: list[list[tuple[str, float, float, float, float]]]


@pytest.fixture(scope="module")
def seen(site: Path, address: str, browser: Any) -> list[Seen]:
    """Open each page, and look at it at both widths."""
    found = []
    browser.get_log("browser")
    for page in pages(site):
        resize(browser, WIDE)
        browser.get(address + page)
        for width in (WIDE, NARROW):
            resize(browser, width)
            logged = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
            elsewhere = browser.execute_script(ELSEWHERE, address)
            sticking_out = browser.execute_script(STICKING_OUT, width)
            pairs = browser.execute_script(PAIRS)
            found.append(Seen(page, width, logged, elsewhere, sticking_out, pairs))
    assert len(found) > 180
    return found


def test_no_page_has_an_error(seen: list[Seen]) -> None:
    found = [f"{one.page} at {one.width}: {error}" for one in seen for error in one.logged]
    assert found == [], "\n".join(found)


def test_no_page_loads_anything_from_elsewhere(seen: list[Seen]) -> None:
    found = [f"{one.page}: {address}" for one in seen for address in one.elsewhere]
    assert found == [], "\n".join(found)


def test_no_page_is_wider_than_the_window(seen: list[Seen]) -> None:
    found = [f"{one.page} at {one.width}: {part}" for one in seen for part in one.sticking_out]
    assert found == [], "\n".join(found)


def test_both_languages_can_be_seen_at_once(seen: list[Seen]) -> None:
    """Go, or asyncio, is left of gochan, at the same height, or above it."""
    wrong, count = [], 0
    for one in seen:
        for pair in one.pairs:
            count += 1
            (other, left, top, right, bottom), (ours, left_of_ours, top_of_ours, right_of_ours, _) = pair
            if one.width == WIDE:
                fine = top == top_of_ours and right <= left_of_ours and right_of_ours <= WIDE
            else:
                fine = left == left_of_ours and bottom <= top_of_ours
            if not (fine and other in {"Go", "asyncio"} and ours.startswith("gochan")):
                wrong.append(f"{one.page} at {one.width}: {pair}")
    assert wrong == [], "\n".join(wrong)
    assert count > 100


@pytest.mark.parametrize("page", ["index.html", "limits.html"])
def test_button_to_the_top_covers_nothing(address: str, browser: Any, page: str) -> None:
    resize(browser, WIDE)
    browser.get(address + page)
    # The theme shows it when the reader scrolls up.
    for position in (900, 600):
        browser.execute_async_script(SCROLL, position)
    width, left, end_of_text = browser.execute_script(BUTTON)
    assert width > 0
    assert left >= end_of_text
    resize(browser, NARROW)
    assert browser.execute_script(BUTTON)[0] == 0


def test_copy_buttons_can_be_seen_without_a_mouse(address: str, browser: Any) -> None:
    resize(browser, NARROW)
    browser.get(address + "start.html")
    assert browser.execute_script("return matchMedia('(hover: none)').matches")
    seen = "[...document.querySelectorAll('button.copybtn')].map(button => getComputedStyle(button).opacity)"
    opacities = browser.execute_script(f"return {seen}")
    assert len(opacities) > 3
    assert set(opacities) == {"1"}

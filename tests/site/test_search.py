"""The site's own search finds Go's names: each on the right page, among the first three results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

sys.path.append(str(Path(__file__).parents[1] / "trace"))
from chromium import needed

pytestmark = [pytest.mark.once, pytest.mark.timeout(300), needed]

FINISHED = """
const items = [...document.querySelectorAll("ul.search > li > a")];
const done = document.querySelector(".search-summary")?.textContent && items.length;
return done ? items.map(item => item.href) : null;
"""


def results(browser: Any, address: str, words: str) -> list[str]:
    """Search, and return the addresses of what is found, without that of the site."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(f"{address}search.html?q={quote(words)}")
    found = WebDriverWait(browser, 60, poll_frequency=0.02).until(
        lambda browser: browser.execute_script(FINISHED), f"no results for {words}"
    )
    return [href.removeprefix(address).replace("?highlight=" + quote(words.lower()), "") for href in found]


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("WithTimeout", "reference/context.html#gochan.context.with_timeout"),
        ("context.WithTimeout", "reference/context.html#gochan.context.with_timeout"),
        ("sync.Once", "reference/sync.html#gochan.sync.Once"),
        ("sync.WaitGroup", "reference/sync.html#gochan.sync.WaitGroup"),
        ("time.After", "reference/time.html#gochan.time.after"),
        ("select", "reference/gochan.html#gochan.select"),
        ("Chan", "reference/gochan.html#gochan.Chan"),
        ("close", "reference/gochan.html#gochan.close"),
        ("errgroup.Group", "reference/errgroup.html#gochan.errgroup.Group"),
        ("deadlock", "real/debugging.html"),
    ],
)
def test_search_finds_the_right_page(address: str, browser: Any, words: str, page: str) -> None:
    first = results(browser, address, words)[:3]
    assert [href for href in first if href == page or href.startswith(f"{page}#")], first

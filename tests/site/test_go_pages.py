"""The table of all of Go, which filters as one types, and the cheat sheet, which prints on one sheet."""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "trace"))
from chromium import needed

pytestmark = [pytest.mark.once, pytest.mark.timeout(300), needed]

SHOWN = """
return [...document.querySelectorAll("table.all-of-go tbody tr")].filter(row => row.offsetParent)
  .map(row => [row.className.includes("group"), row.innerText]);
"""


@pytest.fixture
def table(address: str, browser: Any) -> Any:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get(f"{address}porting/all_of_go.html")
    return browser


def field(table: Any) -> Any:
    """Find the filter as a screen reader does: by its label."""
    label = table.find_element("xpath", "//label[.='Filter']")
    return table.find_element("id", label.get_attribute("for"))


def status(table: Any) -> str:
    text: str = table.find_element("css selector", ".all-of-go-filter [role=status]").text
    return text


def shown(table: Any) -> tuple[list[str], list[str]]:
    """Return the titles and the rows that can be seen."""
    found = table.execute_script(SHOWN)
    return [text for group, text in found if group], [text for group, text in found if not group]


def test_all_rows_are_shown_at_first(table: Any) -> None:
    titles, rows = shown(table)
    assert len(rows) > 600
    assert len(titles) > 20
    assert status(table) == f"{len(rows)} rows"


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        ("WithTimeout", "context.with_timeout(parent, d)"),
        ("context.WithTimeout", "context.with_timeout(parent, d)"),
        ("with_timeout", "context.with_timeout(parent, d)"),
        ("sync.WaitGroup.Add", "wg.add(delta)"),
        ("wg.Add(1)", "wg.add(1)"),
        ("once do", "once.do("),
        ("make(chan)", "Chan[str]()"),
        ("<-ch", "ch.recv()"),
        ("select", "match select("),
        ("go func", "@go"),
        ("defer", "defer(print,"),
        ("range ch", "for v in ch:"),
        ("NetError", None),
    ],
)
def test_typing_leaves_the_rows_that_match(table: Any, typed: str, ours: str | None) -> None:
    everything = len(shown(table)[1])
    field(table).send_keys(typed)
    titles, rows = shown(table)
    if ours is None:
        assert (titles, rows, status(table)) == ([], [], "No row")
    else:
        assert any(ours in row for row in rows), rows
        assert 0 < len(rows) < everything / 4
        assert len(titles) <= len(rows)
        assert status(table) == f"{len(rows)} of {everything} rows"


def test_the_address_keeps_the_filter(table: Any) -> None:
    field(table).send_keys("Ticker")
    before = shown(table)
    table.refresh()
    assert shown(table) == before
    assert field(table).get_attribute("value") == "Ticker"
    field(table).send_keys("\ue00c")  # Escape
    assert len(shown(table)[1]) > 600
    assert "find" not in table.current_url


def test_without_scripts_the_table_is_complete(address: str, browser: Any) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{address}porting/all_of_go.html")
        assert browser.find_elements("css selector", ".all-of-go-filter") == []
        rows = browser.find_elements("css selector", "table.all-of-go tbody tr")
        assert len(rows) > 600
        assert rows[-1].is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_cheat_sheet_prints_on_one_sheet(address: str, browser: Any) -> None:
    browser.get(f"{address}cheatsheet.html")
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    [box] = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [round(float(side) / 72 * 25.4) for side in box] == [210, 297]

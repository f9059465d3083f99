"""The site's files: links within it lead somewhere, and what programs look for is there.

No network is needed.
"""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]


class Page(HTMLParser):
    """What a page links to, and the anchors that it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors = {"", "top"}
        self.root: str | None = None
        self.meta: dict[str | None, str | None] = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            given = dict(attrs)
            self.meta[given.get("name") or given.get("property")] = given.get("content")
        for name, value in attrs:
            if name in {"id", "name"} and value:
                self.anchors.add(value)
            elif tag == "base" and name == "href":
                self.root = value
            elif name in {"href", "src", "data"} and value is not None:
                self.targets.append(value)


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if "_timelines" not in path.parts}


def test_links_lead_to_pages_and_anchors(site: Path, parsed: dict[Path, Page]) -> None:
    wrong, checked = [], 0
    for path, page in parsed.items():
        for target in page.targets:
            address, anchor = urldefrag(target)
            if urlsplit(address).scheme or address.startswith("//"):
                continue
            checked += 1
            folder = path.parent if page.root is None else site
            name = unquote(address.partition("?")[0])
            aim = (folder / name).resolve() if name else path
            if not aim.is_file():
                wrong.append(f"{path.relative_to(site)}: {target}: no such file")
            elif aim in parsed and unquote(anchor) not in parsed[aim].anchors:
                wrong.append(f"{path.relative_to(site)}: {target}: no such anchor")
    assert wrong == [], "\n".join(wrong)
    assert checked > 10_000


def test_every_page_is_described(site: Path, parsed: dict[Path, Page]) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.rst")}
    listed = (site / "llms.txt").read_text()
    for page in pages:
        if "_build" in page.parts:
            continue
        for name in ("description", "og:title", "og:description"):
            assert parsed[site / page].meta[name], (page, name)
        assert f"]({page.as_posix()})" in listed or "http" in listed.split("](")[1], page


@pytest.mark.parametrize("project", ["python", "greenlet"])
def test_inventory_has_what_pages_link_to(parsed: dict[Path, Page], project: str) -> None:
    """It is written by hand, and lists nothing else."""
    targets = {target for page in parsed.values() for target in page.targets}
    lines = (ROOT / "docs" / "inventories" / f"{project}.txt").read_text().splitlines()[3:]
    assert lines
    for line in lines:
        name, _, location = line.split()
        assert any(target.endswith(f"/{location}#{name}") for target in targets), name


def test_changelog_is_a_page(site: Path) -> None:
    text = (site / "changelog.html").read_text()
    assert 'id="unreleased"' in text
    assert text.count("<li>") > 30


# --- a site with an address --------------------------------------------------------------------------------

CONF = f"""\
import sys
sys.path.insert(0, {str(ROOT / "docs" / "_ext")!r})
project = "tiny"
extensions = ["conventions"]
html_theme = "furo"
smartquotes = False
html_baseurl = "https://site.example/tiny/"
templates_path = [{str(ROOT / "docs" / "_templates")!r}]
html_additional_pages = {{"404": "404.html"}}
"""

INDEX = """\
Tiny
====

A "tiny" site.

.. toctree::

   folder/other
"""


def test_site_with_an_address(tmp_path: Path) -> None:
    pytest.importorskip("furo", reason="the theme is not installed: the extra `docs` has it")
    (tmp_path / "folder").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.rst").write_text(INDEX)
    (tmp_path / "folder" / "other.rst").write_text("Other\n=====\n\nMore. In this way::\n\n   code\n")
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", tmp_path, tmp_path / "out"], check=True)
    out = tmp_path / "out"
    places = ElementTree.parse(out / "sitemap.xml").getroot().findall("{*}url/{*}loc")
    pages = ["https://site.example/tiny/index.html", "https://site.example/tiny/folder/other.html"]
    assert [place.text for place in places] == pages
    assert (out / "llms.txt").read_text() == (
        '# tiny\n\n> A "tiny" site.\n\n## Pages\n\n'
        f'- [Tiny]({pages[0]}): A "tiny" site.\n- [Other]({pages[1]}): More.\n'
    )
    other = Page(out / "folder" / "other.html").meta
    assert (other["description"], other["og:url"]) == ("More.", pages[1])
    assert Page(out / "index.html").meta["description"] == 'A "tiny" site.'
    missing = (out / "404.html").read_text()
    assert missing.index('<base href="/tiny/">') < missing.index('rel="stylesheet"')

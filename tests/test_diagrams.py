"""The docs' figures are readable: the diagrams that pages describe, and the SVG of "How it works"."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[1] / "docs"
sys.path[:0] = [str(DOCS), str(DOCS / "_ext")]

import diagram  # noqa: E402
import outputs  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.once


FIGURES = {path.name: path.read_text() for path in (DOCS / "_static" / "engine").glob("*.svg")}
for page in outputs.pages()[1:]:
    for directive, _ in outputs.parts(page, page.read_text()):
        if directive.name == "diagram":
            title, alt = directive.arguments[0], directive.options["alt"]
            FIGURES[f"{page.stem}: {title}"] = diagram.draw(title, alt, "\n".join(directive.content))

STYLES = (DOCS / "_static" / "figures.css").read_text()
RULES = re.findall(r"^svg\.figure \.([\w.]+) \{\n(.*?)^\}", STYLES, re.MULTILINE | re.DOTALL)
CLASSES = {name for names, _ in RULES for name in names.split(".")}
# Of each kind of text, the size and the width of a letter in parts of it, at the most.
FONTS = {
    kind: (float(font[1]), 0.6 if "monospace" in font[2] else 0.56)
    for kind, rule in RULES
    if (font := re.search(r"font: ([\d.]+)px var\((.*)\)", rule))
}


def reaches(text: ElementTree.Element) -> tuple[float, float]:
    """From where to where a text goes, at the most."""
    kind, *where = text.attrib["class"].split()
    size, wide = FONTS[kind]
    x, width = float(text.attrib["x"]), len(text.text or "") * size * wide
    if kind == "word" or where == ["after"]:
        return x, x + width
    return (x - width, x) if where == ["before"] else (x - width / 2, x + width / 2)


def boxes(root: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    for rect in root.iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        yield x, y, x + width, y + height


def test_the_pages_have_their_figures() -> None:
    shown = [name for name in FIGURES if name.endswith(".svg")]
    page = (DOCS / "engine.rst").read_text()
    assert sorted(shown) == sorted(re.findall(r":file: _static/engine/(.*)", page))
    assert len(FIGURES) - len(shown) >= 15


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_readable(name: str) -> None:
    root = ElementTree.fromstring(FIGURES[name])
    # What a screen reader reads out.
    named = {element.attrib["id"]: (element.text or "").strip() for element in root if "id" in element.attrib}
    assert root.attrib["role"] == "img"
    assert all(named[id] for id in root.attrib["aria-labelledby"].split())
    # It fits on a phone, and has no style of its own: light and dark are the style sheet's.
    width = float(root.attrib["width"])
    assert width <= 340
    for element in root.iter():
        assert set(element.attrib.get("class", "figure").split()) <= CLASSES | {"figure"}
        assert not {"style", "fill", "stroke", "font-size"} & set(element.attrib)
    # Nothing is cut off or runs out of its box.
    for text in root.iter(f"{SVG}text"):
        left, right = reaches(text)
        assert 0 <= left < right <= width, text.text
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        around = [box for box in boxes(root) if box[0] < x < box[2] and box[1] < y < box[3]]
        assert all(x1 < left < right < x2 for x1, _, x2, _ in around), text.text
        assert around or text.attrib["class"] not in ("name", "code") or name.endswith(".svg"), text.text


def test_colors_and_fonts_are_the_themes() -> None:
    for _, rule in RULES:
        for value in re.findall(r"(?:fill|stroke): (.*);", rule):
            assert value == "none" or value.startswith("var(--"), rule
    assert set(FONTS) == {"name", "code", "word", "note"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" | ".join(["goroutine"] * 6), "too wide"),
        ("main\nmain ~ other: quit", "no goroutine is named 'other'"),
        ("main\n<a.html>", "neither a goroutine nor a channel: '<a.html>'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        diagram.draw("Wrong", "Wrong.", text)


def test_rows_are_joined_by_arrows() -> None:
    root = ElementTree.fromstring(diagram.draw("Two", "Two.", "a | b\n=\n(ch 1/2)\n~\nc | d\nc ~ a: stop"))
    paths = [path.attrib for path in root.iter(f"{SVG}path") if "class" in path.attrib]
    both, dashed = paths[:2], paths[2:]
    assert all("marker-start" in path and path["class"] == "arrow" for path in both)
    assert len(dashed) == 3 and all(path["class"] == "arrow dashed" for path in dashed)
    # The oldest value is the rightmost.
    cells = [rect.attrib["class"] for rect in root.iter(f"{SVG}rect")]
    assert [kind for kind in cells if kind.startswith("cell")] == ["cell", "cell full"]

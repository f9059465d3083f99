"""The docs' diagrams: the committed files are what docs/diagrams.py draws, and they are readable."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[1] / "docs"
DRAWN = DOCS / "_static" / "patterns"
SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.once

script: dict[str, Any] = runpy.run_path(str(DOCS / "diagrams.py"))


def test_the_files_are_what_the_script_draws() -> None:
    assert {path.stem for path in DRAWN.iterdir()} == set(script["DIAGRAMS"])
    for name, diagram in script["DIAGRAMS"].items():
        assert (DRAWN / f"{name}.svg").read_text() == script["draw"](diagram), (
            f"{name}.svg is out of date: run `python docs/diagrams.py`"
        )


def reaches(text: ElementTree.Element) -> tuple[float, float]:
    """From where to where a text goes, at the most."""
    wide = 0.6 if "mono" in text.attrib["style"] else 0.56
    width = len(text.text or "") * float(text.attrib["font-size"]) * wide
    x = float(text.attrib["x"])
    return (x, x + width) if text.attrib["text-anchor"] == "start" else (x - width / 2, x + width / 2)


def boxes(root: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    for rect in root.iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        yield x, y, x + width, y + height


@pytest.mark.parametrize("path", sorted(DRAWN.glob("*.svg")), ids=lambda path: path.stem)
def test_a_diagram_is_readable(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text())
    # What a screen reader reads out.
    named = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert root.attrib["role"] == "img"
    assert all(named[id] for id in root.attrib["aria-labelledby"].split())
    # Nothing is cut off, runs out of its box, or has a colour of its own in the dark.
    width = float(root.attrib["width"])
    for text in root.iter(f"{SVG}text"):
        left, right = reaches(text)
        assert 0 <= left < right <= width, text.text
        assert "var(--color" in text.attrib["style"]
        y, inside = float(text.attrib["y"]), text.attrib["text-anchor"] == "middle"
        assert not inside or any(x1 < left < right < x2 and y1 < y < y2 for x1, y1, x2, y2 in boxes(root))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too wide"):
        script["read"]("Wide", "Much too wide.", " | ".join(["goroutine"] * 6))

"""The reference: one plain signature for each name, and a link to what it answers to in Go."""

from __future__ import annotations

import re
from typing import Any

from counterparts import put_link
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

# Their overloads are for type checkers: a reader wants one signature, and the page gives it.
OVERLOADED = ("gochan.aio", "gochan.runtime.chan", "gochan.runtime.select")


def without_overloads(app: Sphinx) -> None:
    """Let autodoc find no overloads where the page has the signature: it would show each."""
    for module in OVERLOADED:
        analyzer = ModuleAnalyzer.for_module(module)
        analyzer.analyze()
        analyzer.overloads.clear()


# Sphinx gives the handlers their arguments by place.
def plain(app: Sphinx, *described: Any) -> tuple[str, str | None] | None:
    """Write the signature of a function that takes another's parameters; autodoc leaves marks in it."""
    *_, signature, returns = described
    if signature is None or "[[~" not in signature:
        return None
    signature = re.sub(r"~(?:[\w.]+\.)?~?(\w+)", r"\1", signature)
    return signature.replace("*args: _P", "*args").replace("**kwargs: _P", "**kwargs"), returns


def link(app: Sphinx, *described: Any) -> None:
    """Put the link into a docstring."""
    _, name, _, _, lines = described
    put_link(name, lines)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", without_overloads)
    app.connect("autodoc-process-signature", plain)
    app.connect("autodoc-process-docstring", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

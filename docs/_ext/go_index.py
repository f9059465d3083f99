"""Makes Go's names terms of the index, and so of the search: `context.WithTimeout` finds `with_timeout`.

Each description of the reference that has a counterpart in Go gets its name, with and without the package.
They are main entries: the search shows these before the pages that merely contain the word.
"""

from __future__ import annotations

from typing import Any

from counterparts import counterparts
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


def spellings(go: str) -> list[str]:
    """List what a reader may type for a name of Go's."""
    package, dot, name = go.partition(".")
    return [go, name] if dot and package.isidentifier() else [go]


class AddEntries(SphinxTransform):
    """Adds Go's names to the entries that the reference has."""

    # Before Sphinx collects the entries of a page.
    default_priority = 845

    def apply(self, **_: Any) -> None:
        for index in self.document.findall(addnodes.index):
            for target in {entry[2] for entry in index["entries"]} & counterparts().keys():
                terms = spellings(counterparts()[target][0])
                index["entries"] += [("single", term, target, "main", None) for term in terms]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(AddEntries)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}

"""Makes Go's names terms of the index, and so of the search: `context.WithTimeout` finds `with_timeout`.

Each entry of the reference that has a counterpart in Go also gets the counterpart's name, with and without
the package. These are main entries: the search shows them before pages that only contain the word.
"""

from __future__ import annotations

from typing import Any

from counterparts import counterparts
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


def spellings(go: str) -> list[str]:
    """List what a reader may type to find a Go name."""
    package, dot, name = go.partition(".")
    return [go, name] if dot and package.isidentifier() else [go]


class AddEntries(SphinxTransform):
    """Adds Go's names to the index entries of the reference."""

    # Runs before Sphinx collects the index entries of a page.
    default_priority = 845

    def apply(self, **_: Any) -> None:
        for index in self.document.findall(addnodes.index):
            for target in {entry[2] for entry in index["entries"]} & counterparts().keys():
                terms = spellings(counterparts()[target][0])
                index["entries"] += [("single", term, target, "main", None) for term in terms]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(AddEntries)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}

"""Shows Go and gochan side by side: no reader has to choose a tab to compare them.

A page writes a pair as a `tab-set` with `:sync-group: language` and an item for each language. This puts the
items beside each other, gochan on the right on every page, whatever the order in the source. The style sheet
puts it below the other where the page is narrow.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_design.shared import is_component

ORDER = ["go", "asyncio", "gochan"]


def side(item: nodes.Element) -> nodes.container:
    """Make one side of a pair from a tab."""
    label, content = item.children
    title = nodes.paragraph("", "", *label.children, classes=["beside-label"])
    return nodes.container("", title, *content.children, classes=["beside-side"])


def put_beside(app: Sphinx, doctree: nodes.document) -> None:
    """Replace each pair's tabs."""
    tab_sets = doctree.findall(lambda node: is_component(node, "tab-set"))
    for tab_set in list(tab_sets):
        items = [item for item in tab_set.children if is_component(item, "tab-item")]
        labels = [item[0] for item in items]
        if all(label.get("sync_group") == "language" for label in labels):
            items.sort(key=lambda item: ORDER.index(item[0]["sync_id"]))
            tab_set.replace_self(nodes.container("", *map(side, items), classes=["beside", "wide"]))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", put_beside)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}

"""The directive `vet-checks`: the table of all checks of `gochan vet`, with a link to the page of each."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from gochan.vet.table import CHECKS, FAMILIES


class VetChecks(SphinxDirective):
    """One list for each family of checks."""

    def run(self) -> list[nodes.Node]:
        lines: list[str] = []
        for family, title in FAMILIES.items():
            lines += [f".. rubric:: {title}", "", ".. list-table::", "   :widths: 15 85", ""]
            for check in CHECKS.values():
                if check.code.startswith(family):
                    name = check.name[0].upper() + check.name[1:]
                    lines += [f"   * - :doc:`{check.code} <{check.code.lower()}>`", f"     - {name}"]
            lines.append("")
        for check in CHECKS.values():
            # A check that changes its name or page changes this page, too.
            self.env.note_dependency(str(check.path()))
        parent = nodes.Element()
        self.state.nested_parse(StringList(lines, "gochan.vet.table"), self.content_offset, parent)
        return parent.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("vet-checks", VetChecks)
    return {"parallel_read_safe": True}

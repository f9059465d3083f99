"""The site's settings.

The API pages come from the docstrings. A compiled module hides signatures and docstrings from autodoc, so the
interpreted engine is what it imports.
"""

import os

os.environ["GOCHAN_PURE"] = "1"

import gochan  # noqa: F401  fails here, with its own words, rather than once for each page

project = "gochan"
author = "gochan contributors"
copyright = "2026, gochan contributors"

extensions = ["sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "gochan"
html_copy_source = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
python_use_unqualified_type_names = True
# The docstrings say `ch <- v` for code.
default_role = "code"
# What signatures name and no page here describes: type variables, and the standard library's own types.
nitpick_ignore_regex = [
    ("py:.*", r"(asyncio|collections|concurrent|datetime|signal|types|typing)\..+"),
    ("py:.*", r"(gochan\..+\.)?_?[A-Z][0-9]?(_co|_contra)?"),
]


def without_invariants(app, what, name, obj, options, lines):  # noqa: PLR0917  Sphinx calls it so
    """A module's docstring tells its reader what it holds, and then its maintainer what must stay true."""
    if what == "module":
        starts = [at for at, line in enumerate(lines) if line.startswith("Invariant")]
        del lines[min(starts, default=len(lines)) :]


def setup(app):
    app.connect("autodoc-process-docstring", without_invariants)

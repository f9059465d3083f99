"""The site's settings.

The API pages come from the docstrings and annotations. Functions in C have no annotations, so autodoc imports
the engine's Python implementation.
"""

import os
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Generic

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
os.environ["GOCHAN_PURE"] = "1"

from reference import source_files

import gochan

settings = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
# `Repository` is where the sources are, `Documentation` where this site is. Without the first, no page has a
# link to edit it; without the second, the site has no canonical addresses and no sitemap.
urls = settings.get("urls", {})

project = "gochan"
release = version = settings["version"]
author = "gochan contributors"
copyright = "2026, gochan contributors"

extensions = [
    "sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.viewcode", "myst_parser",
    "sphinx_copybutton", "sphinx_design", "gochan.trace.sphinx",
    "conventions", "go_index", "pages", "go_coverage", "diagram", "porting", "reference",
]  # fmt: skip
exclude_patterns = ["_build"]

templates_path = ["_templates"]

html_theme = "furo"
html_title = f"gochan {version}"
html_logo = html_favicon = "_static/logo.svg"
html_baseurl = urls.get("Documentation", "")
html_additional_pages = {"404": "404.html"}
html_theme_options = {}
if "Repository" in urls:
    html_theme_options = {
        "source_repository": urls["Repository"], "source_branch": "main", "source_directory": "docs/",
    }  # fmt: skip
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["figures.css", "porting.css", "tables.css", "pages.css", "site.css"]
# It does nothing on a page without that table.
html_js_files = [("all_of_go.js", {"defer": "defer"})]
html_show_sphinx = False

# A part of a file is shown without the empty lines around it.
highlight_options = {"default": {"stripnl": True}, "python": {"stripnl": True}}

# What a program prints is not for copying, and neither are prompts.
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
python_use_unqualified_type_names = True
# A quote in a docstring may be Python's.
smartquotes = False
# The docstrings say `ch <- v` for code.
default_role = "code"
# The names of other projects that this site links to. The build needs no network: the inventories here list
# these names alone. A name that none of them has fails the build; add it there.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "inventories/python.txt"),
    "greenlet": ("https://greenlet.readthedocs.io/en/latest", "inventories/greenlet.txt"),
}
# What signatures name and no page describes: type variables, and classes by the private modules that define
# them.
nitpick_ignore_regex = [
    ("py:class", r"timedelta|(asyncio\.events|concurrent\.futures\._base)\..+"),
    # What a name of package net takes: protocols that any class fits.
    ("py:class", r"(gochan\.net\.wait\.)?HasFileno|_Listener"),
    ("py:.*", r"(gochan\..+\.)?_?[A-Z][0-9]?(_co|_contra|\.args|\.kwargs)?"),
]


def without_invariants(app, what, name, obj, options, lines):  # noqa: PLR0917  Sphinx calls it so
    """A module's docstring tells its reader what it holds, and then its maintainer what must stay true."""
    if what == "module":
        starts = [at for at, line in enumerate(lines) if line.startswith("Invariant")]
        del lines[min(starts, default=len(lines)) :]


def without_engine(app, name, obj, options, bases):
    """Leave out the bases that a class has inside the engine or a package, and `Generic`."""
    inside = ("gochan._engine.py", "gochan.net.")
    seen = (base for base in bases if not getattr(base, "__module__", "").startswith(inside))
    bases[:] = [base for base in seen if getattr(base, "__origin__", base) is not Generic]


def defining_module(app, module, name):
    """Return the module with the source of a name, which is public in another module."""
    files = source_files(getattr(import_module(module), name.partition(".")[0], None))
    if not files:
        return module
    file = Path(files[0]).relative_to(Path(gochan.__file__).parents[1])
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def right_backlinks(app, page, template, context, doctree):
    """Viewcode takes all names of a module for those of one public module; the engine's are in several."""
    if page.startswith("_modules/gochan/"):
        known = app.env.domains.python_domain.objects
        context["body"] = re.sub(
            r"(reference/(\w+)\.html#gochan\.)(?=([\w.]+))",
            lambda link: link[1] if f"gochan.{link[3]}" in known else f"{link[1]}{link[2]}.",
            context["body"],
        )


def setup(app):
    app.connect("autodoc-process-docstring", without_invariants)
    app.connect("autodoc-process-bases", without_engine)
    app.connect("viewcode-follow-imported", defining_module)
    app.connect("html-page-context", right_backlinks)

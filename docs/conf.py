"""The site's settings.

The API pages come from the docstrings and annotations. Functions in C have no annotations, so autodoc imports
the engine's Python implementation.
"""

import os
import re
import sys
from pathlib import Path

from sphinx.errors import ExtensionError

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
os.environ["GOCHAN_PURE"] = "1"

import gochan  # noqa: F401  fails here, with its own words, rather than once for each page

project = "gochan"
author = "gochan contributors"
copyright = "2026, gochan contributors"

extensions = [
    "sphinx.ext.autodoc", "sphinx_copybutton", "sphinx_design", "gochan.trace.sphinx",
    "porting", "reference", "vet",
]  # fmt: skip
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "gochan"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False

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
# What signatures name and no page here describes: type variables, and the standard library's own types.
nitpick_ignore_regex = [
    ("py:.*", r"(abc|asyncio|collections|concurrent|datetime|signal|types|typing)\..+|timedelta"),
    ("py:class", r"(io|os|socket|ssl)\..+"),
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
    """Leave out the bases that a class has inside the engine or a package: users don't see them."""
    inside = ("gochan._engine.py", "gochan.net.")
    bases[:] = [base for base in bases if not getattr(base, "__module__", "").startswith(inside)]


def readable_paramspec(app, what, name, obj, options, signature, returns):  # noqa: PLR0917
    """Sphinx writes a ParamSpec in a way that it cannot read itself, and then shows the text as it is."""
    if signature is None:
        return None
    signature = signature.replace("**kwargs: ~typing.~_P", "**kwargs: _P.kwargs")
    signature = signature.replace("*args: ~typing.~_P", "*args: _P.args").replace("[~_P]", "_P")
    return signature, returns


FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|object|embed|image)\b[^>]*?(?:src|data|href)=["'](?:https?:)?//[^"']*"""
    r"""|<link\b(?=[^>]*rel=["'](?:stylesheet|icon|preload|preconnect|prefetch|modulepreload|manifest)\b)"""
    r"""[^>]*href=["'](?:https?:)?//[^"']*"""
    r"""|(?:@import\s*(?:url\()?|url\()\s*["']?(?:https?:)?//[^"')]*""",
)


def nothing_is_fetched(app, exception):
    """The site needs no network: no page takes a script, a style, a font or a picture from elsewhere."""
    if exception is None and app.builder.format == "html":
        for path in sorted(Path(app.outdir).rglob("*")):
            if path.suffix in {".html", ".css"}:
                found = FETCHED.search(path.read_text(encoding="utf-8"))
                if found:
                    raise ExtensionError(f"{path} fetches from elsewhere: {found[0]}")


def setup(app):
    app.connect("autodoc-process-docstring", without_invariants)
    app.connect("autodoc-process-bases", without_engine)
    app.connect("autodoc-process-signature", readable_paramspec)
    app.connect("build-finished", nothing_is_fetched)

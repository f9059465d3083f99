"""What readers, search engines and other programs expect of a site, and Sphinx does not make by itself.

- Each page's description, from its first paragraph, for search engines and (as OpenGraph) for links in chats.
- `llms.txt`: all pages with their descriptions, for programs that read the documentation.
- `sitemap.xml`, which needs the site's address: `html_baseurl`.
- `404.html`: it takes everything from the site's root, since a server sends it for an address in any folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

LONGEST = 200


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the description of a page: its first paragraph, or the beginning of it."""
    paragraphs = (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section))
    first = next(paragraphs, None)
    text = " ".join(first.astext().split()) if first is not None else ""
    end = text.rfind(". ", 0, LONGEST) + 1
    # Whole sentences, without one that only introduces what follows.
    whole = len(text) <= LONGEST and not text.endswith(":")
    described(app.env)[app.env.docname] = text if whole or not end else text[:end]


def described(env: BuildEnvironment) -> dict[str, str]:
    """Return the descriptions of all pages."""
    if not hasattr(env, "gochan_descriptions"):
        env.gochan_descriptions = {}
    found: dict[str, str] = env.gochan_descriptions
    return found


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    described(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    described(env).update({name: described(other)[name] for name in docnames if name in described(other)})


def add_metadata(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the description into a page's head."""
    if page == "404":
        root = escape(urlsplit(app.config.html_baseurl).path or "/")
        context["metatags"] = f'<base href="{root}">{context.get("metatags", "")}'
        return
    text = shorten(described(app.env).get(page, ""), LONGEST, placeholder=" ...")
    if not text:
        return
    title = app.env.titles[page].astext()
    graph = {"title": title, "type": "website", "site_name": app.config.project, "description": text}
    if context.get("pageurl"):
        graph["url"] = context["pageurl"]
    tags = [f'<meta name="description" content="{escape(text)}">']
    tags += [f'<meta property="og:{name}" content="{escape(value)}">' for name, value in graph.items()]
    context["metatags"] = context.get("metatags", "") + "\n".join(["", *tags, ""])


def in_order(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """List the pages in the order of the navigation."""
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from in_order(env, child)


def write_lists(app: Sphinx, exception: Exception | None) -> None:
    """Write llms.txt and sitemap.xml."""
    if exception is not None or app.builder.name != "html":
        return
    base = app.config.html_baseurl
    pages = list(dict.fromkeys(in_order(app.env, app.config.root_doc)))
    addresses = {page: base + app.builder.get_target_uri(page) for page in pages}
    summary = described(app.env)[app.config.root_doc]
    lines = [f"# {app.config.project}", "", f"> {summary}", "", "## Pages", ""]
    for page in pages:
        title, text = app.env.titles[page].astext(), described(app.env).get(page)
        lines.append(f"- [{title}]({addresses[page]})" + (f": {text}" if text else ""))
    write(app, "llms.txt", lines)
    if base:
        urls = [f"<url><loc>{escape_xml(address)}</loc></url>" for address in addresses.values()]
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        write(app, "sitemap.xml", [head, f'<urlset xmlns="{namespace}">', *urls, "</urlset>"])


def write(app: Sphinx, name: str, lines: list[str]) -> None:
    (Path(app.outdir) / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", describe)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", add_metadata)
    app.connect("build-finished", write_lists)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}

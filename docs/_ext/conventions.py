"""Adds what readers, search engines and other programs expect of a site, and Sphinx does not provide.

- Each page's description, from its first paragraph, for search engines and (as OpenGraph) for links in chats.
- `llms.txt`: all pages with their descriptions, for programs that read the documentation.
- `sitemap.xml`, which needs the site's address: `html_baseurl`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import shorten
from typing import Any
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

LONGEST = 200


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Add a description to a page's metadata: the page's first paragraph, or the beginning of it."""
    env, name = app.env, app.env.docname
    paragraphs = (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section))
    first = next(paragraphs, None)
    text = " ".join(first.astext().split()) if first is not None else ""
    end = text.rfind(". ", 0, LONGEST) + 1
    # Keep whole sentences, and drop a last one that ends with a colon: it only introduces what follows.
    if end and (len(text) > LONGEST or text.endswith(":")):
        text = text[:end]
    if not text:
        return
    env.metadata[name]["description"] = text
    text = shorten(text, LONGEST, placeholder=" ...")
    title = env.titles[name].astext()
    graph = {"title": title, "type": "website", "site_name": app.config.project, "description": text}
    if app.config.html_baseurl:
        graph["url"] = app.config.html_baseurl + app.builder.get_target_uri(name)
    doctree += nodes.meta(name="description", content=text)
    doctree += [nodes.meta(property=f"og:{key}", content=value) for key, value in graph.items()]


def in_order(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """List the pages in the order of the navigation."""
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from in_order(env, child)


def write_lists(app: Sphinx, exception: Exception | None) -> None:
    """Write llms.txt and sitemap.xml."""
    if exception is not None or app.builder.name != "html":
        return
    env, base = app.env, app.config.html_baseurl
    pages = dict.fromkeys(in_order(env, app.config.root_doc))
    addresses = {page: base + app.builder.get_target_uri(page) for page in pages}
    texts = {page: env.metadata[page].get("description", "") for page in pages}
    lines = [f"# {app.config.project}", "", f"> {texts[app.config.root_doc]}", "", "## Pages", ""]
    for page, address in addresses.items():
        lines.append(f"- [{env.titles[page].astext()}]({address}): {texts[page]}".removesuffix(": "))
    write(app, "llms.txt", lines)
    if base:
        urls = [f"<url><loc>{escape(address)}</loc></url>" for address in addresses.values()]
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        write(app, "sitemap.xml", [head, f'<urlset xmlns="{namespace}">', *urls, "</urlset>"])


def write(app: Sphinx, name: str, lines: list[str]) -> None:
    (Path(app.outdir) / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", describe)
    app.connect("build-finished", write_lists)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

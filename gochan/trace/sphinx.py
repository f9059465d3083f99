"""A Sphinx extension: shows what the goroutines of a program do, on the page that describes it.

    extensions = ["gochan.trace.sphinx"]

`.. gochan-timeline:: program.py` runs the program while the site is built, and puts a timeline of its
goroutines into the page: a still picture, and below it the interactive page of `gochan trace view`, which
the browser loads when the reader opens it.  The path is relative to the page, or to the source folder if it
begins with a slash, as in `literalinclude`.  The text below the options is shown below the picture, as in
`figure`.

The program runs in its own folder, on a virtual clock (see `_virtual`): a sleep of an hour takes no time,
and each build makes the same picture.  It runs again only if it, a module beside it, or gochan has changed.

Options:

    :caption:       a title below the picture
    :alt:           what the picture shows, for readers who can't see it
    :width:         the width for which the still picture is drawn, in pixels (760)
    :height:        the height of the interactive page's frame, in pixels (from the number of goroutines)
    :interactive:   `no` leaves the interactive page out
    :from:, :to:    the part that the still picture shows, as `10ms` or `1.5s`
    :only:          the goroutines that it shows: numbers or functions, with * and ? as in file names
    :scale:         `time` for a linear axis, `steps` for room for each step, `auto` to choose (auto)
    :step:          how far the virtual clock advances from one event to the next (1us)
    :fails:         the program must fail, for instance with a deadlock
    :class:, :name: as in `figure`

`gochan_timeline_timeout` in conf.py is the number of seconds after which a program is stopped (60).

Invariant: the name of a file in the folder `gochan-timelines` beside the doctrees contains a hash of what the
file was made of, so that a file that is there is never out of date.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.transforms.post_transforms.images import ImageConverter
from sphinx.util.docutils import SphinxDirective

import gochan

from . import _stepping, _virtual, model, svg, view

__all__ = ["Timeline", "live", "picture", "setup"]

STATIC = Path(__file__).with_name("static")
FOLDER = "gochan-timelines"  # of the cache, beside the doctrees
PAGES = "_timelines"  # of the interactive pages, in the site
WIDTH, NARROW = 760, 360
# Of the frame, in pixels: with one goroutine, for each further one, and at most.
HEIGHT, LANE, HIGHEST = 150, 34, 500


# docutils calls visitors by the names of the nodes' classes.
class picture(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """The still picture in a page's tree, in a figure.

    `wide` and `narrow` are drawn for the page, `document` is an SVG document of its own.
    """


class live(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """The interactive page in a page's tree: `page` is its file name, `title` what a screen reader says."""


def duration(argument: str | None) -> int:
    """Read an option such as `10ms`; return nanoseconds."""
    text = (argument or "").strip()
    try:
        return model.parse_duration(text.replace(" ", ""))
    except ValueError:
        raise ValueError(f"{text!r} is not a duration; write it with a unit, as 10ms or 1.5s") from None


def pixels(argument: str | None) -> int:
    """Read an option such as `480` or `480px`."""
    number: int = directives.positive_int((argument or "").strip().removesuffix("px"))
    if not 200 <= number <= 5000:
        raise ValueError(f"{number} pixels; want from 200 to 5000")
    return number


def yes_or_no(argument: str | None) -> bool:
    """Read an option that is `yes` or `no`."""
    return bool(directives.choice(argument, ("yes", "no")) == "yes")


def scale(argument: str | None) -> str:
    """Read the option of the axis."""
    return str(directives.choice(argument, svg.SCALES))


class Timeline(SphinxDirective):  # type: ignore[misc]
    """`.. gochan-timeline:: program.py`, see the module."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "width": pixels,
        "height": pixels,
        "interactive": yes_or_no,
        "from": duration,
        "to": duration,
        "only": str.split,
        "scale": scale,
        "step": duration,
        "fails": directives.flag,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure, and the frame of the interactive page."""
        argument = self.arguments[0]
        _, name = self.env.relfn2path(argument)
        path = Path(name)
        self.env.note_dependency(name)
        if not path.is_file():
            raise self.error(f"gochan-timeline: {argument}: no such file; looked for {path}")
        try:
            recording = record(
                self.env,
                path,
                step=self.options.get("step", _stepping.STEP),
                fails="fails" in self.options,
            )
            trace = model.parse(recording["trace"], path.name)
            found: list[nodes.Node] = [self.figure(self.draw(path, trace))]
            if self.options.get("interactive", True):
                found.append(self.frame(path, trace))
        except (_virtual.ProgramError, model.TraceError, ValueError) as error:
            raise self.error(f"gochan-timeline: {argument}: {error}") from None
        for module in recording["modules"]:
            self.env.note_dependency(str(path.parent / module))
        return found

    def draw(self, path: Path, trace: model.Trace) -> picture:
        """Draw the still pictures."""
        width = self.options.get("width", WIDTH)
        # No two pictures of a site have the same, since all of it may become one page.
        where = hashlib.sha256(self.env.docname.encode()).hexdigest()[:8]
        name = f"timeline-{where}-{self.env.new_serialno('gochan-timeline')}"
        node = picture("", alt=self.options.get("alt") or f"Timeline of {path.name}")
        for kind, size in (("wide", width), ("narrow", min(width, NARROW)), ("document", width)):
            node[kind] = svg.draw(
                trace,
                width=size,
                start=self.options.get("from"),
                end=self.options.get("to"),
                only=self.options.get("only", ()),
                scale=self.options.get("scale", "auto"),
                description=self.options.get("alt", ""),
                name=f"{name}-{kind}",
                standalone=kind == "document",
            )
        self.set_source_info(node)
        return node

    def frame(self, path: Path, trace: model.Trace) -> live:
        """Make the interactive page."""
        page = keep(self.env, path.stem, ".html", view.page(trace, path.name, embed=True))
        lanes = sum(len(program.goroutines) for program in trace.programs)
        height = min(HEIGHT + LANE * (lanes - 1), HIGHEST)
        node = live(
            "", page=page, height=self.options.get("height", height), title=f"Timeline of {path.name}"
        )
        self.set_source_info(node)
        return node

    def figure(self, node: picture) -> nodes.figure:
        """Put the picture into a figure with the directive's caption and text."""
        figure = nodes.figure("", node, classes=["gochan-timeline-figure", *self.options.get("class", [])])
        self.set_source_info(figure)
        self.add_name(figure)
        if "caption" in self.options:
            parsed, messages = self.parse_inline(self.options["caption"])
            caption = nodes.caption(self.options["caption"], "", *parsed)
            self.set_source_info(caption)
            figure += [caption, *messages]
        text = self.parse_content_to_nodes()
        if text:
            figure += nodes.legend("", *text)
        return figure


# --- what is made for a program, and kept ------------------------------------------------------------------


@cache
def fingerprint() -> str:
    """Return a hash of gochan itself: another version may record and draw otherwise."""
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    package = Path(gochan.__file__).parent
    page = (path for path in package.glob("trace/page/**/*") if path.is_file())
    for path in sorted([*package.rglob("*.py"), *page]):
        found.update(path.read_bytes())
    return found.hexdigest()


def folder(env: BuildEnvironment) -> Path:
    """Return the folder of the cache."""
    return Path(env.doctreedir) / FOLDER


def store(path: Path, text: str) -> None:
    """Write a file that another process may read or write at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def keep(env: BuildEnvironment, stem: str, suffix: str, text: str) -> str:
    """Put a text into a file of the cache, named after its content; return the file's name."""
    name = f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:12]}{suffix}"
    if not (folder(env) / name).exists():
        store(folder(env) / name, text)
    return name


def record(env: BuildEnvironment, path: Path, **options: Any) -> dict[str, Any]:
    """Return the recording of a program: from the cache, or else by running it."""
    source = path.read_bytes()
    made_of = f"{fingerprint()} {sorted(options.items())} {path.name}".encode()
    name = f"{path.stem}-{hashlib.sha256(made_of + source).hexdigest()[:24]}.json"
    kept = folder(env) / name
    if kept.exists():
        recording: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if all(digest(path.parent / module) == known for module, known in recording["modules"].items()):
            return recording
    trace = _virtual.record(path, timeout=env.config.gochan_timeline_timeout, **options)
    modules = {module: digest(path.parent / module) for module in trace["otherData"].pop("modules")}
    recording = {"trace": trace, "modules": modules}
    store(kept, json.dumps(recording, separators=(",", ":")))
    return recording


def digest(path: Path) -> str:
    """Return a hash of a file; an empty text if it can't be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


# --- writing -----------------------------------------------------------------------------------------------


def visit_picture(self: Any, node: picture) -> None:
    """Write the picture: wide and narrow, of which the style sheet shows one."""
    for size in ("wide", "narrow"):
        self.body.append(f'<div class="gochan-timeline-still gochan-timeline-{size}">\n{node[size]}</div>\n')
    raise nodes.SkipNode


def visit_live(self: Any, node: live) -> None:
    """Write the frame, which is closed at first, and put its page into the site."""
    builder = self.builder
    uri = posixpath.join(posixpath.dirname(builder.imgpath), PAGES, node["page"])
    target = Path(builder.outdir) / PAGES / node["page"]
    if not target.exists():
        store(target, (folder(builder.env) / node["page"]).read_text(encoding="utf-8"))
    self.body.append(
        '<details class="gochan-timeline-live"><summary>Explore this run</summary>\n'
        f'<iframe loading="lazy" height="{node["height"]}" title="{escape(node["title"])}" src="{uri}?embed">'
        "</iframe></details>\n"
    )
    raise nodes.SkipNode


class Substitute(SphinxPostTransform):  # type: ignore[misc]
    """Puts an image, or the description, in the place of a picture, where the output is not HTML."""

    # Before Sphinx converts images into the formats that a builder takes.
    default_priority = 150

    def run(self, **_: Any) -> None:
        """Replace the pictures and frames of a document."""
        # An EPUB is HTML, but has neither frames nor scripts.
        if self.app.builder.format != "html" or self.app.builder.name == "epub":
            for frame in list(self.document.findall(live)):
                frame.parent.remove(frame)
        if self.app.builder.format == "html":
            return
        drawn = "image/svg+xml" in self.app.builder.supported_image_types or any(
            issubclass(transform, ImageConverter) for transform in self.app.registry.get_post_transforms()
        )
        for node in list(self.document.findall(picture)):
            if not drawn:
                node.replace_self(nodes.paragraph("", "", nodes.emphasis("", f"[{node['alt']}]")))
                continue
            path = str(folder(self.env) / keep(self.env, "timeline", ".svg", node["document"]))
            image = nodes.image("", uri=path, alt=node["alt"], candidates={"image/svg+xml": path})
            self.env.images.add_file(self.env.docname, path)
            node.replace_self(image)


def skip(self: Any, node: nodes.Node) -> None:
    """Leave out what `Substitute` has not replaced: a tree that no page is made of."""
    raise nodes.SkipNode


def add_static(app: Sphinx) -> None:
    """Have the style sheet and the script copied into the site."""
    app.config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    app.add_config_value("gochan_timeline_timeout", 60, "", types=(int, float))
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    app.add_node(picture, html=(visit_picture, None), **others)
    app.add_node(live, html=(visit_live, None), **others)
    app.add_directive("gochan-timeline", Timeline)
    app.add_post_transform(Substitute)
    app.add_css_file("gochan-timeline.css")
    app.add_js_file("gochan-timeline.js", loading_method="defer")
    app.connect("builder-inited", add_static)
    return {
        # All pages are read again when gochan has changed.
        "env_version": int(fingerprint()[:8], 16),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

"""gochan.trace.sphinx: the directive `gochan-timeline`, in small projects that Sphinx builds.

Each program counts its runs in a file beside it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from children import gochan_root

pytest.importorskip("sphinx", reason="Sphinx is not installed: the extra `docs` brings it")

from gochan.trace import sphinx as extension

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]

CONF = """\
project = "tiny"
extensions = ["gochan.trace.sphinx"]
html_theme = "basic"
"""

PROGRAM = """\
from gochan import Chan, go, run, time


def produce(jobs: Chan[int]) -> None:
    for job in range(3):
        time.sleep(0.01)
        jobs.send(job)
    jobs.close()


def main() -> None:
    jobs = Chan[int]()
    go(produce, jobs)
    for _ in jobs:
        pass


with open("runs.txt", "a") as file:
    file.write("x")
run(main)
"""


@dataclass
class Built:
    """A finished build."""

    out: Path
    status: int
    told: str

    def page(self, name: str = "index.html") -> str:
        return (self.out / name).read_text()


class Project:
    """A folder of pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.write("conf.py", CONF)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))

    def build(self, builder: str = "html", *options: str, out: str = "out") -> Built:
        target = self.folder.parent / f"{out}-{builder}"
        command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b", builder]
        done = subprocess.run(
            [*command, *options, self.folder, target],
            env={**os.environ, "PYTHONPATH": str(gochan_root()), "PYTHONWARNINGS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        return Built(target, done.returncode, done.stdout + done.stderr)

    def good(self, *arguments: str, out: str = "out") -> Built:
        built = self.build(*arguments, out=out)
        assert (built.status, built.told) == (0, "")
        return built

    def runs(self, file: str = "runs.txt") -> int:
        return len((self.folder / file).read_text())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "docs")
    project.write("prog.py", PROGRAM)
    project.write("index.rst", "Title\n=====\n\n.. gochan-timeline:: prog.py\n")
    return project


# --- what a page has -------------------------------------------------------------------------------------

PAGE = """\
    Title
    =====

    See :ref:`the run <first>`.

    .. gochan-timeline:: prog.py
       :name: first
       :class: mine
       :caption: A run of ``prog.py``
       :alt: One makes jobs, <main> takes them.

       What to see in it: *three* arrows.

    .. gochan-timeline:: /prog.py
       :interactive: no
       :width: 400
       :from: 9ms
       :to: 15ms
       :only: produce
       :scale: time

    .. toctree::

       inner/page
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, Built]]:
    project = Project(tmp_path_factory.mktemp("site") / "docs")
    project.write("prog.py", PROGRAM)
    project.write("index.rst", PAGE)
    project.write("inner/page.rst", "Inner\n=====\n\n.. gochan-timeline:: ../prog.py\n   :height: 321px\n")
    yield project, project.good("html")


def test_a_page_has_the_picture(site: tuple[Project, Built]) -> None:
    text = site[1].page()
    figure = re.search(
        r'<figure class="gochan-timeline-figure mine[^"]*" id="first">(.*?)</figure>', text, re.S
    )
    assert figure
    assert figure[1].count("<svg") == 2
    assert "<desc" in figure[1] and "One makes jobs, &lt;main&gt; takes them.</desc>" in figure[1]
    assert "chan jobs" in figure[1]
    assert "virtual time" in figure[1]
    assert '<span class="caption-text">A run of <code' in figure[1]
    assert "What to see in it: <em>three</em> arrows." in figure[1]


def test_the_picture_is_wide_or_narrow(site: tuple[Project, Built]) -> None:
    pairs = re.findall(r'gochan-timeline-(wide|narrow)">\s*<svg[^>]* width="(\d+)"', site[1].page())
    assert pairs == [("wide", "760"), ("narrow", "360"), ("wide", "400"), ("narrow", "360")]


def test_ids_are_unique(site: tuple[Project, Built]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', site[1].page())
    assert len(ids) == len(set(ids))
    assert len([id for id in ids if id.endswith("-title")]) == 4


def test_a_part_of_the_run_is_drawn(site: tuple[Project, Built]) -> None:
    second = site[1].page().split("<figure")[2]
    assert set(re.findall(r"<title>(\w+ \d)</title>", second)) == {"produce 2"}
    assert "10 ms" in second and "20 ms" not in second


def test_the_interactive_page_is_in_a_frame_that_loads_late(site: tuple[Project, Built]) -> None:
    built = site[1]
    frames = re.findall(r"<iframe ([^>]*)></iframe></details>", built.page())
    assert len(frames) == 1
    assert 'loading="lazy"' in frames[0] and 'title="Timeline of prog.py"' in frames[0]
    [source] = re.findall(r'src="([^"?]+)\?embed"', frames[0])
    page = (built.out / source).read_text()
    assert "prog.py" in page
    assert "<details open" not in built.page()


def test_the_frame_of_another_folder_is_the_same_page(site: tuple[Project, Built]) -> None:
    built = site[1]
    [frame] = re.findall(r"<iframe ([^>]*)>", built.page("inner/page.html"))
    assert 'height="321"' in frame
    [source] = re.findall(r'src="([^"?]+)\?embed"', frame)
    assert source.startswith("../_timelines/")
    assert (built.out / "inner" / source).exists()
    assert len(list((built.out / "_timelines").iterdir())) == 1


def test_the_site_has_the_styles_and_the_script(site: tuple[Project, Built]) -> None:
    for name in ("gochan-timeline.css", "gochan-timeline.js"):
        assert (site[1].out / "_static" / name).read_text().strip()
        assert f"_static/{name}" in site[1].page()


def test_programs_run_once_for_all_pages(site: tuple[Project, Built]) -> None:
    assert site[0].runs() == 1


def test_a_folder_for_each_page_finds_the_frames(site: tuple[Project, Built]) -> None:
    built = site[0].good("dirhtml", out="dirs")
    [source] = re.findall(r'<iframe [^>]*src="([^"?]+)\?', built.page("inner/page/index.html"))
    assert (built.out / "inner" / "page" / source).exists()


def test_one_page_of_all_has_unique_ids(site: tuple[Project, Built]) -> None:
    text = site[0].good("singlehtml", out="single").page()
    ids = re.findall(r'\sid="(timeline-[^"]+)"', text)
    assert len(ids) == len(set(ids)) == 3 * 2 * 3
    for source in re.findall(r'<iframe [^>]*src="([^"?]+)\?', text):
        assert (site[0].folder.parent / "single-singlehtml" / source).exists()


# --- other builders --------------------------------------------------------------------------------------


def test_text_has_the_description(site: tuple[Project, Built]) -> None:
    text = site[0].good("text", out="text").page("index.txt")
    assert "[One makes jobs, <main> takes them.]" in text
    assert "[Timeline of prog.py]" in text
    assert "What to see in it: *three* arrows." in text
    assert "Explore" not in text


@pytest.mark.parametrize(
    ("builder", "file"), [("man", "tiny.1"), ("latex", "tiny.tex"), ("texinfo", "tiny.texi")]
)
def test_paper_has_the_description(site: tuple[Project, Built], builder: str, file: str) -> None:
    text = site[0].good(builder, out="paper").page(file)
    assert "Timeline of prog" in text
    assert "iframe" not in text


def test_an_epub_has_the_picture_and_no_frame(site: tuple[Project, Built]) -> None:
    # Sphinx takes what is in the output folder for a part of the book, the doctrees too.
    doctrees = site[0].folder.parent / "epub-doctrees"
    options = ("-D", "version=1", "-D", "copyright=us", "-d", str(doctrees))
    text = site[0].good("epub", *options, out="epub").page("index.xhtml")
    assert text.count("<svg") == 4
    assert "iframe" not in text


def test_a_converter_makes_an_image(site: tuple[Project, Built], tmp_path: Path) -> None:
    """A converter that only copies: what it is given is an SVG document of its own."""
    (tmp_path / "copying.py").write_text(
        dedent("""\
        from shutil import copy

        from sphinx.transforms.post_transforms.images import ImageConverter


        class Copying(ImageConverter):
            conversion_rules = [("image/svg+xml", "application/pdf")]

            def is_available(self):
                return True

            def convert(self, source, target):
                copy(source, target)
                return True


        def setup(app):
            app.add_post_transform(Copying)
        """)
    )
    site[0].write(
        "conf.py",
        CONF.replace(
            "extensions = [", f"import sys\nsys.path.append({str(tmp_path)!r})\nextensions = ['copying', "
        ),
    )
    try:
        built = site[0].good("latex", out="image")
    finally:
        site[0].write("conf.py", CONF)
    images = re.findall(r"\\sphinxincludegraphics\{\{([^}]+)\}\.pdf\}", built.page("tiny.tex"))
    assert len(images) == 3
    for name in images:
        assert (built.out / f"{name}.pdf").read_text().startswith("<svg xmlns=")


# --- when programs run -----------------------------------------------------------------------------------


def test_a_page_that_changes_does_not_run_its_program_again(project: Project) -> None:
    project.good()
    project.write("index.rst", "Other\n=====\n\n.. gochan-timeline:: prog.py\n   :width: 500\n")
    assert ' width="500"' in project.good().page()
    assert project.runs() == 1


def test_a_program_that_changes_runs_again(project: Project) -> None:
    assert "chan jobs" in project.good().page()
    project.write("prog.py", PROGRAM.replace("jobs", "tasks"))
    assert "chan tasks" in project.good().page()
    assert project.runs() == 2


def test_a_program_runs_again_if_its_module_changes(project: Project) -> None:
    project.write("limits.py", "LIMIT = 3\n")
    program = "from limits import LIMIT\n" + PROGRAM.replace("range(3)", "range(LIMIT)")
    project.write("prog.py", program)
    before = project.good().page()
    project.write("limits.py", "LIMIT = 5\n")
    after = project.good().page()
    assert project.runs() == 2
    assert "30 ms" in before and "50 ms" in after
    project.good()
    assert project.runs() == 2


def test_two_builds_are_the_same(project: Project) -> None:
    one, other = project.good(out="one"), project.good(out="other")
    assert one.page() == other.page()
    [first], [second] = (list((built.out / "_timelines").iterdir()) for built in (one, other))
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    assert project.runs() == 2


def test_pages_are_built_side_by_side(project: Project) -> None:
    for n in range(6):
        project.write(
            f"page{n}.rst", f":orphan:\n\nPage\n====\n\n.. gochan-timeline:: prog.py\n   :width: {400 + n}\n"
        )
    built = project.good("html", "-j", "2")
    for n in range(6):
        assert f' width="{400 + n}"' in built.page(f"page{n}.html")


# --- what is wrong ---------------------------------------------------------------------------------------


def errors(project: Project, directive: str) -> str:
    project.write("index.rst", f"Title\n=====\n\n{directive}\n")
    built = project.build()
    assert built.status == 1
    return built.told


def test_a_file_that_is_missing_is_told(project: Project) -> None:
    told = errors(project, ".. gochan-timeline:: absent.py")
    assert re.search(
        r"index\.rst:4: ERROR: gochan-timeline: absent\.py: no such file; looked for /\S+/absent\.py", told
    )


def test_a_program_that_fails_is_told_with_its_traceback(project: Project) -> None:
    project.write("wrong.py", "from gochan import run\n\nrun(lambda: 1 / 0)\n")
    told = errors(project, ".. gochan-timeline:: wrong.py")
    assert "index.rst:4: ERROR: gochan-timeline: wrong.py: it fails with status 1:" in told
    assert 'File "wrong.py", line 3' in told
    assert "ZeroDivisionError" in told


def test_a_program_without_goroutines_is_told(project: Project) -> None:
    project.write("plain.py", "print(1)\n")
    told = errors(project, ".. gochan-timeline:: plain.py")
    assert "plain.py: nothing was recorded: the program has no goroutines" in told


def test_a_program_that_must_fail_may(project: Project) -> None:
    project.write("stuck.py", "from gochan import Chan, run\n\nch = Chan[int]()\nrun(ch.recv)\n")
    project.write("index.rst", "Title\n=====\n\n.. gochan-timeline:: stuck.py\n   :fails:\n")
    assert "chan receive" in project.good().page()
    told = errors(project, ".. gochan-timeline:: prog.py\n   :fails:")
    assert "prog.py: it must fail, and does not" in told


def test_a_program_that_does_not_end_is_told(project: Project) -> None:
    project.write("conf.py", CONF + "gochan_timeline_timeout = 0.5\n")
    project.write("forever.py", "while True: pass\n")
    assert "forever.py: it did not end within 0.5 s" in errors(project, ".. gochan-timeline:: forever.py")


def test_a_part_in_which_nothing_is_drawn_is_told(project: Project) -> None:
    told = errors(project, ".. gochan-timeline:: prog.py\n   :from: 20ms\n   :to: 10ms")
    assert "gochan-timeline: prog.py: the part to draw ends at 10.0 ms, before it begins at 20.0 ms" in told
    told = errors(project, ".. gochan-timeline:: prog.py\n   :only: nobody")
    assert "prog.py: no goroutine named so did anything" in told


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (extension.duration, "5", "'5' is not a duration; write it with a unit, as 10ms or 1.5s"),
        (extension.duration, None, "'' is not a duration"),
        (extension.duration, "-1ms", "'-1ms' is not a duration"),
        (extension.pixels, "3", "3 pixels; want from 200 to 5000"),
        (extension.pixels, "-3", "negative"),
        (extension.pixels, "wide", "wide"),
        (extension.pixels, "70%", "70%"),
        (extension.yes_or_no, "maybe", '"maybe" unknown; choose from "yes", or "no"'),
        (extension.yes_or_no, None, "must supply an argument"),
        (extension.scale, "log", '"log" unknown; choose from "auto", "time", or "steps"'),
    ],
)
def test_options_are_checked(read: Callable[[str | None], object], text: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read(text)


def test_options_are_read() -> None:
    texts = ("10ms", "1.5s", "3 us", "2µs", "1m", "7ns")
    assert [extension.duration(text) for text in texts] == [
        10_000_000, 1_500_000_000, 3_000, 2_000, 60_000_000_000, 7,
    ]  # fmt: skip
    assert (extension.pixels("480"), extension.pixels("480px")) == (480, 480)
    assert (extension.yes_or_no("yes"), extension.yes_or_no("no")) == (True, False)
    assert extension.scale("steps") == "steps"


def test_an_option_that_is_wrong_is_told_with_its_place(project: Project) -> None:
    told = errors(project, ".. gochan-timeline:: prog.py\n   :from: soon")
    assert "index.rst:4: ERROR: " in told
    assert "'soon' is not a duration; write it with a unit, as 10ms or 1.5s" in told

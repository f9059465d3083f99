"""The command `gochan trace`: its options, exit statuses, messages, and the files it writes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import children
import pytest
import traces

from gochan.__main__ import main as gochan
from gochan.trace import cli, model

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    traces.workers().write(tmp_path / "run.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "GOCHAN_TRACE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def trace(capfd: pytest.CaptureFixture[str]) -> Command:
    """Return a function that calls `gochan trace` and returns its exit status, output and messages."""

    def trace(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(arguments)
        except SystemExit as ended:  # argparse
            assert isinstance(ended.code, int)
            status = ended.code
        out, err = capfd.readouterr()
        return status, out, err

    return trace


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages that were opened in a browser."""
    pages: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda url: pages.append(url) or True)
    return pages


def program(text: str, name: str = "prog.py") -> str:
    Path(name).write_text(dedent(text))
    return name


PROGRAM = """
    import os, sys
    from gochan import Chan, go, run

    def main():
        ch = Chan[int]()
        go(ch.send, 7)
        print(ch.recv(), sys.argv[1:], __name__, sys.stdin.readline().strip())

    run(main)
    sys.exit(3)
"""


# --- summary ---


def test_summary(trace: Command) -> None:
    status, out, err = trace("summary", "run.json")
    assert (status, err) == (0, "")
    assert out.startswith("workers.py: 3 goroutines, 1.00 ms\n\ngoroutine ")


def test_summary_is_as_wide_as_the_terminal(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    _, out, _ = trace("summary", "run.json")
    assert max(map(len, out.split("\n"))) <= 44


def test_summary_asks_the_terminal_for_its_width() -> None:
    parent, child = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 44, 0, 0))
    with open(child, "w") as terminal:
        # Standard output is a file, as of `gochan trace run prog.py >out`.
        text = cli._table(model.load("run.json"), terminal, False)
    os.close(parent)
    assert max(map(len, text.split("\n"))) <= 44


def test_all_goroutines(trace: Command) -> None:
    traces.crowd(30).write(Path("crowd.json"))
    assert "worker 7 " not in trace("summary", "crowd.json")[1]
    assert "worker 7 " in trace("summary", "crowd.json", "--all")[1]


def test_output_that_is_ascii() -> None:
    """Nothing fails where µ can't be written."""
    run = traces.Recording("проба.py")
    run.run(1, 0, 5)
    run.write(Path("a.json"))
    done = subprocess.run(
        [sys.executable, "-m", "gochan", "trace", "summary", "a.json"],
        capture_output=True,
        env=children.environment(PYTHONIOENCODING="ascii"),
        check=True,
    )
    assert done.stdout.startswith(rb"\u043f\u0440\u043e\u0431\u0430.py: 1 goroutine, 5.00 us")


def test_a_reader_that_goes_away() -> None:
    command = [sys.executable, "-m", "gochan", "trace", "summary", "run.json"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, env=children.environment(), check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


# --- svg and view ---


def test_svg(trace: Command) -> None:
    assert trace("svg", "run.json") == (0, "", "")
    assert Path("run.svg").read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 ')
    assert trace("svg", "run.json", "-o", "new/a.svg", "--width=390", "--title", "Hi", "--scale=steps") == (
        0,
        "",
        "",
    )
    text = Path("new/a.svg").read_text()
    assert 'viewBox="0 0 390 ' in text
    assert ">Hi</text>" in text
    assert "time not to scale" in text


def test_svg_of_a_part(trace: Command) -> None:
    assert trace("svg", "run.json", "--from=0.3ms", "--to", "400us", "--only=worker") == (0, "", "")
    text = Path("run.svg").read_text()
    assert ">300 µs</text>" in text
    assert ">worker 2</text>" in text
    assert ">main 1</text>" not in text


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("0", 0),
        ("7ns", 7),
        ("1.5us", 1500),
        ("2µs", 2000),
        (".5ms", 500_000),
        ("3s", 3 * 10**9),
        ("1m", 6 * 10**10),
        ("1h2m3.5s", 37235 * 10**8),
    ],
)
def test_times(text: str, ns: int) -> None:
    assert cli._time(text) == ns


@pytest.mark.parametrize("text", ["", "7", "-1s", "1y", "1e3s", "nan", "infs", "1 s", "٣s", "9" * 400 + "s"])
def test_times_that_are_none(trace: Command, text: str) -> None:
    status, _, err = trace("svg", "run.json", f"--from={text}")
    assert status == 2
    assert repr(text)[:30] in err
    assert not Path("run.svg").exists()


def test_svg_of_one_of_several_programs(trace: Command) -> None:
    run = traces.workers()
    run.process("sync\x1btest", 2, "virtual")
    run.run(9, 0, 50, pid=2)
    run.write(Path("two.json"))
    said = "drew program 1 (workers.py); --program draws another: 2 (sync\\x1btest)\n"
    assert trace("svg", "two.json") == (0, "", said)
    assert trace("svg", "two.json", "--program=2", "--force") == (0, "", "")
    assert ">goroutine 9</text>" in Path("two.svg").read_text()
    status, _, err = trace("svg", "two.json", "--program=3", "--force")
    assert status == 2
    assert err.startswith("gochan trace svg: two.json: no program 3 was recorded; there is 1 (")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--width=7"], "run.json: svg: width is 7; give pixels, from 240 to 10,000"),
        (["--from=2ms"], "run.json: the part to draw ends at 1.00 ms, before it begins at 2.00 ms"),
        (["--only=nobody"], "run.json: no goroutine named so did anything"),
    ],
)
def test_svg_that_cannot_be_drawn(trace: Command, options: list[str], message: str) -> None:
    status, out, err = trace("svg", "run.json", *options)
    assert (status, out) == (2, "")
    assert err.startswith(f"gochan trace svg: {message}")
    assert not Path("run.svg").exists()


def test_view(trace: Command, opened: list[str]) -> None:
    assert trace("view", "run.json") == (0, "", "")
    assert opened == []
    assert Path("run.html").read_text().lstrip().lower().startswith("<!doctype html>")
    assert trace("view", "run.json", "-o", "my page.html", "--open") == (0, "", "")
    assert opened == [f"{Path.cwd().as_uri()}/my%20page.html"]


@pytest.mark.parametrize("command", ["view", "svg"])
def test_files_are_not_overwritten(trace: Command, command: str) -> None:
    out = Path("out")
    out.write_text("mine")
    message = f"gochan trace {command}: out exists; --force overwrites it\n"
    assert trace(command, "run.json", "-o", "out") == (2, "", message)
    assert out.read_text() == "mine"
    assert trace(command, "run.json", "-o", "out", "--force") == (0, "", "")
    assert out.read_text() != "mine"


@pytest.mark.parametrize("command", ["view", "svg"])
def test_outputs_that_cannot_be(trace: Command, command: str) -> None:
    recording = Path("run.json").read_bytes()
    status, _, err = trace(command, "run.json", "-o", "run.json", "--force")
    assert (status, err) == (
        2,
        f"gochan trace {command}: run.json: is the recording itself; name another file with -o\n",
    )
    assert Path("run.json").read_bytes() == recording
    status, _, err = trace(command, "run.json", "-o", ".")
    assert (status, err) == (2, f"gochan trace {command}: .: a folder; give the name of a file\n")
    status, _, err = trace(command, "run.json", "-o", "-")
    assert (status, Path("-").exists()) == (2, False)
    assert err.endswith(": -: nothing is written to standard output; give the name of a file\n")
    status, _, err = trace(command, "run.json", "-o", "run.json/a")
    assert (status, err) == (2, f"gochan trace {command}: can't write run.json/a: run.json: File exists\n")
    status, _, err = trace(command, "run.json", "-o", "x" * 300)
    assert status == 2
    assert "File name too long" in err
    assert sorted(path.name for path in Path().iterdir()) == ["run.json"]


@pytest.mark.parametrize("command", ["view", "svg"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs os.mkfifo")
def test_links_and_pipes_stay(trace: Command, command: str) -> None:
    assert trace(command, "run.json", "-o", "out") == (0, "", "")
    written = Path("out").read_bytes()
    Path("out").write_text("old")
    Path("link").symlink_to("out")
    assert trace(command, "run.json", "-o", "link", "--force") == (0, "", "")
    assert Path("link").is_symlink()
    assert Path("out").read_bytes() == written
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE)
    assert trace(command, "run.json", "-o", "pipe", "--force") == (0, "", "")
    assert reader.communicate(timeout=60)[0] == written


def test_a_name_as_long_as_a_file_may_have(trace: Command) -> None:
    assert trace("svg", "run.json", "-o", "x" * 250) == (0, "", "")
    assert Path("x" * 250).exists()


def test_a_write_that_fails_leaves_nothing(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert trace("svg", "run.json") == (
        2,
        "",
        "gochan trace svg: can't write run.svg: No space left on device\n",
    )
    assert [path.name for path in Path().iterdir()] == ["run.json"]


@pytest.mark.parametrize("command", ["view", "svg", "summary"])
def test_recordings_that_are_none(trace: Command, command: str) -> None:
    assert trace(command, "no.json") == (2, "", f"gochan trace {command}: no.json: no such file\n")
    Path("bad.json").write_text("{}")
    status, out, err = trace(command, "bad.json")
    assert (status, out) == (2, "")
    assert err.startswith(f"gochan trace {command}: bad.json: not a trace: ")


@pytest.mark.parametrize(
    "arguments", [[], ["draw"], ["view"], ["svg"], ["summary"], ["svg", "run.json", "--no"]]
)
def test_usage(trace: Command, arguments: list[str]) -> None:
    status, out, err = trace(*arguments)
    assert (status, out) == (2, "")
    assert "usage: gochan trace" in err


@pytest.mark.parametrize("command", [[], ["run"], ["view"], ["svg"], ["summary"]])
def test_help(trace: Command, command: list[str]) -> None:
    status, out, _ = trace(*command, "--help")
    assert status == 0
    assert out.startswith("usage: gochan trace")


def test_it_is_a_command_of_gochan(capsys: pytest.CaptureFixture[str]) -> None:
    assert gochan(["trace", "summary", "run.json"]) == 0
    assert capsys.readouterr().out.startswith("workers.py: 3 goroutines")


def test_ctrl_c(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "load", interrupt)
    assert trace("summary", "run.json") == (130, "", "")


# --- run ---


@pytest.fixture
def run() -> Callable[..., children.Child]:
    """Return a function that runs `gochan trace run` in a process of its own."""

    def run(*arguments: str, stdin: str = "", **options: Any) -> children.Child:
        done = subprocess.run(
            [sys.executable, "-m", "gochan", "trace", "run", *arguments],
            capture_output=True,
            text=True,
            input=stdin,
            env=children.environment(PYTHONUNBUFFERED=""),
            timeout=60,
            check=False,
            **options,
        )
        return children.Child(done.returncode, done.stdout, done.stderr)

    return run


Run = Callable[..., children.Child]


def test_run(run: Run) -> None:
    child = run(
        "-o", "out/r.json", "--no-open", program(PROGRAM), "a", "--no-open", "-o", "--", stdin="hello\n"
    )
    assert child.status == 3
    assert child.out == "7 ['a', '--no-open', '-o', '--'] __main__ hello\n"
    assert "prog.py: 2 goroutines" in child.err
    assert child.err.endswith(f"recording: {Path('out/r.json')}\npage: {Path('out/r.html')}\n")
    assert len(model.load("out/r.json").programs[0].goroutines) == 2
    assert Path("out/r.html").stat().st_size > 1000


def test_run_into_a_ring(run: Run) -> None:
    name = program("from gochan import run, runtime\nrun(lambda: [runtime.gosched() for _ in range(1000)])")
    child = run("--no-open", "-o", "r", "--ring", "100", name)
    assert child.status == 0, child
    assert model.load("r.json").lost > 1000
    assert "The ring of fixed size dropped the oldest" in child.err


@pytest.mark.parametrize("ring", ["0", "-1", "x", "67108865"])
def test_rings_that_are_none(trace: Command, ring: str) -> None:
    status, _, err = trace("run", f"--ring={ring}", program("raise SystemExit('it ran')"))
    assert status == 2
    assert f"argument --ring: {ring!r} is not a number of events; give 1 to 67,108,864" in err


def test_run_in_this_process(trace: Command, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", *map(str, [children.gochan_root()]), *sys.path])
    name = program("from gochan import go, run, runtime\nrun(lambda: (go(print, 'hi'), runtime.gosched()))")
    status, out, err = trace("run", name)
    assert (status, out) == (0, "hi\n")
    [page] = opened
    assert page.endswith("/run.html")
    assert f"page: {page.removeprefix('file://')}" in err


def test_run_says_where_the_page_is_if_there_is_no_screen(trace: Command) -> None:
    name = program("from gochan import run\nrun(lambda: None)")
    assert trace("run", "-oa", name)[2].endswith(
        "page: a.html\nthere is no display: open the page in a browser yourself\n"
    )


def test_run_says_if_there_is_no_browser(
    trace: Command, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    name = program("from gochan import run\nrun(lambda: None)")
    assert trace("run", "-oa", name)[2].endswith(
        "page: a.html\nno browser was found: open the page yourself\n"
    )


def test_run_a_module(run: Run) -> None:
    program(PROGRAM, "mod.py")
    child = run("--no-open", "-o", "r", "-m", "mod", "x", "-m", stdin="\n")
    assert child.out == "7 ['x', '-m'] __main__ \n", child
    assert child.status == 3
    assert Path("r.json").exists()
    assert run("--no-open", "-o", "r", "--force", "-mmod", stdin="\n").status == 3


def test_run_a_folder_and_after_two_dashes(run: Run) -> None:
    Path("app").mkdir()
    program(PROGRAM, "app/__main__.py")
    assert run("--no-open", "-o", "r", "--", "app", stdin="\n").status == 3


def test_the_program_sees_what_it_would_see_alone(run: Run) -> None:
    name = program(
        """
        import multiprocessing, os, pickle, sys

        class C: pass

        def double(x):
            return 2 * x

        if __name__ == "__main__":
            import gochan
            print(sys.argv, sys.modules["__main__"].__file__, sys.path[0] == os.getcwd())
            print(type(pickle.loads(pickle.dumps(C()))) is C)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.map(double, [4]))
            raise LookupError("lost")
        """
    )
    child = run("--no-open", "-o", "r", name)
    assert child.out == f"['prog.py'] {Path.cwd() / 'prog.py'} True\nTrue\n[8]\n"
    assert child.status == 1
    assert child.err.startswith('Traceback (most recent call last):\n  File "')
    assert child.err.split("LookupError: lost")[0].count("File ") == 1
    assert "it ended with: LookupError: lost" in child.err


def test_the_options_of_python_are_passed_on() -> None:
    name = program("import sys; print(sys.flags.optimize, sys.warnoptions, sys.flags.dev_mode)")
    child = children.finish(
        children.start(sys.executable, "-OO", "-Werror", "-X", "dev", "-m", "gochan", "trace", "run", name)
    )
    assert child.out == "2 ['default', 'error'] True\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("import gochan, os; os._exit(7)", 7),
        ("import gochan, os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("print('no goroutines here')", 0),
    ],
)
def test_nothing_was_recorded(
    run: Run, text: str, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    child = run(program(text))
    assert child.status == status
    assert child.err == (
        "gochan trace run: nothing was recorded: prog.py did not import gochan, or was killed before it "
        "could write the file\n"
    )
    assert list(scratch.iterdir()) == []


def test_an_empty_recording_does_not_stay(run: Run) -> None:
    """Of a program that is killed; it would be in the way of the next run."""
    name = program("import gochan, os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert run("-o", "r", name).status == 137
    assert not Path("r.json").exists()


def test_a_deadlock_is_shown(run: Run) -> None:
    child = run("--no-open", program("from gochan import Chan, run\nrun(Chan[int]().recv)"))
    assert child.status == 1
    assert "all goroutines are asleep - deadlock!" in child.err
    assert "1 goroutine, " in child.err
    assert "it ended with: deadlock" in child.err


def test_a_recording_that_cannot_be_read(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status is the program's all the same."""

    def child(_command: object, recording: Path, _ring: object) -> int:
        recording.write_text('{"traceEvents": [')
        return 5

    monkeypatch.setattr(cli, "_child", child)
    status, _, err = trace("run", "-o", "r.json", program(""))
    assert status == 5
    assert err.startswith("gochan trace run: r.json: the file ends in the middle, after 17 bytes")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no program is given: gochan trace run PROG.py [ARGUMENT...]"),
        (["--"], "no program is given: gochan trace run PROG.py [ARGUMENT...]"),
        (["--no-open"], "no program is given: gochan trace run PROG.py [ARGUMENT...]"),
        (["no.py"], "no.py: no such file"),
        (["."], ".: a folder without a __main__.py; give a Python program"),
    ],
)
def test_programs_that_are_none(trace: Command, arguments: list[str], message: str) -> None:
    assert trace("run", *arguments) == (2, "", f"gochan trace run: {message}\n")


@pytest.mark.parametrize("arguments", [["--nope", "prog.py"], ["-o"], ["-m"], ["--no-ope", "prog.py"]])
def test_options_of_run_that_are_none(trace: Command, arguments: list[str]) -> None:
    program("raise SystemExit('it ran')")
    status, _, err = trace("run", *arguments)
    assert status == 2
    assert err.startswith("usage: gochan trace")


def test_run_overwrites_nothing(trace: Command, opened: list[str]) -> None:
    name = program("from gochan import run\nrun(lambda: print('ran'))")
    Path("r.html").write_text("mine")
    assert trace("run", "-o", "r", name) == (
        2,
        "",
        "gochan trace run: r.html exists; --force overwrites it\n",
    )
    assert Path("r.html").read_text() == "mine"
    assert trace("run", "-o", "r.html", "--force", name)[:2] == (0, "ran\n")
    assert trace("run", "-o", "r.json", name)[0] == 2
    assert trace("run", "--output=r", "--force", name)[0] == 0
    assert len(opened) == 2
    assert json.loads(Path("r.json").read_text())["otherData"]["program"] == "prog.py"


def test_an_old_recording_does_not_pass_for_a_new_one(trace: Command) -> None:
    Path("r.json").write_text(Path("run.json").read_text())
    _, _, err = trace("run", "-o", "r", "--force", program("pass"))
    assert "nothing was recorded" in err
    assert not Path("r.json").exists()


def test_a_recording_that_cannot_be_replaced(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("r.json").write_text("")

    def fail(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", fail)
    message = "gochan trace run: can't write r.json: Permission denied\n"
    assert trace("run", "-o", "r", "--force", program("pass")) == (2, "", message)


def test_a_python_that_cannot_be_started(trace: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    name = program("pass")
    monkeypatch.setattr(sys, "executable", "/no/python")
    message = "gochan trace run: can't start /no/python: No such file or directory\n"
    assert trace("run", "-o", "r", name) == (2, "", message)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


# --- signals ---

WAITING = """
    import signal, sys
    from gochan import run, time

    def handle(number, frame):
        print("got", number, flush=True)
        sys.exit(9)

    def main():
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, handle)
        try:
            print("ready", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.exit(4)

    run(main)
"""


@pytest.mark.parametrize(
    ("number", "said", "status"),
    [
        (signal.SIGTERM, "got 15", 9),
        (signal.SIGHUP, "got 1", 9),
        (signal.SIGINT, "interrupted", 4),
    ],
)
def test_signals_are_passed_on(number: int, said: str, status: int) -> None:
    """Without a terminal, where the program does not get Ctrl-C by itself."""
    process = children.start(
        *(sys.executable, "-m", "gochan", "trace", "run", "--no-open", "-o", "r", program(WAITING)),
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    child = children.finish(process)
    assert (child.status, child.out) == (status, f"{said}\n"), child
    assert "prog.py: 1 goroutine" in child.err
    assert Path("r.html").exists()


def test_ctrl_c_in_a_terminal_reaches_the_program_once() -> None:
    program(
        """
        import signal
        from gochan import run, time

        count = 0

        def handle(number, frame):
            global count
            count += 1
            print("got", count, flush=True)

        def main():
            signal.signal(signal.SIGINT, handle)
            print("ready", flush=True)
            while count < 2:
                time.sleep(0.001)
            print("end", count, flush=True)

        run(main)
        """
    )
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        signal.signal(signal.SIGINT, signal.default_int_handler)
        words = [sys.executable, "-m", "gochan", "trace", "run", "--no-open", "-o", "r", "prog.py"]
        os.execve(sys.executable, words, children.environment())
    with open(terminal, "r+b", buffering=0) as file:
        text = b""

        def read_until(end: bytes) -> None:
            nonlocal text
            while end not in text:
                text += file.read(1)

        read_until(b"ready\r\n")
        file.write(b"\x03")
        read_until(b"got 1\r\n")
        file.write(b"\x03")
        read_until(b"end 2\r\n")
        read_until(b"page: r.html\r\n")
        assert b"got 3" not in text
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_signal_that_comes_before_the_program_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def popen(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        signal.raise_signal(signal.SIGTERM)
        return start(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    assert cli._child([sys.executable, "-c", "import time; time.sleep(60)"], Path("r.json")) == 143


def test_ignored_signals_stay_ignored() -> None:
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        code = (
            "import signal; raise SystemExit(7 if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else 0)"
        )
        assert cli._child([sys.executable, "-c", code], Path("r.json")) == 7
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)

"""The command `gochan trace`: records a program, and shows what was recorded.

    gochan trace run prog.py [ARGUMENT...]    record it, print a summary and open the page
    gochan trace view run.json -o run.html    write the page
    gochan trace svg run.json -o run.svg      write a still picture
    gochan trace summary run.json             print the summary

`run` starts the program in a process of its own, with GOCHAN_TRACE set. So sys.argv, __main__, tracebacks,
exit handlers, multiprocessing, os._exit and death by a signal are what they are without gochan trace, and
gochan is imported when the program does it. The program has the terminal: standard input and output are its
own, Ctrl-C reaches it, and the summary goes to standard error when it has ended.

Exit status: `run` ends with the program's, which is 128 plus the signal's number if a signal ended it. 2: the
command can't do what was asked. Otherwise 0.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import gochan
from gochan.trace import svg, view
from gochan.trace._recorder import LARGEST_RING
from gochan.trace.model import Trace, TraceError, load, parse_duration, printable
from gochan.trace.summary import summary

OK, WRONG = 0, 2
INTERRUPTED = 130  # a shell's status after Ctrl-C


class CommandError(Exception):
    """The command ends with a message."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parse(*_split(given))
    try:
        status: int = options.command(options)
        sys.stdout.flush()
        return status
    except (CommandError, TraceError) as error:
        _say(f"gochan trace {options.name}: {error}")
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of standard output is gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG


def _split(given: list[str]) -> tuple[list[str], list[str]]:
    """Return the command's own arguments, and those of the program that `run` starts, from its name on."""
    if given[:1] != ["run"]:
        return given, []
    i = 1
    while i < len(given) and given[i].startswith("-"):
        if given[i] == "--":
            return given[:i], given[i + 1 :]
        if given[i].startswith("-m"):  # all after the module is its own
            i += 1 if len(given[i]) > 2 else 2
            break
        i += 2 if given[i] in ("-o", "--output", "--ring") else 1
    return given[:i], given[i:]


def _parse(arguments: Sequence[str], program: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="gochan trace",
        description="Record what the goroutines of a program do, and show it.",
        epilog="Any program records itself with GOCHAN_TRACE=run.json in its environment.",
    )
    commands = parser.add_subparsers(dest="name", metavar="COMMAND", required=True)

    run = commands.add_parser(
        "run",
        allow_abbrev=False,
        help="record a program, print a summary and open the page",
        usage="gochan trace run [options] PROG.py | -m MODULE [ARGUMENT...]",
        description="Run a Python program, record its goroutines, print a summary to standard error and "
        "open the page in a browser. The exit status is the program's.",
    )
    run.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="RUN.json",
        help="keep the recording in this file, and the page beside it (default: in a new temporary folder)",
    )
    run.add_argument("--no-open", action="store_true", help="don't open the page")
    run.add_argument(
        "--ring",
        type=_ring,
        metavar="EVENTS",
        help="keep only the last N events, in memory: for a program that runs for a long time",
    )
    run.add_argument("-m", dest="module", metavar="MODULE", help="run a module, as `python -m` does")
    _add_common(run)
    run.set_defaults(command=_run, program=program)

    page = commands.add_parser(
        "view",
        help="write the page of a recording: one HTML file",
        description="Write the page that shows a recording: one file that needs no network.",
    )
    _add_recording(page, ".html")
    page.add_argument("--open", action="store_true", help="open the page in a browser")
    page.set_defaults(command=_view)

    still = commands.add_parser(
        "svg",
        help="write a still picture of a short run",
        description="Write a still picture of a short run, for papers and documentation.",
    )
    _add_recording(still, ".svg")
    still.add_argument(
        "--from", dest="start", type=_time, metavar="TIME", help="begin here: 10ms, 1.5s, 200us"
    )
    still.add_argument("--to", dest="end", type=_time, metavar="TIME", help="end here")
    still.add_argument(
        "--width", type=int, default=svg.WIDTH, metavar="PIXELS", help=f"the picture's width ({svg.WIDTH})"
    )
    still.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="GOROUTINE",
        help="draw these goroutines: numbers or functions, with * and ? as in file names; may be repeated",
    )
    still.add_argument("--program", type=int, metavar="N", help="which of several programs in the recording")
    still.add_argument("--title", default="", metavar="TEXT", help="show a title")
    still.add_argument(
        "--scale",
        choices=svg.SCALES,
        default="auto",
        help="time: a linear axis; steps: room for each step, however short it is; auto: choose (auto)",
    )
    still.set_defaults(command=_svg)

    table = commands.add_parser(
        "summary",
        help="print where each goroutine's time went",
        description="Print where each goroutine's time went, and its longest wait.",
    )
    table.add_argument("recording", type=Path, metavar="RUN.json")
    _add_all(table)
    table.set_defaults(command=_summary)
    return parser.parse_args(arguments)


def _add_recording(parser: argparse.ArgumentParser, suffix: str) -> None:
    parser.add_argument("recording", type=Path, metavar="RUN.json")
    parser.add_argument(
        "-o", "--output", type=Path, metavar=f"OUT{suffix}", help=f"write this file (default: RUN{suffix})"
    )
    parser.add_argument("--force", action="store_true", help="overwrite the file if it exists")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    _add_all(parser)


def _add_all(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--all",
        action="store_true",
        help="a line for each goroutine instead of each function, however many there are",
    )


def _ring(text: str) -> int:
    """Read a number of events."""
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_RING:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of events; give 1 to {LARGEST_RING:,}, 48 bytes each"
        )
    return int(text)


def _time(text: str) -> int:
    """Read a time such as 1.5s; return nanoseconds."""
    try:
        return parse_duration(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; write it with its unit, such as 10ms, 1.5s, 200us"
        ) from None


# --- view, svg, summary ---


def _view(options: argparse.Namespace) -> int:
    target = _target(options, ".html")
    _write_page(options.recording, target, options.force)
    if options.open:
        _open(target)
    return OK


def _svg(options: argparse.Namespace) -> int:
    target = _target(options, ".svg")
    trace = load(options.recording)
    try:
        chosen = svg.choose(trace, options.program)
        picture = svg.draw(
            trace,
            width=options.width,
            start=options.start,
            end=options.end,
            scale=options.scale,
            program=chosen.pid,
            only=options.only,
            title=options.title,
        )
    except (svg.PictureError, ValueError) as error:
        raise CommandError(f"{options.recording}: {error}") from None
    _write(target, picture)
    others = [program for program in trace.programs if program is not chosen]
    if others and options.program is None:
        known = ", ".join(f"{program.pid} ({printable(program.name)})" for program in others)
        _say(f"drew program {chosen.pid} ({printable(chosen.name)}); --program draws another: {known}")
    return OK


def _summary(options: argparse.Namespace) -> int:
    _print(_table(load(options.recording), sys.stdout, options.all), sys.stdout)
    return OK


def _target(options: argparse.Namespace, suffix: str) -> Path:
    """Return the file to write; raise `CommandError` if it may not be overwritten."""
    recording: Path = options.recording
    target: Path = options.output or recording.with_name(f"{recording.stem}{suffix}")
    _check_target(target, options.force)
    with contextlib.suppress(OSError):
        if target.samefile(recording):
            raise CommandError(f"{target}: is the recording itself; name another file with -o")
    return target


def _check_target(target: Path, force: bool) -> None:
    if str(target) == "-":
        raise CommandError("-: nothing is written to standard output; give the name of a file")
    try:
        if target.is_dir():
            raise CommandError(f"{target}: a folder; give the name of a file")
        if not force and os.path.lexists(target):
            raise CommandError(f"{target} exists; --force overwrites it")
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = "" if str(error.filename) == str(target) else f"{error.filename}: "
        raise CommandError(f"can't write {target}: {where}{error.strerror}") from None


def _write_page(recording: Path, target: Path, force: bool) -> None:
    try:
        view.write(recording, target, force=force)
    except OSError as error:
        raise CommandError(f"can't write {target}: {error.strerror or error}") from None


def _write(target: Path, text: str) -> None:
    try:
        view.write_whole(target, text)
    except OSError as error:
        raise CommandError(f"can't write {target}: {error.strerror}") from None


# --- run ---


def _run(options: argparse.Namespace) -> int:
    command = _command(options)
    recording, page = _outputs(options)
    status = _child(command, recording, options.ring)
    if not recording.exists() or not recording.stat().st_size:
        program = options.module or options.program[0]
        _say(
            f"gochan trace run: nothing was recorded: {program} did not import gochan, or was killed before "
            "it could write the file"
        )
        if options.output is None:
            shutil.rmtree(recording.parent, ignore_errors=True)
        else:
            recording.unlink(missing_ok=True)
        return status
    try:
        trace = load(recording)
        _print(f"\n{_table(trace, sys.stderr, options.all)}\n", sys.stderr)
        _write_page(recording, page, force=True)
    except (CommandError, TraceError) as error:
        # The program has run: its status is the result.
        _say(f"gochan trace run: {error}")
        return status
    _say(f"recording: {recording}\npage: {page}")
    if not options.no_open:
        _open(page)
    return status


def _command(options: argparse.Namespace) -> list[str]:
    """Return the command line of the program, with the options that this Python was started with."""
    python = [sys.executable, *subprocess._args_from_interpreter_flags()]  # type: ignore[attr-defined]
    words: list[str] = options.program
    if options.module is not None:
        return [*python, "-m", options.module, *words]
    if not words:
        raise CommandError("no program is given: gochan trace run PROG.py [ARGUMENT...]")
    program = Path(words[0])
    if not os.path.exists(program):  # Path.exists raises if the name is too long
        raise CommandError(f"{program}: no such file")
    if program.is_dir() and not (program / "__main__.py").exists():
        raise CommandError(f"{program}: a folder without a __main__.py; give a Python program")
    return [*python, *words]


def _outputs(options: argparse.Namespace) -> tuple[Path, Path]:
    """Return the files for the recording and the page; raise `CommandError` if one may not be overwritten."""
    output: Path | None = options.output
    if output is None:
        folder = Path(tempfile.mkdtemp(prefix="gochan-trace-"))
        return folder / "run.json", folder / "run.html"
    if output.suffix in (".html", ".json"):
        output = output.with_suffix("")
    recording, page = (output.with_name(f"{output.name}{suffix}") for suffix in (".json", ".html"))
    for target in (recording, page):
        _check_target(target, options.force)
    if recording.exists():  # otherwise one of an earlier run could pass for this one's
        try:
            recording.unlink()
        except OSError as error:
            raise CommandError(f"can't write {recording}: {error.strerror}") from None
    return recording, page


def _child(command: Sequence[str], recording: Path, ring: int | None = None) -> int:
    """Run the program; return its exit status, 128 plus the number of the signal that ended it."""
    target = os.path.abspath(recording) + (f",ring={ring}" if ring else "")
    environment = {**os.environ, "GOCHAN_TRACE": target}
    root = str(Path(gochan.__file__).parents[1])
    if root not in sys.path[1:]:  # not installed: found since this process was started in its folder
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), root]))
    sys.stdout.flush()
    sys.stderr.flush()
    with _signals() as forward:
        try:
            process = subprocess.Popen(command, env=environment)
        except OSError as error:
            raise CommandError(f"can't start {command[0]}: {error.strerror}") from None
        forward(process)
        status = process.wait()
    return 128 - status if status < 0 else status


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Leave signals to the program, with which the function that is yielded must be called.

    The terminal sends Ctrl-C to the program itself. What else asks this process to end is passed on.
    """
    processes: list[subprocess.Popen[bytes]] = []
    early: list[int] = []  # signals that came before the program was there

    def handle(number: int, _frame: object) -> None:
        if number == signal.SIGINT and _in_foreground():
            return
        if not processes:
            early.append(number)
        for process in processes:
            process.send_signal(number)

    def forward(process: subprocess.Popen[bytes]) -> None:
        processes.append(process)
        for number in early:
            process.send_signal(number)

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        # A signal that is ignored, as under nohup, is ignored by the program as well.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, handle)
    try:
        yield forward
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Return whether this process is a terminal's foreground job, so that Ctrl-C reaches the program, too."""
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except (OSError, AttributeError):
        return not hasattr(os, "tcgetpgrp")  # Windows sends Ctrl-C to all processes of a console


def _open(page: Path) -> None:
    """Open a page in a browser, if there is a screen for one."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    ):
        _say("there is no display: open the page in a browser yourself")  # a text browser can't show it
        return
    if not webbrowser.open(page.absolute().as_uri()):
        _say("no browser was found: open the page yourself")


# --- printing ---


def _table(trace: Trace, stream: object, each: bool) -> str:
    # shutil reads COLUMNS, then asks for the width of standard output, whichever stream this is for.
    width = shutil.get_terminal_size((100, 24)).columns
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if "COLUMNS" not in os.environ:
            width = os.get_terminal_size(stream.fileno()).columns or width  # type: ignore[attr-defined]
    return summary(trace, width, each=each)


def _print(text: str, stream: object) -> None:
    """Print a text; characters that the stream can't write are escaped."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("µ", "u").encode(encoding, "backslashreplace").decode(encoding)
    print(text, file=stream)  # type: ignore[call-overload]


def _say(message: str) -> None:
    _print(message, sys.stderr)


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()

"""The command `gochan vet`: checks Python files for mistakes with gochan, without importing them.

Exit status 0: nothing found. 1: there are findings. 2: wrong arguments, or a file could not be read or parsed;
the other files are checked all the same.
"""

from __future__ import annotations

import argparse
import gc
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .driver import Unreadable, check_source
from .noqa import Codes, selected
from .table import CHECKS, FAMILIES

CLEAN, FOUND, WRONG = 0, 1, 2
INTERRUPTED = 130  # as a shell has it after Ctrl-C
# Folders that hold no code of the project's own.
_SKIPPED = {"__pycache__", "node_modules", "site-packages"}
_DEEPEST = 10_000
# After so many files, what they have left is collected.
_COLLECT = 50


class Options(argparse.Namespace):
    """The command line."""

    paths: list[str]
    select: Codes
    ignore: Codes
    explain: str | None
    list: bool
    no_noqa: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments, Options())
    try:
        if options.explain is not None:
            return _explain(parser, options.explain)
        if options.list:
            _print_list()
            return CLEAN
        if not options.paths:
            parser.error("give files or folders to check")
        return _check(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of standard output is gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gochan vet",
        usage="gochan vet [options] FILE|FOLDER...",
        description="Find mistakes in programs that use gochan. The files are parsed, not imported.",
        epilog="Exit status: 0 nothing found, 1 findings, 2 wrong arguments or unreadable files. "
        "A comment `# noqa: GOC101` silences a finding on its line.",
    )
    parser.add_argument("paths", nargs="*", metavar="FILE|FOLDER", help="what to check; - is standard input")
    parser.add_argument(
        "--select", type=_codes, default=(), metavar="CODES", help="only these checks, e.g. GOC1,GOC207"
    )
    parser.add_argument("--ignore", type=_codes, default=(), metavar="CODES", help="not these checks")
    parser.add_argument("--no-noqa", action="store_true", help="also report what # noqa silences")
    parser.add_argument(
        "--explain", metavar="CODE", help="show a check's page: the mistake and how to fix it"
    )
    parser.add_argument("--list", action="store_true", help="list all checks")
    return parser


def _codes(text: str) -> Codes:
    codes = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    if not codes:
        raise argparse.ArgumentTypeError("give codes, such as GOC101 or GOC2, with commas in between")
    for code in codes:
        if not any(known.startswith(code) for known in CHECKS):
            raise argparse.ArgumentTypeError(f"no check has the code {code}; --list shows all")
    return codes


def _explain(parser: argparse.ArgumentParser, code: str) -> int:
    check = CHECKS.get(code.upper())
    if check is None:
        parser.error(f"--explain {code}: there is no such check; --list shows all")
    print(check.page(), end="")
    return CLEAN


def _print_list() -> None:
    for family, title in FAMILIES.items():
        print(title)
        for check in CHECKS.values():
            if check.code.startswith(family):
                print(f"  {check.code}  {check.name}")


def _check(options: Options) -> int:
    status = CLEAN
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))
    # A tree is many objects, and none of them is garbage before its file is done.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for number, (path, error) in enumerate(_files(options.paths), 1):
            if error:
                _complain(path, error)
                status = WRONG
                continue
            if number % _COLLECT == 0:
                gc.collect()
            try:
                findings = check_source(_read(path), noqa=not options.no_noqa)
            except Unreadable as unreadable:
                _complain(path, str(unreadable))
                status = WRONG
                continue
            for line, column, code, message in findings:
                if selected(code, options.select, options.ignore, CHECKS):
                    print(_printable(f"{_name(path)}:{line}:{column + 1}: {code} {message}"))
                    status = max(status, FOUND)
    finally:
        if collecting:
            gc.enable()
        sys.setrecursionlimit(limit)
    sys.stdout.flush()
    return status


def _name(path: str) -> str:
    return "stdin" if path == "-" else path


def _complain(path: str, message: str) -> None:
    print(_printable(f"{_name(path)}: {message}"), file=sys.stderr)


def _printable(text: str) -> str:
    """Return a text that any terminal can print: a file's name may be no valid text."""
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _read(path: str) -> bytes:
    """Return a file's content.  Raises `Unreadable` if it has none."""
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        # Without waiting for the writer of a pipe.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable("not a regular file")
            return file.read()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None


def _files(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each file, and what is wrong with it or nothing; each once."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == "-":
            yield path, ""
            continue
        if os.path.isdir(path):
            yield from _folder(path, seen)
        else:
            try:
                found = os.stat(path)
            except (OSError, ValueError) as error:
                yield path, getattr(error, "strerror", None) or str(error)
                continue
            if _first(found, seen):
                yield path, ""


def _folder(path: str, seen: set[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Yield the Python files of a folder and those below it, sorted by name; links to folders are not followed."""
    errors: list[tuple[str, str]] = []

    def failed(error: OSError) -> None:
        errors.append((error.filename or path, error.strerror or str(error)))

    for folder, folders, names in os.walk(path, onerror=failed):
        yield from errors
        errors.clear()
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for name in sorted(names):
            if not name.endswith((".py", ".pyi")):
                continue
            file = str(Path(folder) / name)
            try:
                found = os.stat(file)
            except OSError as error:
                yield file, error.strerror or str(error)
                continue
            if stat.S_ISREG(found.st_mode) and _first(found, seen):
                yield file, ""
    yield from errors


def _first(found: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    key = (found.st_dev, found.st_ino)
    if key in seen and found.st_ino:
        return False
    seen.add(key)
    return True

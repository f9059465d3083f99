"""What the build makes for the C implementation, and how gochan chooses between the two at import."""

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
DOCSTRINGS = ROOT / "gochan" / "_engine" / "c" / "docstrings.py"
EXT_SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")


# --- docstrings.h ------------------------------------------------------------------------------------------


def macros(header: str) -> dict[str, str]:
    """Return the text of each macro; Python reads the C string literals as the compiler does."""
    found = {}
    for definition in header.replace(" \\\n", " ").splitlines():
        if definition.startswith("#define "):
            _, name, literal = definition.split(None, 2)
            assert literal.isascii()
            parts = re.findall(r'"(?:[^"\\]|\\.)*"', literal)
            found[name] = b"".join(ast.literal_eval("b" + part) for part in parts).decode()
    return found


def header_of(folder: Path, **modules: str) -> dict[str, str]:
    """Return the macros for these modules."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(dedent(source), encoding="utf-8")
    return macros(runpy.run_path(str(DOCSTRINGS))["header"](folder))


def test_a_function(tmp_path: Path) -> None:
    source = '''
        def go(fn: Callable[..., object], /, *args: object, **kwargs: object) -> None:
            """Start a goroutine.

            Go's `go`.
            """

        def gosched() -> None:
            """Yield."""

        def sleep(d: float, what: str = "a, b", *, exactly: bool = False) -> None: ...
    '''
    assert header_of(tmp_path, proc=source) == {
        "DOC_go": "go(fn, /, *args, **kwargs)\n--\n\nStart a goroutine.\n\nGo's `go`.",
        "DOC_gosched": "gosched()\n--\n\nYield.",
        "DOC_sleep": "sleep(d, what='a, b', *, exactly=False)\n--\n\n",
    }


def test_a_class(tmp_path: Path) -> None:
    source = '''
        class Chan(Generic[T]):
            """A channel."""

            def __init__(self, capacity: int = 0, /) -> None:
                self.capacity = capacity

            def __len__(self) -> int:
                """Leave this out."""

            def _private(self) -> None:
                """Leave this out."""

            def send(self, v: T, /) -> None:
                """Send."""

            def close(self) -> None:
                """Close."""

            @property
            def cap(self) -> int:
                """The capacity."""

            @cap.setter
            def cap(self, value: int) -> None: ...

            @staticmethod
            def of(*values: T) -> Chan[T]:
                """Make one."""

            @classmethod
            def any(cls, x: int) -> Chan[T]:
                """Make one."""
    '''
    assert header_of(tmp_path, chan=source) == {
        "DOC_Chan": "Chan(capacity=0, /)\n--\n\nA channel.",
        "DOC_Chan_send": "send($self, v, /)\n--\n\nSend.",
        "DOC_Chan_close": "close($self)\n--\n\nClose.",
        "DOC_Chan_cap": "The capacity.",
        "DOC_Chan_of": "of(*values)\n--\n\nMake one.",
        "DOC_Chan_any": "any($type, x)\n--\n\nMake one.",
    }


def test_a_class_that_cannot_be_constructed_has_no_signature(tmp_path: Path) -> None:
    source = '''
        class G:
            """A goroutine."""

            def __new__(cls) -> G:
                """Refuse."""
                raise TypeError("no")

        class Plain:
            """Anybody can."""
    '''
    assert header_of(tmp_path, state=source) == {
        "DOC_G": "A goroutine.",
        "DOC_Plain": "Plain()\n--\n\nAnybody can.",
    }


def test_methods_of_private_bases_in_any_module(tmp_path: Path) -> None:
    base = '''
        class _Integer(Base):
            def __init__(self, value: int = 0, /) -> None: self.value = value
            def load(self) -> int:
                """Load."""
            def add(self, delta: int) -> int:
                """Add."""
    '''
    derived = '''
        class Int32(_Integer):
            """An int32."""
            def add(self, delta: int) -> int:
                """Add 32 bits."""
    '''
    assert header_of(tmp_path, zbase=base, atomic=derived) == {
        "DOC_Int32": "Int32(value=0, /)\n--\n\nAn int32.",
        "DOC_Int32_load": "load($self)\n--\n\nLoad.",
        "DOC_Int32_add": "add($self, delta)\n--\n\nAdd 32 bits.",
    }


def test_overloads_and_ambiguous_and_private_names_are_left_out(tmp_path: Path) -> None:
    source = '''
        @overload
        def select(case: int) -> int: ...
        @typing.overload
        def select(case: str) -> str: ...
        def select(*cases: object) -> object:
            """Wait."""

        def twice() -> None: ...
        def _private() -> None: ...
    '''
    found = header_of(tmp_path, select=source, other="def twice(): ...")
    assert found == {"DOC_select": "select(*cases)\n--\n\nWait."}


def test_what_a_c_literal_must_escape(tmp_path: Path) -> None:
    text = 'Tab\t, "quotes", a \\\\ and a \\\\n, what??! Größe: 5 µs → 0\n7 after an escape: é7.'
    found = header_of(tmp_path, a=f"class A:\n    '''{text}'''\n")
    assert found["DOC_A"].partition("--\n\n")[2] == text.expandtabs().replace("\\\\", "\\")


def test_the_file_is_written_only_if_it_changes(tmp_path: Path) -> None:
    """Or each build would compile."""
    write = runpy.run_path(str(DOCSTRINGS))["write"]
    target = tmp_path / "new" / "docstrings.h"
    write(target)
    os.utime(target, (0, 0))
    write(target)
    assert target.stat().st_mtime == 0
    target.write_text("old")
    write(target)
    assert "DOC_Chan_send" in macros(target.read_text())


# --- the choice at import ----------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of gochan without its C implementation."""
    ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
    return Path(shutil.copytree(ROOT / "gochan", tmp_path / "gochan", ignore=ignored))


def import_it(package: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Import gochan from the package's folder; print whether that is the C implementation."""
    inherited = {name: value for name, value in os.environ.items() if name != "GOCHAN_PURE"}
    return subprocess.run(
        [sys.executable, "-c", "import gochan.runtime as r; print(r.__file__); print(r.COMPILED)"],
        cwd=package.parent,
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_extension_it_uses_python(package: Path) -> None:
    done = import_it(package)
    assert done.stdout.splitlines() == [str(package / "runtime.py"), "False"], done.stderr


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("_c.py", "raise ImportError('broken by the test')"),
        ("_c.py", "import broken_by_the_test"),
        (f"_c{EXT_SUFFIX}", "broken by the test"),
    ],
    ids=["an error inside", "what it imports is missing", "not a library"],
)
def test_a_broken_extension_is_an_error(package: Path, file: str, content: str) -> None:
    (package / "_engine" / file).write_text(content)
    done = import_it(package)
    assert done.returncode != 0, done.stdout
    assert "ImportError" in done.stderr or "ModuleNotFoundError" in done.stderr
    assert "broken" in done.stderr or file in done.stderr
    # It can be used anyway, on request.
    assert import_it(package, GOCHAN_PURE="1").stdout.splitlines()[1:] == ["False"]


@pytest.mark.parametrize(("value", "pure"), [("1", True), ("0", False), ("", False)])
def test_gochan_pure(value: str, pure: bool) -> None:
    if not list((ROOT / "gochan" / "_engine").glob(f"_c{EXT_SUFFIX}")):
        pytest.skip("the C implementation is not built")
    assert import_it(ROOT / "gochan", GOCHAN_PURE=value).stdout.splitlines()[1:] == [str(not pure)]


# --- the commands of the Makefile --------------------------------------------------------------------------


def test_make_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    help_text = makefile.partition("\n\n")[0]
    phony = " ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE))
    listed = re.findall(r"^# make ([\w-]+)", help_text, re.MULTILINE)
    assert sorted([*listed, "help", "covered", "sanitized", "FORCE"]) == sorted(phony.split())
    # A bare `make` runs the first target.
    assert re.findall(r"^([\w-]+):", makefile, re.MULTILINE)[0] == "help"


@pytest.mark.skipif(sys.platform == "win32", reason="no sh")
def test_the_scripts_of_the_makefile_are_there_and_parse() -> None:
    called = re.findall(r"\.ci/[\w.-]+", (ROOT / "Makefile").read_text())
    assert called
    for path in {*called, *(f".ci/{file.name}" for file in (ROOT / ".ci").iterdir() if file.is_file())}:
        text = (ROOT / path).read_text()
        if path.endswith(".py"):
            ast.parse(text)
        else:
            shell = "bash" if "bash" in text.partition("\n")[0] else "sh"
            subprocess.run([shell, "-n", ROOT / path], check=True)


def test_the_matrix_begins_with_the_oldest_supported_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [listed] = re.findall(r"^PYTHONS = (.*)$", (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    pythons = ast.literal_eval(listed)
    assert project["requires-python"] == f">={pythons[0]}"
    assert [int(python.removeprefix("3.")) for python in pythons] == [11 + i for i in range(len(pythons))]

"""The command `gochan port`: its options, exit statuses, messages, and the files it writes.

The translator is replaced by one that returns what a test says: what it writes is tested elsewhere.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gochan.__main__ import main as gochan
from gochan.port import check, cli, formatter, tree

PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hi")\n}\n'
PORT = 'if __name__ == "__main__":\n    print("hi")\n'
REFUSAL = tree.Place("main.go", 6, 2, "net/http.Get has no counterpart")
Run = Callable[..., tuple[int, str, str]]


class Translator:
    """What the replaced translator returns, and what it was called with."""

    def __init__(self) -> None:
        self.files = {"main.py": PORT}
        self.refusals: list[tree.Place] = []
        self.calls: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def translate(self, _program: tree.Program, **options: Any) -> SimpleNamespace:
        self.calls.append(options)
        if self.error:
            raise self.error
        return SimpleNamespace(files=self.files, refusals=self.refusals)


@pytest.fixture(autouse=True)
def translator(monkeypatch: pytest.MonkeyPatch) -> Translator:
    fake = Translator()
    monkeypatch.setitem(sys.modules, "gochan.port.translate", SimpleNamespace(translate=fake.translate))  # type: ignore[misc]
    return fake


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.go").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `gochan port` and returns its exit status, output and messages."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        printed = capfd.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_file_is_printed(run: Run) -> None:
    assert run("main.go") == (0, PORT, "")


def test_a_file_is_written(run: Run, folder: Path) -> None:
    assert run("main.go", "-o", "port.py") == (0, "", "")
    assert (folder / "port.py").read_text() == PORT


def test_a_file_is_written_to_a_folder(run: Run, folder: Path) -> None:
    (folder / "out").mkdir()
    assert run("main.go", "-o", "out") == (0, "", "")
    assert (folder / "out" / "main.py").read_text() == PORT


def test_a_package_is_written_with_a_line_for_each_file(
    run: Run, folder: Path, translator: Translator
) -> None:
    translator.files = {"main.py": PORT, "cart.py": "x = 1\n"}
    status, _, messages = run(".", "-o", "out/port")
    assert (status, messages.split()) == (
        0,
        [os.path.join("out", "port", name) for name in ("main.py", "cart.py")],
    )
    assert sorted(path.name for path in (folder / "out/port").iterdir()) == ["cart.py", "main.py"]
    assert run(".", "-o", "out/port", "--force", "--quiet") == (0, "", "")


def test_modules_of_the_port_are_imported_last(run: Run, folder: Path, translator: Translator) -> None:
    call = "gochan.run(cart.pay)\n"
    translator.files = {"main.py": f"import cart\nimport gochan\n\n{call}", "cart.py": "x = 1\n"}
    assert run(".", "-o", "out", "--quiet")[0] == 0
    assert (folder / "out/main.py").read_text() == f"import gochan\n\nimport cart\n\n{call}"


def test_several_files_need_a_folder(run: Run, folder: Path, translator: Translator) -> None:
    translator.files = {"main.py": PORT, "cart.py": "x = 1\n"}
    assert run("main.go") == (
        2,
        "",
        "main.go becomes several files (main.py, cart.py): name a folder with -o\n",
    )
    assert run("main.go", "-o", "out.py") == (
        2,
        "",
        "-o out.py: main.go becomes 2 files, and needs a folder\n",
    )
    assert [path.name for path in folder.iterdir()] == ["main.go"]


def test_what_exists_is_overwritten_by_force_alone(run: Run, folder: Path, translator: Translator) -> None:
    (folder / "port.py").write_text("mine")
    assert run("main.go", "-o", "port.py") == (2, "", "port.py exists; --force overwrites it\n")
    assert (folder / "port.py").read_text() == "mine"
    assert run("main.go", "-o", "port.py", "--force") == (0, "", "")
    assert (folder / "port.py").read_text() == PORT
    # If one file of several exists, none is written.
    translator.files = {"cart.py": "x = 1\n", "port.py": PORT}
    status, _, messages = run("main.go", "-o", ".")
    assert (status, messages) == (2, "port.py exists; --force overwrites it\n")
    assert not (folder / "cart.py").exists()


def test_what_can_not_be_written(run: Run, folder: Path) -> None:
    (folder / "file").write_text("")
    status, _, messages = run("main.go", "-o", "file/port.py")
    assert status == 2
    assert messages.startswith("can't write ")
    assert sorted(path.name for path in folder.iterdir()) == ["file", "main.go"]


def test_what_has_no_translation(run: Run, folder: Path, translator: Translator) -> None:
    translator.refusals = [REFUSAL]
    assert run("main.go", "-o", "port.py") == (
        1,
        "",
        "main.go:6:2: net/http.Get has no counterpart\n"
        "main.go: 1 place has no translation; nothing is written (--keep-going writes the rest)\n",
    )
    assert not (folder / "port.py").exists()
    status, printed, messages = run("main.go", "--keep-going")
    assert (status, printed, messages) == (1, PORT, "main.go:6:2: net/http.Get has no counterpart\n")
    assert [call["keep_going"] for call in translator.calls] == [False, True]


def test_a_row_of_the_users_own(run: Run, translator: Translator) -> None:
    run("main.go", "--map", "example.com/geo.Distance=geo.distance", "--map", "fmt.Println=my.show")
    assert translator.calls[0]["maps"] == {
        "example.com/geo.Distance": "geo.distance",
        "fmt.Println": "my.show",
    }
    want = "want PKG.FUNC=MODULE.FUNC, e.g. example.com/geo.Distance=geo.distance"
    assert run("main.go", "--map", "nonsense") == (2, "", f"--map nonsense: {want}\n")


def test_the_port_is_formatted(run: Run, translator: Translator) -> None:
    assert formatter.find(), "ruff is in the extra `port`"
    translator.files = {"main.py": "import sys\nimport os\nprint( os,sys )\n"}
    assert run("main.go")[1] == "import os\nimport sys\n\nprint(os, sys)\n"


def test_without_ruff_the_port_stays_as_it_is(
    run: Run, translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatter, "find", lambda: None)
    translator.files = {"main.py": "print( 1 )\n"}
    status, printed, messages = run("main.go")
    assert (status, printed) == (0, "print( 1 )\n")
    assert messages.startswith("ruff is not installed")
    assert run("main.go", "-q") == (0, "print( 1 )\n", "")


def test_a_fault_of_the_translator_is_one_line(run: Run, translator: Translator, folder: Path) -> None:
    translator.error = KeyError("x")
    status, printed, messages = run("main.go", "-o", "port.py")
    assert (status, printed, messages.count("\n")) == (1, "", 1)
    assert messages.startswith("main.go: gochan port failed, which is a fault of its own: KeyError: 'x' (")
    translator.error = None
    translator.files = {"main.py": "x = = 1\n"}
    status, printed, messages = run("main.go", "-o", "port.py")
    assert (status, printed) == (1, "")
    assert (
        messages
        == "main.py: gochan port failed, which is a fault of its own: line 1 is not Python: x = = 1\n"
    )
    assert not (folder / "port.py").exists()


BAD = [
    ("missing.go", None, 2, "missing.go: no such file or folder"),
    ("main.py", "", 2, "main.py: not a Go file: the name of one ends in .go"),
    ("empty.go", " \n", 2, "empty.go: the file is empty"),
    ("binary.go", "\0\1", 2, "binary.go: not a Go file: it has binary data"),
    ("words.go", "hello", 2, "./words.go:1:1: expected 'package', found hello"),
    ("x.go", "package main\nfunc main() { x = 1 }", 2, "./x.go:2:15: undefined: x"),
    ("i.go", 'package main\nimport "nope"\nfunc main() {}', 2, "./i.go:2:8: package nope is not in std"),
    (
        "c.go",
        'package main\nimport "C"\nfunc main() {}',
        1,
        "c.go:2:8: cgo has no translation; call the C library",
    ),
    ("u.go", 'package main\nimport _ "unsafe"\nfunc main() {}', 1, "u.go:2:10: unsafe has no translation"),
    ("a.go", "package main\nfunc f()\nfunc main() {}", 2, "./a.go:2:1: missing function body"),
    (
        "g.go",
        'package main\nimport "github.com/a/b"\nfunc main() {}',
        1,
        "g.go:2:8: package github.com/a/b is not",
    ),
]


@pytest.mark.skipif(os.name == "nt", reason="the paths in the messages are those of Unix")
@pytest.mark.parametrize("row", BAD, ids=[row[0] for row in BAD])
def test_bad_input(run: Run, folder: Path, row: tuple[str, str | None, int, str]) -> None:
    name, text, status, message = row
    if text is not None:
        (folder / name).write_text(text)
    found, printed, messages = run(name, "-o", "out.py")
    assert (found, printed) == (status, "")
    assert messages.startswith(message)
    assert messages.count("\n") == 1
    assert not (folder / "out.py").exists()


def test_bad_folders(run: Run, folder: Path) -> None:
    (folder / "none").mkdir()
    assert run("none") == (2, "", "no Go files in none\n")
    (folder / "other.go").write_text(PROGRAM)
    status, _, messages = run(".")
    assert status == 2
    assert "main redeclared in this block" in messages
    assert messages.endswith(". has several programs: port them one at a time\n")
    (folder / "other.go").write_text("package main\n\nfunc help() {}\n")
    (folder / "main.go").write_text("package main\n\nfunc main() { help() }\n")
    status, _, messages = run("main.go")
    assert (status, messages.splitlines()[-1]) == (2, "main.go needs other.go: port the folder .")


def test_check_of_programs_that_agree(run: Run) -> None:
    said = "main.go: the Go program and the port print the same, and end with the same exit status\n"
    assert run("main.go", "--check") == (0, "", said)
    assert run("main.go", "--check", "-q") == (0, "", "")


DIFFERENCES = [
    ('print("hello")', "line 1 of the output differs:\n  Go:     'hi\\n'\n  Python: 'hello\\n'"),
    ("pass", "line 1 of the output differs:\n  Go:     'hi\\n'\n  Python: (no such line)"),
    (
        'print("hi"); print("ho")',
        "line 2 of the output differs:\n  Go:     (no such line)\n  Python: 'ho\\n'",
    ),
    ('print("hi"); raise SystemExit(3)', "the exit status differs: Go's is 0, Python's is 3"),
    (
        'import time; print("hi", flush=True); time.sleep(60)',
        "the port did not end within 0.5 s (see --timeout)",
    ),
]


@pytest.mark.parametrize(("statement", "difference"), DIFFERENCES)
def test_check_of_programs_that_differ(
    run: Run, translator: Translator, statement: str, difference: str
) -> None:
    translator.files = {"main.py": f'if __name__ == "__main__":\n    {statement}\n'}
    timeout = "0.5" if "sleep" in statement else "60"
    assert run("main.go", "--check", "--timeout", timeout) == (1, "", f"main.go: {difference}\n")


def test_check_passes_arguments_and_input(run: Run, translator: Translator, folder: Path) -> None:
    (folder / "main.go").write_text(
        'package main\n\nimport ("fmt"; "os")\n\n'
        "func main() {\n\tvar s string\n\tfmt.Scan(&s)\n\tfmt.Println(os.Args, s)\n\tos.Exit(3)\n}\n"
    )
    (folder / "in.txt").write_text("word\n")
    translator.files = {
        "main.py": 'import sys\nif __name__ == "__main__":\n'
        "    print(f\"[{' '.join(sys.argv)}]\", input())\n    sys.exit(3)\n"
    }
    assert run("main.go", "--check", "-q", "--input", "in.txt", "--", "-o", "b") == (0, "", "")
    assert run("main.go", "--check", "--input", "nope") == (
        2,
        "",
        "--input nope: No such file or directory\n",
    )


def test_check_builds_with_golang_org_x_sync(run: Run, translator: Translator, folder: Path) -> None:
    (folder / "main.go").write_text(
        'package main\n\nimport ("fmt"; "golang.org/x/sync/errgroup")\n\n'
        "func main() {\n\tvar g errgroup.Group\n\tfmt.Println(g.Wait())\n}\n"
    )
    translator.files = {"main.py": PORT.replace("hi", "<nil>")}
    assert run("main.go", "--check", "-q") == (0, "", "")
    (folder / "go.mod").write_text("module shop\n\ngo 1.24\n")
    assert run(".", "--check", "-q") == (0, "", "")
    assert sorted(path.name for path in folder.iterdir()) == ["go.mod", "main.go"]


def test_check_needs_a_program(run: Run, folder: Path) -> None:
    (folder / "main.go").write_text("package cart\n")
    assert run("main.go", "--check") == (
        2,
        "",
        "main.go: --check compares programs, and this is package cart\n",
    )


def test_an_output_that_is_not_text_is_compared() -> None:
    go, python = check.Ending(b"\xff\n", b"", 0), check.Ending(b"\xfe\n", b"", 0)
    assert check.compare(go, go) is None
    found = check.compare(go, python)
    assert found is not None and "'\\\\xff\\n'" in found


def test_the_command_of_the_package() -> None:
    assert gochan(["port", "main.go", "-o", "port.py"]) == 0
    assert Path("port.py").read_text() == PORT


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["--help"], 0, "translate a Go program to Python"),
        ([], 2, "usage: gochan"),
        (["prt"], 2, "invalid choice"),
    ],
)
def test_the_command_line(arguments: list[str], status: int, expected: str) -> None:
    command = [sys.executable, "-m", "gochan", *arguments]
    environ = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == status
    assert expected in done.stdout + done.stderr

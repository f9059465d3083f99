"""The command and the flake8 plugin, in real use."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gochan.vet import cli
from gochan.vet.table import CHECKS

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
HEAD = "from gochan import Chan, go, recv, sync\n"
TRAP = HEAD + "go(print('x'))\n"


def vet(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str], str]:
    try:
        status = cli.main([str(a) for a in arguments])
    except SystemExit as end:
        status = int(end.code or 0)
    printed = capsys.readouterr()
    return status, printed.out.splitlines(), printed.err


def test_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.py"
    file.write_text(TRAP)
    status, [line], errors = vet(capsys, file)
    assert status == 1
    assert line.startswith(f"{file}:2:4: GOC201 print('x') is called now")
    assert errors == ""


def test_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text(HEAD + "go(print, 'x')\n")
    (tmp_path / "b.py").write_text("import socket\n")
    (tmp_path / "c.py").write_text("gochan = 1\n")
    assert vet(capsys, tmp_path) == (0, [], "")


def test_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.py", "a/x.py", "a/stub.pyi", ".hidden/x.py", "site-packages/x.py", "a/text.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TRAP)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "again.py").symlink_to(tmp_path / "b.py")
    status, lines, errors = vet(capsys, tmp_path, tmp_path / "b.py")
    assert status == 1
    names = [line.removeprefix(f"{tmp_path}/").partition(":")[0] for line in lines]
    assert names == ["again.py", "a/stub.pyi", "a/x.py"]
    assert errors == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"def f(:\n", "not valid Python: line 1: invalid syntax"),
        (b"a\0b", "null byte"),
        (b"x = '\xe9'\n", "not valid Python"),
        (b"# coding: nonsense\n", "not valid Python: unknown encoding: nonsense"),
        (b"x = " + b"(" * 300 + b")" * 300, "not valid Python: line 1: too many nested parentheses"),
    ],
)
def test_what_can_not_be_parsed(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.py", tmp_path / "good.py"
    bad.write_bytes(content)
    good.write_text(TRAP)
    status, lines, errors = vet(capsys, bad, good)
    assert status == 2
    assert len(lines) == 1
    assert errors.startswith(f"{bad}: ")
    assert message in errors


def test_what_can_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.py").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.py")
    missing = tmp_path / "missing.py"
    status, lines, errors = vet(capsys, missing, tmp_path, tmp_path / "pipe.py", "a\0b")
    assert (status, lines) == (2, [])
    *others, last = errors.splitlines()
    # Python 3.13 says it in other words.
    assert last.startswith("a\0b: ") and "embedded null " in last
    assert others == [
        f"{missing}: No such file or directory",
        f"{tmp_path}/broken.py: No such file or directory",
        f"{tmp_path}/pipe.py: not a regular file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0)
    try:
        assert vet(capsys, tmp_path) == (2, [], f"{folder}: Permission denied\n")
    finally:
        folder.chmod(0o700)


def test_encodings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bom, latin, cr = tmp_path / "1.py", tmp_path / "2.py", tmp_path / "3.py"
    bom.write_bytes(b"\xef\xbb\xbf" + TRAP.encode())
    latin.write_bytes(b"# coding: latin-1\nx = '\xe9'\n" + TRAP.encode())
    cr.write_bytes(TRAP.encode().replace(b"\n", b"\r"))
    status, lines, _ = vet(capsys, bom, latin, cr)
    assert status == 1
    assert [line.removeprefix(f"{tmp_path}/").partition(" ")[0] for line in lines] == [
        "1.py:2:4:",
        "2.py:4:4:",
        "3.py:2:4:",
    ]


def test_select_and_ignore(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.py"
    file.write_text(TRAP + "recv(Chan[int]())\nsync.Mutex().try_lock()\n")

    def codes(*arguments: str) -> list[str]:
        return [line.split()[1] for line in vet(capsys, file, *arguments)[1]]

    assert codes() == ["GOC201", "GOC103", "GOC501"]
    assert codes("--select", "GOC1,goc5") == ["GOC103", "GOC501"]
    assert codes("--ignore", "GOC201") == ["GOC103", "GOC501"]
    assert codes("--select", "GOC2", "--ignore", "GOC201") == []
    assert codes("--select", "GOC201", "--ignore", "GOC2") == ["GOC201"]
    assert vet(capsys, file, "--select", "GOC3") == (0, [], "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give files or folders"),
        (["--select", "E501", "."], "no check has the code E501"),
        (["--ignore", ",", "."], "give codes"),
        (["--explain", "GOC999"], "there is no such check"),
        (["--nonsense", "."], "unrecognized arguments"),
    ],
)
def test_wrong_arguments(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, errors = vet(capsys, *arguments)
    assert (status, lines) == (2, [])
    assert message in errors


def test_explain_and_list(capsys: pytest.CaptureFixture[str]) -> None:
    status, lines, _ = vet(capsys, "--explain", "goc203")
    assert status == 0
    assert lines[0] == "GOC203: a loop variable captured by a goroutine"
    assert "How to fix it" in lines
    status, lines, _ = vet(capsys, "--list")
    assert status == 0
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(CHECKS)


def test_noqa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        HEAD + "go(print('1'))  # noqa\n"
        "go(print('2'))  # noqa: GOC201\n"
        "go(print('3'))  # NOQA:E501,GOC2\n"
        "go(print('4'))  # noqa: GOC101\n"
        "go(  # noqa: GOC201 - the reason\n    print('5')\n)\n"
        "go(\n    print('6')\n)  # noqa: GOC201\n"
        "go(print('# noqa'))\n"
    )
    status, lines, _ = vet(capsys, file)
    assert status == 1
    assert [line.split(":")[1] for line in lines] == ["5", "12"]
    assert len(vet(capsys, "--no-noqa", file)[1]) == 7
    file.write_text("# flake8: noqa: GOC201\n" + TRAP + "recv(Chan[int]())\n")
    assert [line.split()[1] for line in vet(capsys, file)[1]] == ["GOC103"]
    file.write_text(TRAP + "# flake8: noqa\n")
    assert vet(capsys, file)[0] == 0


@pytest.mark.parametrize(
    "body",
    [
        "x = " + " + ".join(["recv(Chan[int]())"] * 2000),
        "x = a" + ".b" * 3000,
        "x = f" + "()" * 3000,
        "x = " + "not " * 1500 + "1",
        "".join(f"x{i} = x{i + 1} or x{i + 1}\n" for i in range(1000)),
        "".join(f"def f{i}(a): return f{i + 1}(a) or f{i + 1}(a)\n" for i in range(300)) + "go(f0(1))",
        "def f(mu: sync.Mutex, a):\n" + "".join(f"    if a[{i}]: mu.lock()\n" for i in range(500)),
        "def f(x):\n    if x: pass\n" + "".join(f"    elif x == {i}: pass\n" for i in range(1000)),
    ],
    ids=["sum", "attributes", "calls", "not", "names", "functions", "locks", "elif"],
)
def test_extreme_code_neither_fails_nor_takes_long(
    body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + body + "\n")
    status, _, errors = vet(capsys, file)
    assert status in (0, 1) or "too deeply nested" in errors
    assert "Traceback" not in errors


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TRAP + "raise SystemExit('imported')\n")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gochan", "vet"]
    done = subprocess.run(
        [*command, "a.py"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("a.py:2:4: GOC201 ")
    done = subprocess.run(
        [*command, "-"], input=TRAP, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[:17]) == (1, "stdin:2:4: GOC201")


def test_flake8(tmp_path: Path) -> None:
    pytest.importorskip("flake8")
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][
        "flake8.extension"
    ]
    assert entry == {"GOC": "gochan.vet.flake8:Plugin"}
    (tmp_path / ".flake8").write_text(f"[flake8:local-plugins]\nextension =\n    GOC = {entry['GOC']}\n")
    (tmp_path / "a.py").write_text(TRAP + "go(print('y'))  # noqa: GOC201\n")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "flake8", "--select", "GOC", "--isolated", "a.py"]
    command[command.index("--isolated") : command.index("a.py")] = ["--config", ".flake8"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.removeprefix("./").startswith("a.py:2:4: GOC201 print('x') is called now")
    # Twice if gochan is installed with this entry point.
    assert (done.returncode, len(set(done.stdout.splitlines()))) == (1, 1)


def test_the_projects_own_programs_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("examples", "docs/programs", "docs/ported", "gochan", "benchmarks", "tests/differential")
    assert vet(capsys, *(ROOT / name for name in names)) == (0, [], "")

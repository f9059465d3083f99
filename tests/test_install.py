"""Installs gochan from its sources, with a C compiler, without one, and with one that fails half-way.

Each test makes an environment of its own and lets pip build in isolation, so that pyproject.toml's build
requirements are tried too.
"""

import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]

ROOT = Path(__file__).parent.parent
# What mypyc's modules share, and the half in C.
OTHERS = ["runtime/core", "runtime/engine__mypyc"]
EXT_SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
COMPILER = shutil.which((os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0])

needs_compiler = pytest.mark.skipif(
    COMPILER is None or not (Path(sysconfig.get_path("include")) / "Python.h").exists(),
    reason="no C compiler, or no Python headers",
)

PROGRAM = """
from gochan import Chan, go, run, runtime

def main():
    ch = Chan[int]()
    go(ch.send, 42)
    return ch.recv()

print(runtime.COMPILED, run(main))
"""


class Project:
    """A copy of the sources, and an environment to install it into."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "sources"
        self.sources.mkdir()
        for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, self.sources)
        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        shutil.copytree(ROOT / "gochan", self.sources / "gochan", ignore=ignored)
        self.environment = folder / "environment"
        # The pip of the environment that runs the tests does the installing: not every Python brings its own.
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.environment], check=True)
        self.python = self.environment / "bin" / "python"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()

    def call(self, *command: object, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command, away from the sources; variables of this very test run don't reach it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GOCHAN_")}
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.elsewhere,
            env={**inherited, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def pip_install(self, *what: object, **environ: str) -> subprocess.CompletedProcess[str]:
        """`pip install`; what was built before is forgotten, so that the compiler's absence is noticed."""
        shutil.rmtree(self.sources / "build", ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "--python", self.python]
        return self.call(*pip, "install", "-v", *what, **environ)

    def run_program(self, **environ: str) -> str:
        """What PROGRAM prints on the installed gochan."""
        done = self.call(self.python, "-c", PROGRAM, **environ)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def installed(self) -> Path:
        """The package's folder in the environment."""
        [package] = self.environment.glob("lib/python*/site-packages/gochan")
        return package

    def compiled(self, package: Path) -> list[str]:
        """The extension modules in a package's folder, without their suffix."""
        found = package.rglob("*" + EXT_SUFFIX)
        return sorted(str(path.relative_to(package)).removesuffix(EXT_SUFFIX) for path in found)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def engine_modules(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The extension modules of a compiled installation."""
    monkeypatch.chdir(ROOT)
    sources = runpy.run_path("setup.py")["engine_sources"]()
    return sorted([*(source.removeprefix("gochan/").removesuffix(".py") for source in sources), *OTHERS])


def sources_of(package: Path) -> list[str]:
    """What a package ships to be read: its modules, and the mark that they are typed."""
    found = [*package.rglob("*.py"), *package.rglob("py.typed")]
    return sorted(str(path.relative_to(package)) for path in found)


def test_without_a_compiler_it_installs_and_runs_interpreted(project: Project) -> None:
    done = project.pip_install(project.sources, CC="/nonexistent")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gochan: it will run interpreted" in done.stdout + done.stderr
    assert project.run_program() == "False 42"
    assert project.compiled(project.installed()) == []
    assert sources_of(project.installed()) == sources_of(ROOT / "gochan")


def test_without_a_compiler_it_does_not_install_where_compiling_is_required(project: Project) -> None:
    done = project.pip_install(project.sources, CC="/nonexistent", GOCHAN_REQUIRE_COMPILED="1")
    assert done.returncode != 0
    assert "/nonexistent" in done.stdout + done.stderr


@needs_compiler
def test_with_a_compiler_it_runs_compiled_and_keeps_its_sources(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = project.pip_install(project.sources, GOCHAN_REQUIRE_COMPILED="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.compiled(project.installed()) == engine_modules(monkeypatch)
    assert sources_of(project.installed()) == sources_of(ROOT / "gochan")
    assert project.run_program() == "True 42"
    assert project.run_program(GOCHAN_PURE="1") == "False 42"


@needs_compiler
def test_pure_asked_for_at_install_compiles_nothing(project: Project) -> None:
    done = project.pip_install(project.sources, GOCHAN_PURE="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.compiled(project.installed()) == []
    assert project.run_program() == "False 42"


@needs_compiler
def test_a_compiler_that_fails_half_way_leaves_nothing_compiled(project: Project, tmp_path: Path) -> None:
    """Some of mypyc's modules without the others would not import."""
    compiler = tmp_path / "cc"
    compiler.write_text(f'#!/bin/sh\ncase "$*" in *waitgroup.c*) exit 1;; esac\nexec {COMPILER} "$@" -O0\n')
    compiler.chmod(0o755)
    done = project.pip_install(project.sources, CC=str(compiler))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gochan: it will run interpreted" in done.stdout + done.stderr
    assert list(project.sources.rglob("*engine.o")) != []
    assert project.compiled(project.installed()) == []
    assert project.run_program() == "False 42"


@needs_compiler
def test_editable_compiles_in_place_and_forgets_an_engine_that_no_longer_compiles(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = project.sources / "gochan"
    done = project.pip_install("-e", project.sources, GOCHAN_REQUIRE_COMPILED="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.compiled(package) == engine_modules(monkeypatch)
    assert project.run_program() == "True 42"

    done = project.pip_install("-e", project.sources, CC="/nonexistent")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.compiled(package) == []
    assert project.run_program() == "False 42"

"""Installs gochan from its sources: with a C compiler, without one, from a wheel, and for an unknown CPython.

Most tests make an environment of their own and let pip build in isolation, so that pyproject.toml's build
requirements are tried too.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]

ROOT = Path(__file__).parent.parent
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

FALLS_BACK = "gochan: using the slower Python implementation, as the C does not build: "


class Project:
    """A copy of the sources, and an environment to install it into."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "sources"
        self.sources.mkdir()
        for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
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
        ours = ("GOCHAN_", "COVERAGE_", "CFLAGS", "LD_PRELOAD", "PYTHONMALLOC")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.elsewhere,
            env={**inherited, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def setup(self, *arguments: object, **environ: str) -> str:
        """Run setup.py; return its output."""
        done = self.call("env", "-C", self.sources, sys.executable, "setup.py", *arguments, **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def pip(self, *command: object, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run pip for the environment; what was built before is forgotten, so that each build compiles."""
        shutil.rmtree(self.sources / "build", ignore_errors=True)
        return self.call(sys.executable, "-m", "pip", "--python", self.python, *command, **environ)

    def install(self, *what: object, **environ: str) -> str:
        """`pip install -v`; return its output."""
        done = self.pip("install", "-v", *what, **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run_program(self, **environ: str) -> str:
        """Return what PROGRAM prints on the installed gochan."""
        done = self.call(self.python, "-c", PROGRAM, **environ)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def installed(self) -> Path:
        """Return the package's folder in the environment."""
        [package] = self.environment.glob("lib/python*/site-packages/gochan")
        return package


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def extensions(package: Path) -> list[str]:
    """Return the extension modules in a package's folder, without their suffix."""
    found = [*package.rglob("*.so"), *package.rglob("*.pyd")]
    return sorted(str(path.relative_to(package)).removesuffix(EXT_SUFFIX) for path in found)


def sources_of(package: Path) -> list[str]:
    """Return what a package has for its users: its modules, and the mark that they are typed."""
    found = [*package.rglob("*.py"), *package.rglob("py.typed")]
    names = {str(path.relative_to(package)) for path in found}
    return sorted(names - {"_engine/c/docstrings.py"})  # belongs to the build


def own_lines(output: str) -> list[str]:
    """Return the lines that setup.py itself has printed."""
    return [line.strip() for line in output.splitlines() if line.strip().startswith("gochan:")]


def test_without_a_compiler_it_says_so_in_one_line_and_uses_python(project: Project) -> None:
    output = project.install(project.sources, CC="/nonexistent")
    [line] = own_lines(output)
    assert line.startswith(FALLS_BACK)
    assert "/nonexistent" in line
    assert len(line) <= 200
    assert project.run_program() == "False 42"
    assert extensions(project.installed()) == []
    assert sources_of(project.installed()) == sources_of(ROOT / "gochan")


@needs_compiler
def test_c_that_does_not_compile_counts_as_no_compiler(project: Project) -> None:
    with open(project.sources / "gochan" / "_engine" / "c" / "engine.c", "a") as file:
        file.write("#error no Python.h, say\n")
    [line] = own_lines(project.install(project.sources))
    assert line.startswith(FALLS_BACK)
    assert project.run_program() == "False 42"


def test_without_a_compiler_it_does_not_install_where_the_c_is_required(project: Project) -> None:
    done = project.pip("install", "-v", project.sources, CC="/nonexistent", GOCHAN_REQUIRE_COMPILED="1")
    assert done.returncode != 0
    assert "/nonexistent" in done.stdout + done.stderr
    assert own_lines(done.stdout + done.stderr) == []


@needs_compiler
def test_with_a_compiler_it_has_both_implementations(project: Project) -> None:
    output = project.install(project.sources, GOCHAN_REQUIRE_COMPILED="1")
    assert own_lines(output) == []
    assert extensions(project.installed()) == ["_engine/_c"]
    assert sources_of(project.installed()) == sources_of(ROOT / "gochan")
    assert project.run_program() == "True 42"
    assert project.run_program(GOCHAN_PURE="1") == "False 42"


@needs_compiler
def test_pure_at_install_builds_nothing(project: Project) -> None:
    output = project.install(project.sources, GOCHAN_PURE="1")
    assert own_lines(output) == []
    assert extensions(project.installed()) == []
    assert project.run_program() == "False 42"


@needs_compiler
def test_editable_builds_in_place_and_removes_what_no_longer_compiles(project: Project) -> None:
    package = project.sources / "gochan"
    project.install("-e", project.sources, GOCHAN_REQUIRE_COMPILED="1")
    assert extensions(package) == ["_engine/_c"]
    assert project.run_program() == "True 42"

    output = project.install("-e", project.sources, CC="/nonexistent")
    assert len(own_lines(output)) == 1
    assert extensions(package) == []
    assert project.run_program() == "False 42"


@needs_compiler
def test_a_wheel_works_without_a_compiler(project: Project) -> None:
    """The way of `make wheel`: the source distribution has all that the build needs."""
    project.setup("-q", "sdist", "--dist-dir", project.elsewhere)
    [sdist] = project.elsewhere.glob("*.tar.gz")
    done = project.pip("wheel", "--no-deps", sdist, GOCHAN_REQUIRE_COMPILED="1")
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = project.elsewhere.glob("*.whl")

    bare = {"PATH": str(project.python.parent), "CC": "/bin/false"}
    project.install("--only-binary", ":all:", wheel, **bare)
    assert project.run_program(**bare) == "True 42"


# The engine's tests that a way through CPython's and greenlet's public interfaces could break.
PUBLIC_API_TESTS = [
    f"tests/runtime/test_{name}.py"
    for name in ("chan", "contextvars", "deadlock", "go", "panic", "scheduler", "select")
]


@needs_compiler
def test_the_public_apis_alone_will_do(project: Project) -> None:
    """As the C is built for versions of CPython and greenlet that it does not know."""
    output = project.install(project.sources, GOCHAN_PUBLIC_API="1", GOCHAN_REQUIRE_COMPILED="1")
    assert "-DGOCHAN_PUBLIC_API" in output
    assert project.run_program() == "True 42"
    shutil.copy(ROOT / "pyproject.toml", project.elsewhere)
    shutil.copytree(ROOT / "tests", project.elsewhere / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    # pytest is that of this run; its editable gochan is a .pth file, which does not count here.
    pytest = {"PYTHONPATH": os.pathsep.join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})}
    done = project.call(project.python, "-m", "pytest", "-q", "-m", "c", *PUBLIC_API_TESTS, **pytest)
    assert done.returncode == 0, done.stdout + done.stderr

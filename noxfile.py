"""The suite on all supported Pythons: `make matrix`, or `nox --session suite-3.12` for one of them.

The Python that runs nox is left out by default, since `make test` runs the suite on it. A Python that is not
installed is skipped.
"""

import os
import sys
import tomllib
from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
# The oldest greenlet that gochan supports. It supports no Python after 3.12.
GREENLETS = {"3.12": "greenlet<3.1"}

here = "{}.{}".format(*sys.version_info)
nox.options.sessions = [f"suite-{python}" for python in PYTHONS if python != here]
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"

# Find pyenv's Pythons, except free-threaded ones, without its shims: those work for activated versions only.
versions = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
folders = [str(folder) for folder in sorted(versions.glob("3.1[1-4].*[0-9]/bin"))]
os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])


@nox.session(python=PYTHONS)
def suite(session: nox.Session) -> None:
    """Run the whole suite."""
    assert isinstance(session.python, str)
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    greenlet = GREENLETS.get(session.python, "greenlet")
    session.install(*project["build-system"]["requires"], greenlet)
    session.install("--no-build-isolation", "--editable", ".", env={"GOCHAN_PURE": "1"})
    session.install(*project["project"]["optional-dependencies"]["test"], greenlet)
    required = {"GOCHAN_REQUIRE_COMPILED": "1"}
    session.run("python", "setup.py", "-q", "build_ext", "--inplace", "--force", env=required)
    session.run("python", "-m", "pytest", "-q", *session.posargs)

"""Formatting of translated programs, with ruff."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

LINE_LENGTH = 100


@cache
def find() -> str | None:
    """Find ruff: beside the interpreter or on the PATH; None if it is not installed."""
    folders = [os.path.dirname(sys.executable), os.environ.get("PATH", "")]
    return shutil.which("ruff", path=os.pathsep.join(folders))


def format_python(text: str, name: str, modules: Sequence[str] = ()) -> str:
    """Return the text formatted, and unchanged if ruff is not installed.

    `modules`: those of the port, whose imports come last.

    Raises `SyntaxError` if it is not Python.
    """
    compile(text, name, "exec", dont_inherit=True)
    ruff = find()
    if ruff is None:
        return text
    settings = ["--isolated", "--no-cache", "--quiet", f"--stdin-filename={os.path.basename(name)}"]
    # ruff would take a module that lies where it is run for one of the port.
    known = [
        f"--config=lint.isort.known-first-party={json.dumps([*modules])}",
        '--config=lint.isort.known-third-party=["gochan"]',
    ]
    sort = [ruff, "check", *settings, *known, "--exit-zero", "--select=I", "--fix", "-"]
    layout = [ruff, "format", *settings, f"--line-length={LINE_LENGTH}", "-"]
    for command in (sort, layout):
        done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
        if done.returncode == 0 and done.stdout:
            text = done.stdout
    return text

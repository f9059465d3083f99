"""Asks Go for the results of the tables and of the programs: python tests/port/lib/regenerate.py [NAME...].

A name is a package of the tables or a program.  For the tables, it writes one Go program a package into a
temporary folder.  The output goes to results/.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from tables import PRELUDE, TABLES, In, Of, Row, Value, literal  # noqa: E402


def call(package: str, row: Row) -> str:
    """Return the Go code of a row."""
    name, args = row
    last = package.rpartition("/")[2]
    if last == "v2":
        last = "rand"
    if isinstance(name, In):
        code = (
            name.name.replace("{0}", "x").replace("{{", "{").replace("}}", "}")
            if "{0}" in name.name
            else f"{name.name}(x)"
        )
        return f"func() any {{ x := {literal(args[0])}; {last}.{code}; return x }}"
    if isinstance(name, Of):
        called = f"{name.function}({', '.join(map(literal, name.args))}).{name.method}"
    else:
        called = f"{name.variable}.{name.method}" if isinstance(name, Value) else name
    return f"func() any {{ return tuple({last}.{called}({', '.join(map(literal, args))})) }}"


def program(package: str) -> str:
    """Return a Go program that prints the results of a package's rows."""
    rows = [f"\trow({call(package, row)})" for row in TABLES[package]()]
    # Functions of moderate size compile faster than one large one.
    parts = [rows[i : i + 500] for i in range(0, len(rows), 500)]
    imports = sorted({package, "fmt", "math", "reflect", "strings", "unicode"})
    lines = [
        "package main",
        "import (",
        *(f'\t"{path}"' for path in imports),
        ")",
        PRELUDE,
        "var _ = unicode.IsSpace",
    ]
    lines += ["var _ = math.Abs"]
    for i, part in enumerate(parts):
        lines += [f"func part{i}() {{", *part, "}"]
    return "\n".join([*lines, "func main() {", *(f"\tpart{i}()" for i in range(len(parts))), "}"])


def run(source: Path) -> subprocess.CompletedProcess[bytes]:
    """Build and run a Go program."""
    with tempfile.TemporaryDirectory() as folder:
        binary = Path(folder) / "program"
        subprocess.run(["go", "build", "-o", str(binary), str(source)], check=True)
        return subprocess.run([str(binary)], capture_output=True, check=False)


def main() -> None:
    programs = {path.stem: path for path in (HERE / "programs").glob("*.go")}
    for name in sys.argv[1:] or [*TABLES, *programs]:
        if name in programs:
            out = run(programs[name])
            file = HERE / "results" / f"program_{name}.txt"
            file.write_bytes(out.stdout + b"exit status %d\n" % out.returncode)
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "main.go"
            source.write_text(program(name))
            out = run(source)
        if out.returncode:
            sys.exit(out.stderr.decode())
        (HERE / "results" / f"{name.replace('/', '_')}.txt").write_bytes(out.stdout)


if __name__ == "__main__":
    main()

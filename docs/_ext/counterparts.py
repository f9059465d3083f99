"""Links each name of the reference to what it answers to in Go.

A docstring that mentions its counterpart, as "Go's sync.WaitGroup" or "Go's WaitGroup.Add", gets the link
there. Any other gets a line at its end. Which name answers to which is known from the tables of "Porting
Go"; for the language itself it is LANGUAGE, with the places in Go's specification.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from porting_tables import PACKAGES, answer, definition, rows

SPECIFICATION = "https://go.dev/ref/spec#"
GO_DOC = "https://pkg.go.dev/"

# Names of gochan's face: what the language calls it, and where its specification has it.
LANGUAGE = {
    "Case": ("case", "Select_statements"),
    "Chan": ("chan", "Channel_types"),
    "Chan.cap": ("cap", "Length_and_capacity"),
    "Chan.close": ("close", "Close"),
    "Chan.recv": ("<-ch", "Receive_operator"),
    "Chan.recv_ok": ("<-ch", "Receive_operator"),
    "Chan.send": ("ch <- v", "Send_statements"),
    "Panic": ("panic", "Run_time_panics"),
    "RecvChan": ("<-chan T", "Channel_types"),
    "SendChan": ("chan<- T", "Channel_types"),
    "cap": ("cap", "Length_and_capacity"),
    "close": ("close", "Close"),
    "defer": ("defer", "Defer_statements"),
    "defers": ("defer", "Defer_statements"),
    "go": ("go", "Go_statements"),
    "panic": ("panic", "Handling_panics"),
    "recover": ("recover", "Handling_panics"),
    "recv": ("<-ch", "Receive_operator"),
    "run": ("main", "Program_execution"),
    "select": ("select", "Select_statements"),
    "send": ("ch <- v", "Send_statements"),
}


@cache
def counterparts() -> dict[str, tuple[str, str]]:
    """Map each public name to what Go calls it, and to the page that describes that."""
    found = {f"gochan.{ours}": (go, SPECIFICATION + place) for ours, (go, place) in LANGUAGE.items()}
    found["gochan.timeout"] = ("time.After", f"{GO_DOC}time#After")
    for package, module_name in PACKAGES.items():
        module = import_module(module_name)
        last = package.rpartition("/")[2]
        for row in rows(package):
            if len(row.go_names) == 1 and row.gochan:
                name = row.go_names[0]
                entry = (f"{last}.{name}", f"{GO_DOC}{package}#{name}")
                ours = f"{module_name}.{row.gochan}"
                # Of several that one name answers to, the one that has its name by the naming rule.
                if ours in found and answer(name, {row.gochan}) is None:
                    continue
                found[ours] = entry
                # Where it is defined: autodoc calls inherited members by that name.
                node = definition(module, row.gochan)
                if node is not None and "." not in row.gochan:
                    found[f"{getattr(module, row.gochan).__module__}.{row.gochan}"] = entry
    return found


def put_link(name: str, lines: list[str]) -> None:
    """Put the link of a name into the lines of its docstring."""
    entry = counterparts().get(name)
    if entry is None:
        return
    go, url = entry
    bare = go.partition(".")[2]
    spellings = (go, bare, bare.rpartition(".")[2]) if "." in go else (go,)
    for i, line in enumerate(lines):
        if line.lstrip().startswith((">>>", "...")):
            continue
        for spelling in filter(None, spellings):
            mention = rf"Go's (?:`{re.escape(spelling)}`|{re.escape(spelling)}(?:\[T\])?(?!\w|\.\w|\())"
            if re.search(mention, line):
                lines[i] = re.sub(mention, lambda _, s=spelling: f"Go's `{s} <{url}>`__", line, count=1)
                return
    lines.extend(["", f"In Go: `{go} <{url}>`__.", ""])

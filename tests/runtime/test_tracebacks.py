"""The traceback of a program that ends with an exception shows the user's code, and none of gochan's."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from os.path import dirname, sep
from subprocess import Popen

import pytest

import gochan
from gochan.runtime import COMPILED

GOCHAN = dirname(gochan.__file__) + sep
FRAME = re.compile(r'  File "(.*)", line \d+, in (.*)$')

Python = Callable[[str], Popen[str]]

# What main does, and the functions in the traceback of what `run(main)` raises, the innermost last.
CASES = {
    "main raises": ("{}['key']", ["<module>", "main"]),
    "a function that main calls raises": ("fail()", ["<module>", "main", "fail"]),
    "main panics": ("panic('no')", ["<module>", "main"]),
    "main sends on a closed channel": ("ch.close(); ch.send(1)", ["<module>", "main"]),
    "main sends on a closed channel by <<": ("ch.close(); ch << 1", ["<module>", "main"]),
    "main waits as its channel is closed": ("go(ch.close); ch.send(1)", ["<module>", "main"]),
    "a select sends on a closed channel": ("ch.close(); select(send(ch, 1))", ["<module>", "main"]),
    "a select is not given a case": ("select(5)", ["<module>", "main"]),
    "a value of the wrong type": ("Chan[int](1).send('x')", ["<module>", "main"]),
    "a lock is unlocked twice": ("sync.Mutex().unlock()", ["<module>", "main"]),
    "a negative counter": ("sync.WaitGroup().done()", ["<module>", "main"]),
    "a timer of no duration": ("time.sleep('1s')", ["<module>", "main"]),
    "go of what is not callable": ("go(5)", ["<module>", "main"]),
    "a goroutine raises": ("go(fail); ch.recv()", ["<module>", "fail"]),
    "a goroutine panics": ("go(panic, 'no'); ch.recv()", ["<module>"]),
    "a goroutine's arguments don't fit": ("go(fail, 1); ch.recv()", ["<module>"]),
    "a goroutine of a WaitGroup raises": (
        "wg = sync.WaitGroup(); wg.go(fail); wg.wait()",
        ["<module>", "fail"],
    ),
    "a goroutine of a WaitGroup does so late": (
        "wg = sync.WaitGroup(); wg.go(late); wg.wait()",
        ["<module>", "late"],
    ),
    "a function of a Group raises": (
        "g = errgroup.Group(); g.go(fail); g.wait()",
        ["<module>", "main", "fail"],
    ),
    "a function of a Group in a with statement raises": (
        "with_group()",
        ["<module>", "main", "with_group", "fail"],
    ),
    "a deferred call of main raises": ("defer(fail)", ["<module>", "fail"]),
    "a deferred call of a goroutine raises": ("go(defer_fail); ch.recv()", ["<module>", "fail"]),
    "a deferred call under @defers raises": ("deferring()", ["<module>", "main", "fail"]),
    "a panic in a function under @defers": ("deferring_panic()", ["<module>", "main", "deferring_panic"]),
    "a timer's function raises": ("time.after_func(0.001, fail); ch.recv()", ["<module>", "fail"]),
    "a deadlock": ("ch.recv()", ["<module>", "main"]),
    "a deadlock in a select": ("select(recv(ch), recv(ch))", ["<module>", "main"]),
    "a deadlock in a lock": ("mu = sync.Mutex(); mu.lock(); mu.lock()", ["<module>", "main"]),
    "a deadlock in a WaitGroup": ("wg = sync.WaitGroup(); wg.add(1); wg.wait()", ["<module>", "main"]),
    "a program in a program": ("run(main)", ["<module>", "main"]),
    "a generator function": ("go(numbers); ch.recv()", ["<module>"]),
    "a call in a thread raises": ("thread.call(fail)", ["<module>", "main", "fail"]),
    "a bubble's goroutine raises": (
        "synctest.test(lambda: [go(fail), synctest.wait()])",
        ["<module>", "fail"],
    ),
}

PROGRAM = """
    from gochan import *
    from gochan import errgroup, sync, synctest, thread, time

    ch = Chan()

    def fail():
        raise KeyError("key")

    def late():
        time.sleep(0.001)
        raise KeyError("key")

    def with_group():
        with errgroup.Group() as g:
            g.go(fail)

    def numbers():
        yield 1

    def defer_fail():
        defer(fail)

    @defers
    def deferring():
        defer(fail)

    @defers
    def deferring_panic():
        defer(print)
        panic("no")

    def main():
        STATEMENT

    run(main)
"""


def frames(text: str) -> list[tuple[str, str]]:
    """Return the file and the function of each frame of the last traceback in text."""
    lines = text.rpartition("Traceback (most recent call last):\n")[2].splitlines()
    traceback = takewhile(lambda line: line.startswith("  "), lines)
    return [match.groups() for line in traceback if (match := FRAME.match(line))]  # type: ignore[misc]


@pytest.mark.parametrize("case", CASES)
def test_no_frame_of_gochan(python: Python, case: str) -> None:
    """But for `run` itself, if that is written in Python: any Python function that raises is shown."""
    statement, names = CASES[case]
    _, err = python(PROGRAM.replace("STATEMENT", statement)).communicate(timeout=60)
    found = frames(err)
    assert [name for file, name in found if not file.startswith(GOCHAN)] == names, err
    ours = [name for file, name in found if file.startswith(GOCHAN)]
    assert ours == ([] if COMPILED else ["run"]), err

"""Breaks gochan on purpose, in many ways, and sees that the model catches each: a test of the tests.

    python tests/model/mutations.py                 all of them
    python tests/model/mutations.py deaf-close      those that are named

Each mutation is applied to a copy of the package, whose interpreted engine then runs random programs until
one goes wrong.  The exit status is 1 if one was not caught.  A mutation whose text is no longer what the
source has stops the script: it is to be brought up to date.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "gochan"

# How many operations a broken engine may do before it must have been caught, and one that is whole must pass.
BROKEN = 200_000
WHOLE = 50_000
# An engine that does none in so many seconds hangs.
PATIENCE = 60


@dataclass(frozen=True)
class Mutation:
    """Text of one file, and what it becomes; the text must be there exactly once."""

    name: str
    file: str
    old: str
    new: str

    def mutate(self, source: str) -> str:
        found = source.count(self.old)
        if found != 1:
            raise LookupError(f"{self.name}: its text is {found} times in {self.file}; bring it up to date")
        return source.replace(self.old, self.new)

    def apply(self, package: Path) -> None:
        path = package / self.file
        path.write_text(self.mutate(path.read_text()))


MUTATIONS = [
    # --- channels
    Mutation(
        "lost-wake-up",  # a sender hands its value over and does not wake the receiver
        "runtime/chan.py",
        """\
            w.success = True
            wake(w)
            return
        if self._count < self._capacity:
            self._push(v)
            return
        gp = blocker()
""",
        """\
            w.success = True
            return
        if self._count < self._capacity:
            self._push(v)
            return
        gp = blocker()
""",
    ),
    Mutation(
        "two-wake-ups",  # a sender whose value is taken is made ready twice
        "runtime/chan.py",
        "    w.success = True\n    wake(w)\n    return v\n",
        "    w.success = True\n    wake(w)\n    wake(w)\n    return v\n",
    ),
    Mutation(
        "forgotten-closed-flag",
        "runtime/chan.py",
        "        self._closed = True\n",
        "",
    ),
    Mutation(
        "deaf-close",  # close wakes the receivers, and leaves the senders waiting
        "runtime/chan.py",
        "            w = self._sendq.dequeue()\n            if w is None:\n                break\n",
        "            w = None\n            if w is None:\n                break\n",
    ),
    Mutation(
        "close-wakes-one",
        "runtime/chan.py",
        "        while waiters:\n            wake(waiters.pop())\n",
        "        if waiters:\n            wake(waiters.pop())\n",
    ),
    Mutation(
        "close-drops-the-buffer",
        "runtime/chan.py",
        "        self._closed = True\n",
        "        self._closed = True\n        self._count = 0\n",
    ),
    Mutation(
        "silent-close",  # a sender that waits does not learn that the channel was closed
        "runtime/chan.py",
        "        gp.elem = None\n        if not gp.success:\n            raise Panic(_SEND_ON_CLOSED)\n",
        "        gp.elem = None\n",
    ),
    Mutation(
        "last-in-first-out",  # whoever waits last goes first
        "runtime/runtime2.py",
        "        last = self.last\n        w.queue = self\n",
        "        self.push(w)\n        return\n        last = self.last\n        w.queue = self\n",
    ),
    Mutation(
        "one-too-many",  # the buffer takes a value more than its capacity
        "runtime/chan.py",
        "            return\n        if self._count < self._capacity:\n",
        "            return\n        if self._count <= self._capacity:\n",
    ),
    Mutation(
        "left-outside",  # room in the buffer, and the sender that waits for it is not let in
        "runtime/chan.py",
        "        if self._sendq.first is not None and self._count < self._capacity:\n",
        "        if self._count > self._capacity:\n",
    ),
    Mutation(
        "value-past-the-buffer",  # the waiting sender's value overtakes what is buffered
        "runtime/chan.py",
        """\
        if self._count:
            return self._pop(), True
        w = self._sendq.dequeue()
        if w is not None:
            return take(w), True
""",
        """\
        w = self._sendq.dequeue()
        if w is not None:
            return take(w), True
        if self._count:
            return self._pop(), True
""",
    ),
    Mutation(
        "open-for-ever",  # the zero value of a closed channel comes with ok=True
        "runtime/chan.py",
        "            return self._zero, False\n",
        "            return self._zero, True\n",
    ),
    # --- select
    Mutation(
        "losers-stay",  # the cases that lost stay in their queues
        "runtime/select.py",
        "        if c.queue is not None:\n            c.queue.remove(c)\n",
        "",
    ),
    Mutation(
        "won-twice",  # a select that is won is taken for one that waits
        "runtime/runtime2.py",
        "                if gp.selected is not None:\n                    continue\n",
        "",
    ),
    Mutation(
        "won-select-is-ready",  # as is a case of it, when another select looks for a partner
        "runtime/runtime2.py",
        "            if gp is None or gp.selected is None:\n",
        "            if w is not None:\n",
    ),
    Mutation(
        "shared-case",  # a case that waits in one select is put into another, and not a copy of it
        "runtime/select.py",
        "    if c.gp is not None:\n        c = Case(c.kind, c.chan, c.value)\n",
        "",
    ),
    Mutation(
        "hasty-default",  # default runs though a case is ready
        "runtime/select.py",
        "    if found:\n        return chosen\n",
        "    if found and fallback < 0:\n        return chosen\n",
    ),
    Mutation(
        "any-case",  # a case is chosen though it is not ready
        "runtime/select.py",
        "ch._can_recv() if c.kind == _RECV",
        "ch._can_recv() or ch.cap > 2 if c.kind == _RECV",
    ),
    Mutation(
        "longest-timeout",
        "runtime/select.py",
        "c.value < shortest.value",
        "c.value > shortest.value",
    ),
    Mutation(
        "early-timeout",
        "runtime/select.py",
        "deadline(timers.now(), w.value)",
        "deadline(timers.now(), w.value / 2)",
    ),
    Mutation(
        "timer-stays",  # the timeout of a select that is over goes off in a later one
        "runtime/select.py",
        "        timer.timers.remove(timer)\n",
        "        pass\n",
    ),
    Mutation(
        "timeout-after-the-fact",  # a timeout wins though another case has
        "runtime/select.py",
        "    if gp is not None and gp.selected is None:\n        gp.selected = waiter\n",
        "    if gp is not None:\n        gp.selected = waiter\n",
    ),
    # --- the scheduler
    Mutation(
        "forgotten-goroutine",  # who was to run next is lost when another is made ready
        "runtime/proc.py",
        "    if kicked is not None:\n        put(kicked)\n",
        "",
    ),
    Mutation(
        "hasty-deadlock",  # a deadlock is reported though a timer is left
        "runtime/proc.py",
        "        if not timers.heap and s.wakers == 0",
        "        if len(timers.heap) < 2 and s.wakers == 0",
    ),
    # --- locks
    Mutation(
        "mutex-wakes-nobody",
        "sync/mutex.py",
        "        self._locked = False\n        if self._waiters:\n",
        "        self._locked = False\n        if self._waiters > 1:\n",
    ),
    Mutation(
        "mutex-wakes-two",  # a second is woken while the first has not run
        "sync/mutex.py",
        "        elif not self._woken:\n",
        "        else:\n",
    ),
    Mutation(
        "two-owners",  # who is woken takes the lock without a look
        "sync/mutex.py",
        "            woken = True\n        self._locked = True\n",
        "            woken = True\n            break\n        self._locked = True\n",
    ),
    Mutation(
        "starving-for-ever",  # a waiter that loses again and again never gets the mutex handed over
        "sync/mutex.py",
        "                if starving and self._locked:\n",
        "                if starving and not self._locked:\n",
    ),
    Mutation(
        "no-hand-over",  # a starving mutex is free for whoever comes first
        "sync/mutex.py",
        "self._sema.release(handoff=True)",
        "self._sema.release()",
    ),
    Mutation(
        "handed-over-twice",  # what is handed over is also left for the next who comes
        "runtime/sema.py",
        "            self._value -= 1\n            w.success = True\n        ready(w)\n",
        "            w.success = True\n        ready(w)\n",
    ),
    Mutation(
        "loser-at-the-back",  # who was woken and lost waits behind all others
        "sync/mutex.py",
        '"sync.Mutex.Lock", again)',
        '"sync.Mutex.Lock", False)',
    ),
    Mutation(
        "readers-first",  # readers come in while a writer waits
        "sync/rwmutex.py",
        "        if not self._writer:\n            self._readers += 1\n",
        "        if not self._writer or self._departing:\n            self._readers += 1\n",
    ),
    Mutation(
        "one-reader",  # of the readers that wait, the writer that leaves lets one in
        "sync/rwmutex.py",
        "        while waiting:\n            waiting -= 1\n",
        "        if waiting:\n            waiting -= 1\n",
    ),
    Mutation(
        "writer-left-waiting",  # the last reader leaves, and the writer does not learn of it
        "sync/rwmutex.py",
        "            if self._departing == 0:\n                self._writing.release()\n",
        "",
    ),
    Mutation(
        "writer-beside-readers",  # a writer does not wait for the last reader
        "sync/rwmutex.py",
        "        if self._departing:\n            try:\n",
        "        if self._departing > 1:\n            try:\n",
    ),
    Mutation(
        "one-waiter",  # of those who wait for the group, one is woken
        "sync/waitgroup.py",
        "            while self._waiters:\n                self._waiters -= 1\n",
        "            if self._waiters:\n                self._waiters = 0\n",
    ),
    Mutation(
        "early-group",  # the waiters are woken when one is still counted
        "sync/waitgroup.py",
        "        if count == 0:\n            if bubble",
        "        if count <= 1:\n            if bubble",
    ),
    Mutation(
        "negative-counter",
        "sync/waitgroup.py",
        "        if count < 0:\n",
        "        if count < -1:\n",
    ),
]

# Run in a process of its own, with the broken copy first on the path.
PROGRAM = """
import os, sys, threading, time
sys.path[:0] = [sys.argv[2]]
import gochan, machine
assert gochan.__file__.startswith(sys.argv[1]), gochan.__file__
from gochan.runtime import COMPILED
assert not COMPILED
def watch():
    while True:
        before = machine.Program.compared
        time.sleep(int(sys.argv[4]))
        if machine.Program.compared == before:
            print("caught:", before, "hang", flush=True)
            os._exit(1)
threading.Thread(target=watch, daemon=True).start()
sys.excepthook = lambda kind, e, tb: print("caught:", machine.Program.compared, kind.__name__, e)
machine.exercise(0, int(sys.argv[3]), shrink=False)
print("passed:", machine.Program.compared)
"""


def attempt(mutation: Mutation | None) -> tuple[bool, str]:
    """Run random programs on a copy of gochan with this mutation; tell whether it was caught, and how."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "gochan"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
        if mutation is not None:
            mutation.apply(package)
        environ = {**os.environ, "PYTHONPATH": folder, "GOCHAN_PURE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        arguments = [folder, HERE, WHOLE if mutation is None else BROKEN, PATIENCE]
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, *map(str, arguments)]
        done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)
    if found := re.search(r"^caught: (\d+) (\w+)", done.stdout, re.MULTILINE):
        return True, f"{found[2]} after {int(found[1]):,} operations"
    if found := re.search(r"^passed: (\d+)", done.stdout, re.MULTILINE):
        return False, f"nothing noticed in {int(found[1]):,} operations"
    # That is no catch: a mutation is to be a bug, and not a package that cannot be imported.
    return False, f"the process ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-200:]!r}"


def judge(mutation: Mutation | None) -> bool:
    """Attempt it and print how it went; tell whether that is as it should be."""
    begin = time.monotonic()
    caught, how = attempt(mutation)
    spent = time.monotonic() - begin
    name = "as it is" if mutation is None else mutation.name
    print(f"{name:24} {'caught' if caught else 'not caught'}: {how} ({spent:.1f} s)", flush=True)
    return caught == (mutation is not None)


def main(names: list[str]) -> int:
    known = {m.name: m for m in MUTATIONS}
    if unknown := set(names) - known.keys():
        print(f"no such mutation: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    if not judge(None):
        print("without a mutation, too: see what the model's test says")
        return 1
    chosen = [known[name] for name in names] or MUTATIONS
    caught = sum(map(judge, chosen))
    print(f"{caught} of {len(chosen)} caught")
    return 0 if caught == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

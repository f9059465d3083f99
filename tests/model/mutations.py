"""Breaks the engine on purpose, in many ways, and checks that the model catches each: a test of the tests.

    python tests/model/mutations.py                 all of them, in both implementations
    python tests/model/mutations.py deaf-close      only those named

Each mutation is the same bug twice, in the Python and in the C. It is applied to a copy of the package, whose
engine then runs random programs in a child process until one goes wrong. The exit status is 1 if a mutation
was not caught. A mutation whose text is no longer in the source, exactly once, must be brought up to date.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "gochan"

# How many operations a broken engine may do before it must have been caught, and an unbroken one must pass.
BROKEN = 200_000
WHOLE = 50_000


@dataclass(frozen=True)
class Mutation:
    """A bug: for each implementation a file in its folder, a text in that file, and its replacement."""

    name: str
    py: tuple[str, str, str]
    c: tuple[str, str, str]

    def apply(self, implementation: str, package: Path = PACKAGE) -> tuple[Path, str]:
        """Return the path of the file to be changed, and its new content."""
        file, old, new = self.c if implementation == "c" else self.py
        path = package / "_engine" / implementation / file
        source = path.read_text(encoding="utf-8")
        found = source.count(old)
        if found != 1:
            raise LookupError(f"{self.name}: its text is {found} times in {implementation}/{file}, want once")
        return path, source.replace(old, new)


MUTATIONS = [
    # --- channels
    Mutation(
        "lost-wake-up",  # a sender hands its value over and does not wake the receiver
        py=("chan.py", "    wake(w)\n                return True\n", "    return True\n"),
        c=(
            "chan.c",
            "        give_to(w, Py_NewRef(v));\n        return 1;\n",
            "        w->elem = Py_NewRef(v);\n        w->success = 1;\n        return 1;\n",
        ),
    ),
    Mutation(
        "two-wake-ups",  # a sender whose value is taken is made ready twice
        py=("chan.py", "    wake(w)\n    return v\n", "    wake(w)\n    wake(w)\n    return v\n"),
        c=("chan.c", "    wake(w);\n    return v;\n", "    wake(w);\n    wake(w);\n    return v;\n"),
    ),
    Mutation(
        "passed-over",  # a send into a buffer with room leaves the receiver waiting
        py=(
            "chan.py",
            "            and self._recvq.first is None\n            and not (self._closed",
            "            and not (self._closed",
        ),
        c=(
            "chan.c",
            "Waiter *w = dequeue(&ch->recvq);\n    if (w != NULL) {\n        give_to(w, Py_NewRef(v));",
            "Waiter *w = ch->count < ch->capacity ? NULL : dequeue(&ch->recvq);\n"
            "    if (w != NULL) {\n        give_to(w, Py_NewRef(v));",
        ),
    ),
    Mutation(
        "forgotten-closed-flag",
        py=("chan.py", " self._closed = True\n", " pass\n"),
        c=("chan.c", "ch->closed = 1;", ""),
    ),
    Mutation(
        "deaf-close",  # close wakes the receivers, and leaves the senders waiting
        py=("chan.py", "for queue in (self._recvq, self._sendq):", "for queue in (self._recvq,):"),
        c=(
            "chan.c",
            "collect(&ch->sendq, collect(&ch->recvq, NULL, ch->zero ? ch->zero : Py_None), NULL)",
            "collect(&ch->recvq, NULL, ch->zero ? ch->zero : Py_None)",
        ),
    ),
    Mutation(
        "close-wakes-one",
        py=("chan.py", "            while waiters:\n", "            if waiters:\n"),
        c=("chan.c", "    while (stack != NULL) {\n", "    if (stack != NULL) {\n"),
    ),
    Mutation(
        "close-drops-the-buffer",
        py=("chan.py", " self._closed = True\n", " self._closed = True\n            self._drain()\n"),
        c=("chan.c", "ch->closed = 1;", "ch->closed = 1, ch->count = 0;"),
    ),
    Mutation(
        "silent-close",  # a sender that waits is not told that the channel was closed
        py=("chan.py", "            if not gp._success:\n                raise Panic(_SEND_ON_CLOSED)\n", ""),
        c=("chan.c", 'return gp->success ? 0 : panic("send on closed channel");', "return 0;"),
    ),
    Mutation(
        "last-in-first-out",  # the last waiter is served first
        py=(
            "state.py",
            "        last = self.last\n        w._queue = self\n",
            "        self.push(w)\n        return\n        last = self.last\n        w._queue = self\n",
        ),
        c=(
            "queue.c",
            "    w->prev = q->last;\n"
            "    w->next = NULL;\n"
            "    *(q->last ? &q->last->next : &q->first) = w;\n"
            "    q->last = w;\n",
            "    w->prev = NULL;\n"
            "    w->next = q->first;\n"
            "    *(q->first ? &q->first->prev : &q->last) = w;\n"
            "    q->first = w;\n",
        ),
    ),
    Mutation(
        "one-too-many",  # the buffer takes one more value than its capacity
        py=("chan.py", "self._capacity: int = capacity\n", "self._capacity: int = capacity + 1\n"),
        c=("chan.c", "    ch->capacity = capacity;\n", "    ch->capacity = capacity + 1;\n"),
    ),
    Mutation(
        "left-outside",  # the buffer has room, and the sender that waits for it is not let in
        py=(
            "chan.py",
            "            if self._sendq.first is not None and self._count < self._capacity:\n",
            "            if self._count > self._capacity:\n",
        ),
        c=(
            "chan.c",
            "    if (UNLIKELY(ch->sendq.first != NULL) && ch->count < ch->capacity) {\n",
            "    if (ch->count > ch->capacity) {\n",
        ),
    ),
    Mutation(
        "value-past-the-buffer",  # the waiting sender's value overtakes the buffered ones
        py=("chan.py", "if self._count:\n", "if self._count and self._sendq.first is None:\n"),
        c=(
            "chan.c",
            "    if (ch->count) {\n        PyObject *v = pop(ch);\n",
            "    if (ch->count && ch->sendq.first == NULL) {\n        PyObject *v = pop(ch);\n",
        ),
    ),
    Mutation(
        "open-forever",  # the zero value of a closed channel comes with ok=True
        py=("chan.py", "return (self._zero, False) if v is END", "return (self._zero, True) if v is END"),
        c=("chan.c", "received ? Py_True : Py_False", "Py_True"),
    ),
    # --- select
    Mutation(
        "losers-stay",  # the cases that lost stay in their queues
        py=("select.py", "        if c._queue is not None:\n            c._queue.remove(c)\n", ""),
        c=("select.c", "        unqueue_waiter((Waiter *)c);\n        remove_timer", "        remove_timer"),
    ),
    Mutation(
        "won-twice",  # a select that is won is taken for one that waits
        py=("state.py", "                if gp.selected is not None:\n                    continue\n", ""),
        c=("queue.c", "        if (!is_over(w)) {\n", "        if (w != NULL) {\n"),
    ),
    Mutation(
        "won-select-is-ready",  # a case of a won select makes another select's case look ready
        py=("state.py", "(gp is None or gp.selected is None)", "w is not None"),
        c=("queue.c", "while (q->first != NULL && is_over(q->first))", "while (0)"),
    ),
    Mutation(
        "shared-case",  # a case that waits in one select is put into another, instead of a copy
        py=("select.py", "if c._gp is not None:\n        c = new", "if False:\n        c = new"),
        c=("select.c", "    if (c->gp != NULL) {\n", "    if (0) {\n"),
    ),
    Mutation(
        "hasty-default",  # default runs although a case is ready
        py=("select.py", "    if found:\n", "    if found and fallback < 0:\n"),
        c=("select.c", "return found ? chosen", "return found && fallback < 0 ? chosen"),
    ),
    Mutation(
        "any-case",  # a case is chosen although it is not ready
        py=("select.py", "ch._recv_ready() if", "ch._recv_ready() or ch.cap > 2 if"),
        c=("select.c", "== RECV ? can_recv(c->chan)", "== RECV ? can_recv(c->chan) || c->chan->capacity > 2"),
    ),
    Mutation(
        "longest-timeout",
        py=("select.py", "c._value < shortest._value", "c._value > shortest._value"),
        c=("select.c", "c->seconds < shortest->seconds", "c->seconds > shortest->seconds"),
    ),
    Mutation(
        "early-timeout",
        py=("select.py", "deadline(clock.now(), w._value)", "deadline(clock.now(), w._value / 2)"),
        c=("select.c", "deadline(now_of(timers), w->seconds)", "deadline(now_of(timers), w->seconds / 2)"),
    ),
    Mutation(
        "timer-stays",  # the timeout of a select that is over fires in a later one
        py=("select.py", "                timer.timers.remove(timer)\n", "                pass\n"),
        c=("select.c", "        remove_timer(&c->timer);\n        if (c->chan", "        if (c->chan"),
    ),
    Mutation(
        "timeout-after-the-fact",  # a timeout wins although another case has won
        py=("select.py", "if gp is not None and gp.selected is None:", "if gp is not None:"),
        c=("time.c", "if (c->gp != NULL && c->gp->selected == NULL) {", "if (c->gp != NULL) {"),
    ),
    # --- the scheduler
    Mutation(
        "forgotten-goroutine",  # the goroutine that is next is lost when another is made ready
        py=("runq.py", "    if kicked is not None:\n        put(kicked)\n\n", "\n"),
        c=("runq.c", "    if (kicked != NULL)\n        put(kicked);\n", ""),
    ),
    Mutation(
        "hasty-deadlock",  # a deadlock is reported although there is a timer
        py=("time.py", "not self.heap:\n            return -1", "len(self.heap) < 2:\n            return -1"),
        c=(
            "interface.c",
            "S.timers.count == 0)\n        return Py",
            "S.timers.count < 2)\n        return Py",
        ),
    ),
    # --- locks
    Mutation(
        "mutex-wakes-nobody",
        py=("mutex.py", "        if self._waiters:\n", "        if self._waiters > 1:\n"),
        c=("mutex.c", "    if (m->waiters) {\n", "    if (m->waiters > 1) {\n"),
    ),
    Mutation(
        "mutex-wakes-two",  # a second waiter is woken before the first has run
        py=("mutex.py", "            elif not self._woken:\n", "            else:\n"),
        c=("mutex.c", "    if (!m->woken) {\n", "    if (!m->locked) {\n"),
    ),
    Mutation(
        "two-owners",  # a woken waiter takes the lock without checking it
        py=(
            "mutex.py",
            "            woken = True\n        self._locked = True\n",
            "            woken = True\n            break\n        self._locked = True\n",
        ),
        c=("mutex.c", "        woken = 1;\n    }\n", "        woken = 1;\n        break;\n    }\n"),
    ),
    Mutation(
        "starving-forever",  # a waiter that loses again and again never gets the mutex handed over
        py=("mutex.py", "if starving and self._locked:", "if starving and not self._locked:"),
        c=("mutex.c", "if (starving && m->locked)", "if (starving && !m->locked)"),
    ),
    Mutation(
        "no-hand-over",  # a starving mutex is free for the next goroutine that asks for it
        py=("mutex.py", "self._sema.release(True)", "self._sema.release()"),
        c=("mutex.c", "        return release(&m->sema, 1);\n", "        return release(&m->sema, 0) < 0;\n"),
    ),
    Mutation(
        "handed-over-twice",  # what is handed over is also left for the next goroutine that asks for it
        py=("sema.py", "self._value -= 1\n                w._success", "w._success"),
        c=("sema.c", "        s->value--;\n        w->success = 1;\n", "        w->success = 1;\n"),
    ),
    Mutation(
        "loser-at-the-back",  # a woken waiter that did not get the lock waits behind all others
        py=("mutex.py", '"sync.Mutex.Lock", again, self)', '"sync.Mutex.Lock", False, self)'),
        c=("mutex.c", "gp, mutex_lock, again)", "gp, mutex_lock, 0)"),
    ),
    Mutation(
        "readers-first",  # readers come in while a writer waits
        py=(
            "rwmutex.py",
            "if not self._writer:\n            self._readers += 1\n            return\n        gp",
            "if not self._writer or self._departing:\n"
            "            self._readers += 1\n            return\n        gp",
        ),
        c=("rwmutex.c", "    if (!rw->writer) {\n", "    if (!rw->writer || rw->departing) {\n"),
    ),
    Mutation(
        "one-reader",  # the writer that leaves lets in one of the readers that wait
        py=("rwmutex.py", "        while waiting:\n", "        if waiting:\n"),
        c=("rwmutex.c", "    while (waiting-- > 0)\n", "    if (waiting-- > 0)\n"),
    ),
    Mutation(
        "writer-left-waiting",  # the last reader leaves and does not wake the writer
        py=("rwmutex.py", "self._writing.release()", "self._departing = 0"),
        c=("rwmutex.c", "        release(&rw->writing, 0);\n", "        rw->departing = 0;\n"),
    ),
    Mutation(
        "writer-beside-readers",  # a writer does not wait for the last reader
        py=("rwmutex.py", "        if self._departing:\n", "        if self._departing > 1:\n"),
        c=("rwmutex.c", "    if (rw->departing == 0)\n", "    if (rw->departing <= 1)\n"),
    ),
    Mutation(
        "one-waiter",  # one of the goroutines that wait for the group is woken
        py=(
            "waitgroup.py",
            "            while self._waiters:\n                self._waiters -= 1\n",
            "            if self._waiters:\n                self._waiters = 0\n",
        ),
        c=(
            "waitgroup.c",
            "        while (wg->waiters) {\n            wg->waiters--;\n",
            "        if (wg->waiters) {\n            wg->waiters = 0;\n",
        ),
    ),
    Mutation(
        "early-group",  # wait returns while one is still counted
        py=(
            "waitgroup.py",
            "if self._count == 0:\n            return\n        gp",
            "if self._count <= 1:\n            return\n        gp",
        ),
        c=("waitgroup.c", "if (wg->count == 0)\n        return 0;", "if (wg->count <= 1)\n        return 0;"),
    ),
    Mutation(
        "negative-counter",
        py=("waitgroup.py", "if count < 0:", "if count < -1:"),
        c=("waitgroup.c", "if (count < 0)", "if (count < -1)"),
    ),
]

# What the child process runs. Before each step it prints how many operations were compared so far. An engine
# that hangs may hold the GIL, so it is a signal without a handler that ends the process.
PROGRAM = """
import os, signal, sys
import gochan.runtime, machine

folder, implementation, at_least = sys.argv[1:]
assert gochan.__file__.startswith(folder), gochan.__file__
assert gochan.runtime.COMPILED == (implementation == "c")
check = machine.Program.check

def watched(program):
    signal.alarm(20)
    print(machine.Program.compared, flush=True)
    check(program)

machine.Program.check = watched
try:
    machine.exercise(0, int(at_least), shrink=False)
except BaseException as exc:
    print(type(exc).__name__, flush=True)
    os._exit(1)
"""


def attempt(mutation: Mutation | None, implementation: str) -> tuple[bool, str]:
    """Run random programs on a copy of gochan with this mutation; return whether it was caught, and how."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "gochan")
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
        if mutation is not None:
            path, source = mutation.apply(implementation, package)
            path.write_text(source, encoding="utf-8")
        # Neither a sanitizer nor coverage can deal with the copy.
        environ = {k: v for k, v in os.environ.items() if k != "LD_PRELOAD" and not k.startswith("COVERAGE_")}
        environ |= {
            "CFLAGS": "-O0",
            "GOCHAN_REQUIRE_COMPILED": "1",
            "GOCHAN_PURE": "0" if implementation == "c" else "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([folder, str(HERE)]),
        }
        if implementation == "c":
            shutil.copy(PACKAGE.parent / "setup.py", folder)
            build = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
            subprocess.run(build, cwd=folder, env=environ, check=True)
        enough = WHOLE if mutation is None else BROKEN
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, folder, implementation, str(enough)]
        done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False)
    lines = done.stdout.split()
    numbers = [line for line in lines if line.isdecimal()]
    if not numbers:
        # A mutation must be a bug, not a package that cannot be imported.
        raise RuntimeError(f"the child process has ended before its first step:\n{done.stderr}")
    if done.returncode == 0:
        return False, f"nothing noticed in {int(numbers[-1]):,} operations"
    how = lines[-1] if done.returncode > 0 else signal.Signals(-done.returncode).name
    return True, f"{'hang' if how == 'SIGALRM' else how} after {int(numbers[-1]):,} operations"


def judge(mutation: Mutation | None, implementation: str) -> bool:
    """Attempt it and print how it went; return whether that is as it should be."""
    begin = time.monotonic()
    caught, how = attempt(mutation, implementation)
    spent = time.monotonic() - begin
    name = "no mutation" if mutation is None else mutation.name
    verdict = "caught" if caught else "not caught"
    print(f"{implementation:2} {name:24} {verdict}: {how} ({spent:.1f} s)", flush=True)
    return caught == (mutation is not None)


def main(names: list[str]) -> int:
    known = {m.name: m for m in MUTATIONS}
    if unknown := set(names) - known.keys():
        print(f"no such mutation: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    chosen = [None, *([known[name] for name in names] or MUTATIONS)]
    failed = [(m, i) for i in ("c", "py") for m in chosen if not judge(m, i)]
    print(f"{2 * len(chosen) - len(failed)} of {2 * len(chosen)} as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""No argument crashes the engine: everything in its C module is called with junk, in a child that must live."""

import sys
from pathlib import Path

import pytest
from children import finish, python, start

from gochan.runtime import COMPILED

pytestmark = pytest.mark.skipif(not COMPILED, reason="the Python engine cannot crash")

FUZZ = Path(__file__).with_name("fuzz.py")
# How long a note of fuzz.py's is, in bytes.
NOTE = 300
# The fuzz stops here: what comes after so many deaths says little.
DEATHS = 12


def fuzz(seed: int, calls: int, folder: Path, patience: float) -> tuple[int, list[str]]:
    """Run it, and again without what killed it; return how much was called, and the deaths."""
    progress = folder / "progress"
    skip: list[str] = []
    deaths: list[str] = []
    while len(deaths) < DEATHS:
        progress.write_text("")
        child = finish(start(sys.executable, FUZZ, seed, calls, progress, *skip), patience)
        # Nothing keeps a recorder, whose file is the number of a descriptor, from writing behind the note.
        last = progress.read_bytes()[:NOTE].decode(errors="replace").strip()
        if child.status == 0:
            return int(last.split()[0]), deaths
        deaths.append(f"{last}: {child}")
        if not last or last in skip:
            break
        skip += [last, last.partition(" ")[0]]
    return 0, deaths


def test_no_argument_crashes(tmp_path: Path) -> None:
    tried, deaths = fuzz(1, 25, tmp_path, 100)
    assert not deaths, "\n\n".join(deaths)
    assert tried > 20_000


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_no_argument_crashes_long(seed: int, tmp_path: Path) -> None:
    _, deaths = fuzz(seed + 100, 400, tmp_path, 1200)
    assert not deaths, "\n\n".join(deaths)


# Those that the fuzz found first, or that were found by hand.
CRASHES = {
    "a case of no channel": "Case = type(recv(None)); case = Case(0, 5, None); select(case, default)",
    "a case of another's value": "case = timeout(1); case.value = 'x'; select(case, default)",
    "a case of another's channel": "case = recv(Chan()); case.chan = 5; select(case, default)",
    "a case without channel": "case = recv(Chan()); del case.chan; select(case, default)",
    "a case of an unknown kind": "Case = type(recv(None)); select(Case(99, Chan(), None), Case(-1, Chan(), None), default)",
    "a channel without queue": "ch = Chan.__new__(Chan); ch._recvq = None; ch.recv_ok()",
    "a channel of no capacity": "ch = Chan.__new__(Chan); select(send(ch, 1), recv(ch), default); len(ch); repr(ch)",
    "a channel made anew": "ch = Chan(1); ch.send(1); ch.__init__(5); ch.recv()",
    "a channel's timer": "ch = Chan(1); ch._timer = 5; select(recv(ch), default); ch.close()",
    "a channel's class": "ch = Chan(1); ch._cls = 5; ch.send(1)",
    "a goroutine of no function": "G = type(engine.sched.curg); G(); engine.start(G())",
    "ready of what is no goroutine": "engine.ready(5)",
    "put of what is no goroutine": "engine.put(5); engine.put_global('x'); engine.pick()",
    "park of what is no goroutine": "engine.park(5, 5)",
    "work in no worker": "engine.work()",
    "a second scheduler": "type(engine.sched)()",
    "a running goroutine made ready": "engine.ready(engine.sched.curg); runtime.gosched()",
    "no running goroutine": "engine.sched.curg = 5; runtime.gosched()",
    "a link of queues": "engine.sched.head = 5; runtime.gosched()",
    "timers that are none": "engine.sched.timers = 5; time.sleep(1e-6)",
    "a wait queue of anything": "engine.WaitQueue().enqueue(5)",
    "a wait queue of queues": "q = engine.WaitQueue(); q.enqueue(q); q.dequeue()",
    "a value twice in a queue": "q = engine.WaitQueue(); g = engine.sched.curg; q.enqueue(g); q.enqueue(g); q.dequeue(); q.dequeue()",
    "hooks of any kind": "engine.bind(enter=5, poll=5); runtime.gosched()",
    "a call of what is none": "engine.sched.post(5); engine.spawn(5); engine.spawn(int, 5, 5); runtime.gosched()",
    "an asynchronous select of anything": "engine.select_async(5, 5); engine.select_async((5, recv(None)), 5)",
}


@pytest.mark.parametrize("name", CRASHES)
def test_a_misuse_that_crashed(name: str) -> None:
    """It is refused, or it is impossible; the engine goes on, or this program ends with an exception."""
    child = python(
        f"""
        import sys
        from gochan import *
        from gochan import runtime, time
        from gochan._engine import _c as engine

        def main():
            go(runtime.gosched)
            try:
                {CRASHES[name]}
            except Exception as e:
                print(type(e).__name__, e)
            ch = Chan()
            go(ch.send, 5)
            assert ch.recv() == 5

        try:
            run(main)
        except Exception as e:
            print("the program:", type(e).__name__, e)
        print("alive")
        """
    )
    assert child.status == 0 and child.out.endswith("alive\n"), str(child)

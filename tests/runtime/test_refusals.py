"""The engine's private entry points refuse junk, wrong threads and wrong states, and the program goes on."""

import copy
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import gochan
from gochan import (
    Case,
    Chan,
    Panic,
    context,
    default,
    errgroup,
    go,
    net,
    rate,
    recv,
    run,
    select,
    semaphore,
    send,
    singleflight,
    synctest,
    thread,
    time,
)
from gochan._engine import impl
from gochan._engine.impl import COMPILED, Bubble, G, NotifyList, getg, running, sched, select_async, thread_g
from gochan._engine.program import program
from gochan.runtime import gosched, num_goroutine
from gochan.sync import Mutex, RWMutex, WaitGroup

# Where gochan is, which may be installed elsewhere than beside the tests.
ROOT = Path(gochan.__file__).parents[1]
Call = Callable[[], object]
Outcome = tuple[type[BaseException] | None, str]


def outcome(call: Call) -> Outcome:
    """Return the type and the text of the exception that call raises."""
    try:
        call()
    except BaseException as exc:
        return type(exc), str(exc)
    return None, ""


def in_goroutine(call: Call) -> Outcome:
    """Do the same in a goroutine of its own."""
    result = Chan[Any](1)
    go(lambda: result.send(outcome(call)))
    return result.recv()


def in_thread(call: Call) -> Outcome:
    """Do the same in a thread that is not the runtime's, while the runtime's waits outside of gochan."""
    result: list[Outcome] = []
    other = threading.Thread(target=lambda: result.append(outcome(call)))
    other.start()
    other.join()
    return result[0]


def works() -> bool:
    """Return whether the program still works."""
    answer = Chan[int]()
    go(answer.send, 42)
    return answer.recv() == 42


# --- the hooks -------------------------------------------------------------------------------------------


def test_the_engine_takes_all_its_hooks_once() -> None:
    """A `bind` that is refused changes nothing: the next one works, and so does the engine."""
    program = f"""
        import sys
        from types import ModuleType

        # The packages without what is in their __init__.py: the engine alone, which is not bound yet.
        for name, folder in (("gochan", "gochan"), ("gochan._engine", "gochan/_engine")):
            sys.modules[name] = package = ModuleType(name)
            package.__path__ = [{str(ROOT)!r} + "/" + folder]
        from gochan._engine import impl

        bind, hooks = impl.bind, {{}}
        impl.bind = lambda **functions: hooks.update(functions)
        from gochan._engine.run import run

        def refused(call, error, *texts):
            try:
                call()
            except error as refusal:
                assert all(text in str(refusal) for text in texts), refusal
            else:
                raise AssertionError("not refused")

        for call in (impl.getg, lambda: impl.go(print), impl.Chan().recv):
            refused(call, (RuntimeError, AttributeError))
        refused(bind, TypeError, "bind: ")
        refused(lambda: bind(enter=hooks["enter"]), TypeError, "bind: ")
        refused(lambda: bind(**hooks | {{"poll": 5}}), TypeError, "bind: ", "poll")
        refused(lambda: bind(**hooks | {{"enter": None}}), TypeError, "bind: ", "enter")
        bind(**hooks)
        refused(lambda: bind(**hooks), RuntimeError, "bind: ")

        def main():
            answer = impl.Chan()
            impl.go(answer.send, 42)
            return answer.recv()

        print(run(main))
    """
    command = [sys.executable, "-c", dedent(program)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.stdout, done.stderr) == ("42\n", "")


@pytest.mark.skipif(not COMPILED, reason="about the extension module")
def test_the_extension_module_cannot_be_loaded_twice() -> None:
    name = "gochan._engine._c"
    module = sys.modules.pop(name)
    try:
        with pytest.raises(ImportError, match="loaded"):
            __import__(name)
    finally:
        sys.modules[name] = module
    assert run(works)


# --- the scheduler ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not COMPILED, reason="the Python engine does not check it: there it cannot crash")
@pytest.mark.parametrize("name", ["reset", "unwind", "main_exited"])
@pytest.mark.parametrize("place", [in_goroutine, in_thread])
def test_only_main_ends_its_program(name: str, place: Callable[[Call], Outcome]) -> None:
    def main() -> None:
        kind, text = place(getattr(sched, name))
        assert kind is RuntimeError
        assert "only main may call it" in text
        assert works()

    run(main)


def test_what_needs_a_program() -> None:
    assert sched.main is None
    assert running() is None
    assert sched.unwind() is None
    if COMPILED:
        for call in (sched.main_exited, lambda: sched.throw_into_main(ValueError())):
            assert outcome(call)[0] is RuntimeError
    assert run(works)


def test_there_is_one_program_at_a_time() -> None:
    def main() -> None:
        def attach() -> None:
            raise LookupError(sched.attach())

        for place in (outcome, in_goroutine, in_thread):
            assert place(attach) == (LookupError, "None")
        assert works()

    run(main)


@pytest.mark.parametrize("value", ["x", [], None, 1j], ids=repr)
@pytest.mark.parametrize("name", ["loop_due", "random", "moment"])
def test_a_number_of_the_schedulers(name: str, value: Any) -> None:
    before = getattr(sched, name)
    if name != "moment" or value is not None:
        kind, _ = outcome(lambda: setattr(sched, name, value))
        assert kind in (TypeError, ValueError)
    assert outcome(lambda: delattr(sched, name))[0] in (TypeError, AttributeError)
    assert getattr(sched, name) == before


@pytest.mark.skipif(not COMPILED, reason="a Python int has no limit")
@pytest.mark.parametrize("name", ["loop_due", "random", "moment"])
def test_a_number_that_is_too_large_for_c(name: str) -> None:
    before = getattr(sched, name)
    assert outcome(lambda: setattr(sched, name, 10**30))[0] is OverflowError
    assert getattr(sched, name) == before


def test_the_clock_stands_still_for_a_test() -> None:
    sched.moment = 123
    try:
        assert sched.moment == sched.now() == 123
    finally:
        sched.moment = None
    assert sched.moment is None
    assert sched.now() > 123


def test_one_posted_call_that_raises_does_not_keep_the_next_from_being_called() -> None:
    """A signal handler may raise in any of them."""
    log: list[int] = []

    def main() -> None:
        sched.post([].pop)
        sched.post(lambda: log.append(1))
        with pytest.raises(IndexError):
            Chan[int]().recv()
        time.sleep(0.001)
        assert log == [1]
        assert works()

    run(main)


@pytest.mark.skipif(not COMPILED, reason="in Python, the call that wakes the hub raises it")
def test_a_handler_raises_while_the_hub_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operation that has woken it is done: the exception is for main."""

    def main() -> None:
        ch = Chan[int]()

        def send() -> None:
            while not sched.hub_asleep:
                pass
            monkeypatch.setattr(type(program.idle), "wake", lambda idle: [].pop())
            ch.send(1)
            monkeypatch.undo()

        other = threading.Thread(target=send)
        other.start()
        with pytest.raises(IndexError):
            ch.recv()
        other.join()
        # Given back, as it is whenever an exception ends a receive.
        assert ch.recv() == 1
        assert works()

    run(main)


# --- arguments -------------------------------------------------------------------------------------------

WRONG: dict[str, Call] = {
    "Chan by keyword": lambda: Chan(capacity=3),  # type: ignore[call-arg]
    "Chan of two": lambda: Chan(1, 2),  # type: ignore[call-arg]
    "send of no value": lambda: send(Chan[int]()),  # type: ignore[call-arg]
    "recv of none": recv,  # type: ignore[dict-item]
    "after_func of no function": lambda: time.after_func(1),  # type: ignore[call-arg]
    "WaitGroup.go of none": lambda: WaitGroup().go(),  # type: ignore[call-arg]
    "WaitGroup.add of a str": lambda: WaitGroup().add("1"),  # type: ignore[arg-type]
    "a mutex of something": lambda: Mutex(1),  # type: ignore[call-arg]
    "a group of something": lambda: WaitGroup(x=1),  # type: ignore[call-arg]
    "spawn of none": impl.spawn,  # type: ignore[dict-item]
    "go of none": go,  # type: ignore[dict-item]
}


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_wrong_arguments(call: Call) -> None:
    assert outcome(call)[0] is TypeError
    assert run(works)


@pytest.mark.skipif(not COMPILED, reason="the Python engine does not check it: there it cannot crash")
@pytest.mark.parametrize("ticket", ["0", -1, 10**30, None], ids=repr)
def test_a_ticket_that_was_not_given(ticket: Any) -> None:
    waiters = NotifyList()
    waiters.add()
    assert outcome(lambda: waiters.wait(ticket))[0] in (TypeError, ValueError, OverflowError)
    assert outcome(lambda: waiters.discard(ticket))[0] in (TypeError, ValueError, OverflowError)
    waiters.notify_one()
    # Called already, so it waits for nothing.
    assert run(lambda: waiters.wait(0)) is None


# --- goroutines ------------------------------------------------------------------------------------------


def test_types_that_only_the_engine_makes() -> None:
    for kind in (G, type(sched), Case, type(RWMutex().rlocker()), time.Timer, time.Ticker):
        assert outcome(kind)[0] is TypeError, kind


SHARED: dict[str, Callable[[], Any]] = {
    "WaitGroup": WaitGroup,
    "Mutex": Mutex,
    "RWMutex": RWMutex,
    "RLocker": lambda: RWMutex().rlocker(),
    "NotifyList": NotifyList,
    "Bubble": Bubble,
    "Chan": Chan,
    "default": lambda: default,
    "Timer": lambda: time.new_timer(1),
    "Ticker": lambda: time.new_ticker(1),
    "semaphore": lambda: semaphore.Weighted(1),
    "errgroup": errgroup.Group,
    "singleflight": singleflight.Group,
    "limiter": lambda: rate.Limiter(1, 1),
    "Sometimes": rate.Sometimes,
    "context": lambda: context.with_cancel(context.background())[0],
    "deadline": lambda: context.with_timeout(context.background(), 1)[0],
    "pipe": lambda: net.pipe()[0],
}


@pytest.mark.parametrize("make", SHARED.values(), ids=SHARED)
def test_what_goroutines_share_is_not_copied(make: Callable[[], Any]) -> None:
    thing = make()
    for call in (copy.copy, copy.deepcopy, pickle.dumps, partial(pickle.dumps, protocol=0)):
        kind, text = outcome(lambda call=call: call(thing))  # type: ignore[misc]
        assert kind is TypeError
        assert "cannot be pickled" in text or "cannot pickle" in text


def test_the_result_of_a_select_that_is_still_waiting() -> None:
    """A task takes it once, after a case has won, or gives up once."""

    def main() -> None:
        ch, chosen = Chan[int](), Chan[G](1)
        gp: Any = select_async((recv(ch),), chosen.send)
        assert outcome(gp.result) == (RuntimeError, "G.result: no case has won")
        assert (gp.id, gp.waiting) == (0, "select")
        ch.send(7)
        assert chosen.recv() is gp
        assert gp.result() == (0, 7, True)
        assert outcome(gp.result)[0] is RuntimeError
        assert gp.cancel() is False

        gp = select_async((recv(ch),), chosen.send)
        assert gp.cancel() is True
        assert gp.cancel() is False
        assert outcome(gp.result)[0] is RuntimeError
        assert select(recv(ch), default)[0] == 1
        # Nothing was called, and nobody waits for a value.
        assert len(chosen) == 0
        assert works()

    run(main)


def test_a_goroutine_has_no_result() -> None:
    def main() -> None:
        for name in ("result", "cancel"):
            refused = outcome(getattr(getg(), name))
            assert refused == (TypeError, f"G.{name}: this G is not from select_async")

    run(main)


def test_block_in_a_thread_ends_with_the_program() -> None:
    result: list[Outcome] = []
    other = threading.Thread(target=lambda: result.append(outcome(lambda: impl.block("a test"))))

    def main() -> None:
        other.start()
        while not sched.threads():
            time.sleep(0.001)
        (gp,) = sched.threads()
        assert gp.waiting == "a test"
        assert gp.thread == other.ident
        assert gp.frame is not None

    run(main)
    other.join()
    assert result == [(RuntimeError, "the program has ended")]


@pytest.mark.skipif(not COMPILED, reason="in Python it is that of any object")
def test_the_repr_of_a_g() -> None:
    def main() -> None:
        assert repr(getg()) == "<goroutine 1 running>"
        assert thread.call(lambda: repr(thread_g())).startswith("<thread ")

    run(main)


def test_a_thread_has_one_g() -> None:
    def main() -> None:
        assert thread.call(lambda: thread_g() is thread_g())
        assert thread.call(lambda: thread_g().thread == threading.get_ident())
        assert thread.call(lambda: (thread_g().id, thread_g().waiting)) == (0, "")

    run(main)


@pytest.mark.parametrize("start", [impl.spawn, impl.spawn_global])
def test_what_spawn_takes(start: Callable[..., None]) -> None:
    def main() -> list[Any]:
        got: list[Any] = []
        start(got.append, (1,))
        start(lambda **kwargs: got.append(kwargs), (), {"x": 2})
        start(lambda: got.append(3), (), {})
        start(lambda: got.append(4), (), None)
        if COMPILED:
            for bad in ((got.append, [1]), (got.append, (1,), 5), (5,), ()):
                assert outcome(lambda bad=bad: start(*bad))[0] is TypeError  # type: ignore[misc]
        while num_goroutine() > 1:
            gosched()
        return sorted(got, key=str)

    assert run(main) == [1, 3, 4, {"x": 2}]


def test_a_group_that_is_counted_down_twice() -> None:
    """`WaitGroup.go` calls done itself: the second one ends the program."""
    group = WaitGroup()

    def main() -> None:
        group.go(group.done)
        gosched()

    with pytest.raises(Panic, match="negative WaitGroup counter") as info:
        run(main)
    assert info.value.__notes__[0].startswith("in goroutine 2, ")


# --- bubbles ---------------------------------------------------------------------------------------------


def test_how_a_bubble_is_made() -> None:
    assert Bubble(7).id == 7
    assert Bubble(7).root is None
    assert (Bubble().total, Bubble().done) == (1, False)
    # Nobody has entered it.
    assert outcome(Bubble(7).leave)[0] is (RuntimeError if COMPILED else None)
    assert outcome(lambda: Bubble(id=7))[0] is TypeError  # type: ignore[call-arg]
    assert outcome(lambda: Bubble(1, 2))[0] is TypeError  # type: ignore[call-arg]
    if COMPILED:
        assert outcome(lambda: Bubble("7"))[0] is TypeError  # type: ignore[arg-type]


def test_a_bubble_belongs_to_one_goroutine() -> None:
    def main() -> None:
        bubble, other = Bubble(1), Bubble(2)
        assert in_thread(bubble.enter) == (
            RuntimeError,
            "synctest: call it in a goroutine, not in another thread",
        )
        assert outcome(bubble.wait)[0] is Panic
        bubble.enter()
        try:
            assert bubble.root is getg()
            assert outcome(bubble.enter)[0] is RuntimeError
            inside: list[tuple[object, str]] = []
            bubble.start(lambda: inside.append(outcome(other.enter)))
            bubble.run()
            assert inside == [(Panic, "synctest.Run called from within a synctest bubble")]
            # A goroutine of no bubble, as one from a thread is.
            results = Chan._unbubbled(2)

            def outside() -> None:
                calls = bubble.enter, lambda: bubble.start(print), bubble.run, bubble.unwind, bubble.wait
                for call in calls:
                    results._offer(outcome(call))
                    gosched()

            assert in_thread(lambda: go(outside)) == (None, "")
            kinds = [results.recv() for _ in range(5)]
            assert [kind for kind, _ in kinds] == [RuntimeError] * 4 + [Panic]
            assert kinds[0][1] == "Bubble.enter: a goroutine has entered the bubble already"
            assert outcome(lambda: bubble.start(5))[0] is TypeError  # type: ignore[arg-type]
        finally:
            bubble.leave()
        assert works()

    run(main)


def test_where_a_bubble_can_be_run() -> None:
    def main() -> None:
        assert outcome(lambda: synctest.test(5))[0] is TypeError  # type: ignore[arg-type]
        assert in_thread(lambda: synctest.test(works))[0] is RuntimeError
        assert outcome(lambda: synctest.test(lambda: synctest.test(works)))[0] is Panic
        assert synctest.test(works)

    run(main)


def test_one_goroutine_of_a_bubble_waits_at_a_time() -> None:
    def main() -> None:
        go(synctest.wait)
        gosched()
        assert outcome(synctest.wait) == (Panic, "wait already in progress")

    run(lambda: synctest.test(main))


def test_the_program_ends_while_a_bubble_waits() -> None:
    """The root, a goroutine in `wait` and one that sleeps are unwound, each once."""
    log: list[str] = []

    def unwound(name: str, call: Call) -> None:
        try:
            call()
        finally:
            log.append(name)

    def bubble() -> None:
        go(unwound, "sleeps", lambda: time.sleep(3600))
        go(unwound, "locks", locked.lock)
        unwound("waits", synctest.wait)

    locked = Mutex()

    def main() -> None:
        locked.lock()
        go(unwound, "root", lambda: synctest.test(bubble))
        for _ in range(10):
            gosched()
        assert num_goroutine() == 5

    run(main)
    assert sorted(log) == ["locks", "root", "sleeps", "waits"]
    assert run(lambda: synctest.test(works))


def test_an_exception_ends_the_roots_wait() -> None:
    """What is posted raises in main, which is the root here; the bubble's goroutines are unwound."""
    log: list[str] = []

    def inside() -> None:
        try:
            stuck.lock()
        finally:
            log.append("unwound")

    stuck = Mutex()

    def main() -> None:
        stuck.lock()
        threading.Timer(0.01, lambda: sched.post([].pop)).start()
        with thread.guests(), pytest.raises(IndexError):
            synctest.test(inside)
        assert log == ["unwound"]
        assert works()

    run(main)

"""gochan does nothing that the model of Go does not allow, and the model notices what it would not.

The suite checks the same programs each time; `make soak` checks others, and says by which seed.
"""

import os
import secrets
import shutil
import sys
import sysconfig
from typing import Any

import pytest
from locks import MILLISECOND
from machine import MismatchError, Program, do, exercise
from model import DEADLOCK, MAIN, STOP, Case, Crashed, Model, Op, Panicked
from mutations import MUTATIONS, Mutation, judge


# A busy machine takes a multiple of the few seconds.
@pytest.mark.timeout(900)
def test_random_programs() -> None:
    compared = exercise(int(os.environ.get("MODEL_SEED", "0")), at_least=50_000)
    print(f"{compared:,} operations compared with the model")
    assert compared >= 50_000


@pytest.mark.soak
def test_a_million_operations() -> None:
    seed = int(os.environ.get("MODEL_SEED") or secrets.randbelow(1 << 30))
    print(f"from MODEL_SEED={seed} on")
    compared = exercise(seed, at_least=1_000_000)
    print(f"{compared:,} operations compared with the model")
    assert compared >= 1_000_000


# --- mutations ---------------------------------------------------------------------------------------------


def name_of(mutation: Mutation | None) -> str:
    return "none" if mutation is None else mutation.name


@pytest.mark.once
@pytest.mark.parametrize("mutation", MUTATIONS, ids=name_of)
def test_a_mutation_fits_the_source(mutation: Mutation) -> None:
    mutation.apply("c")
    path, source = mutation.apply("py")
    compile(source, path, "exec")


@pytest.mark.once
def test_a_mutation_that_no_longer_fits_is_reported() -> None:
    gone = Mutation("gone", py=("chan.py", "def ", "def "), c=("chan.c", "no such text", ""))
    with pytest.raises(LookupError, match=r"^gone: its text is 0 times in c/chan.c, want once$"):
        gone.apply("c")
    with pytest.raises(LookupError, match=r"^gone: its text is \d\d times in py/chan.py, want once$"):
        gone.apply("py")


def check_that_it_is_caught(mutation: Mutation | None, implementation: str) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no alarm signal, which ends a broken engine that hangs")
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    if implementation == "c" and shutil.which(compiler.split()[0]) is None:
        pytest.skip("no C compiler to build the broken engine with")
    assert judge(mutation, implementation)


# One of each kind; they are caught within seconds.
@pytest.mark.parametrize("name", ["lost-wake-up", "early-timeout", "hasty-deadlock", "two-owners"])
def test_a_mutation_is_caught(name: str, implementation: str) -> None:
    [mutation] = [m for m in MUTATIONS if m.name == name]
    check_that_it_is_caught(mutation, implementation)


@pytest.mark.soak
@pytest.mark.parametrize("mutation", [None, *MUTATIONS], ids=name_of)
def test_each_mutation_is_caught(mutation: Mutation | None, implementation: str) -> None:
    check_that_it_is_caught(mutation, implementation)


# --- the model by itself -----------------------------------------------------------------------------------


def seen(*events: tuple[Any, ...]) -> Model:
    """A model that has followed these events; channel 1 is unbuffered, channel 2 has room for two."""
    model = Model()
    for event in (("make", "Chan", 1, 0, 0), ("make", "Chan", 2, 2, 0), *events):
        assert model.see(*event), event
    return model


def outcomes(model: Model, g: int) -> list[Any]:
    return [outcome for world in model.worlds for outcome in world.done.get(g, ())]


def begin(g: int, name: str, *args: Any) -> tuple[Any, ...]:
    return "begin", g, Op(name, args)


def test_receivers_are_served_in_order_and_once() -> None:
    model = seen(
        ("go", MAIN, 1),
        ("go", MAIN, 2),
        begin(1, "recv", 1),
        begin(2, "recv_ok", 1),
        begin(MAIN, "send", 1, 7),
    )
    assert not model.see("end", 2, (7, True))
    assert not model.see("turn", 2)
    assert not model.see("end", 1, 8)
    assert model.see("turn", 1) and model.see("end", 1, 7)
    assert not model.see("turn", 1)


def test_values_come_in_order_and_then_the_zero_value() -> None:
    model = seen()
    for value in (7, 8):
        assert model.see(*begin(MAIN, "send", 2, value)) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "close", 2)) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "recv_ok", 2))
    assert not model.see("end", MAIN, (8, True))
    assert model.see("end", MAIN, (7, True))
    assert model.see(*begin(MAIN, "next", 2)) and model.see("end", MAIN, 8)
    assert model.see(*begin(MAIN, "next", 2)) and model.see("end", MAIN, STOP)
    assert model.see(*begin(MAIN, "recv_ok", 2)) and model.see("end", MAIN, (0, False))


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("send", (1, 7), "send on closed channel"),
        ("close", (1,), "close of closed channel"),
        ("close", (None,), "close of nil channel"),
    ],
)
def test_the_panics_of_channels(name: str, args: tuple[Any, ...], text: str) -> None:
    model = seen(begin(MAIN, "close", 1), ("end", MAIN, None), begin(MAIN, name, *args))
    assert outcomes(model, MAIN) == [Panicked(text)]


def test_select_takes_any_ready_case_and_no_other() -> None:
    cases = Case("recv", 1), Case("send", 2, 7), Case("send", 2, 8), Case("recv", None), Case("default")
    model = seen(begin(MAIN, "select", *cases))
    assert outcomes(model, MAIN) == [(1, None, True), (2, None, True)]
    # Which it was decides what is in the buffer.
    assert model.see("end", MAIN, (2, None, True))
    model.see(*begin(MAIN, "recv", 2))
    assert outcomes(model, MAIN) == [8]


def test_default_is_for_when_nothing_is_ready() -> None:
    model = seen(begin(MAIN, "select", Case("recv", 1), Case("default")))
    assert outcomes(model, MAIN) == [(1, None, False)]


def test_a_timeout_fires_on_time_when_no_goroutine_can_run() -> None:
    two, one = Case("timeout", None, 2 * MILLISECOND), Case("timeout", None, MILLISECOND)
    model = seen(("go", MAIN, 1), begin(MAIN, "select", two, Case("recv", 1), one))
    assert not model.see("tick", MILLISECOND)
    assert model.see("exit", 1)
    assert not model.see("tick", 2 * MILLISECOND)
    assert not model.see("end", MAIN, DEADLOCK)
    assert model.see("tick", MILLISECOND)
    assert outcomes(model, MAIN) == [(2, None, True)]


def test_a_deadlock_is_found_when_no_goroutine_can_run() -> None:
    model = seen(("go", MAIN, 1), begin(MAIN, "recv", 1))
    assert not model.see("end", MAIN, DEADLOCK)
    assert model.see(*begin(1, "recv", 1))
    assert model.see("end", MAIN, DEADLOCK)


def test_after_a_crash_nothing_comes_but_the_end_of_main() -> None:
    model = seen(("go", MAIN, 1), ("go", MAIN, 2), begin(MAIN, "recv", 1), begin(1, "crash", 7))
    assert not model.see(*begin(2, "gosched"))
    assert not model.see("end", MAIN, DEADLOCK)
    assert model.see("end", MAIN, Crashed(7))


def test_a_mutex_has_one_owner_and_is_handed_to_a_starving_waiter() -> None:
    model = seen(("make", "Mutex", 3), ("go", MAIN, 1))
    assert model.see(*begin(MAIN, "wait_at", 3, "lock")) and model.see("end", MAIN, None)
    assert model.see(*begin(1, "wait_at", 3, "lock"))
    assert not model.see("end", 1, None)
    assert model.see(*begin(MAIN, "sleep", 2 * MILLISECOND)) and model.see("tick", 2 * MILLISECOND)
    assert model.see("end", MAIN, None)
    # Woken, the other finds that main was faster; it has waited for long.
    assert model.see(*begin(MAIN, "call", 3, "unlock")) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "wait_at", 3, "lock")) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "gosched")) and model.see("turn", 1)
    assert not model.see("end", 1, None)
    assert model.see("turn", MAIN) and model.see("end", MAIN, None)
    # So it is handed over: no other goroutine gets it now, and there is nothing to unlock.
    assert model.see(*begin(MAIN, "call", 3, "unlock")) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "call", 3, "try_lock")) and model.see("end", MAIN, False)
    assert model.see(*begin(MAIN, "call", 3, "unlock"))
    assert model.see("end", MAIN, Panicked("sync: unlock of unlocked mutex"))
    assert model.see("turn", 1) and model.see("end", 1, None)


def test_a_writer_keeps_later_readers_out() -> None:
    model = seen(("make", "RWMutex", 3), ("go", MAIN, 1), ("go", MAIN, 2))
    assert model.see(*begin(MAIN, "wait_at", 3, "rlock")) and model.see("end", MAIN, None)
    assert model.see(*begin(1, "wait_at", 3, "lock"))
    assert model.see(*begin(2, "wait_at", 3, "rlock"))
    assert model.see(*begin(MAIN, "call", 3, "try_rlock")) and model.see("end", MAIN, False)
    assert model.see(*begin(MAIN, "call", 3, "runlock")) and model.see("end", MAIN, None)
    assert not model.see("turn", 2)
    assert model.see("turn", 1) and model.see("end", 1, None)
    assert model.see(*begin(1, "call", 3, "unlock")) and model.see("end", 1, None)
    assert model.see("turn", 2) and model.see("end", 2, None)


def test_a_wait_group_wakes_all_at_zero_and_counts_no_lower() -> None:
    model = seen(("make", "WaitGroup", 3), ("go", MAIN, 1), ("go", MAIN, 2))
    assert model.see(*begin(MAIN, "call", 3, "add", 1)) and model.see("end", MAIN, None)
    for g in (1, 2):
        assert model.see(*begin(g, "wait_at", 3, "wait"))
    assert not model.see("turn", 1)
    assert model.see(*begin(MAIN, "call", 3, "done")) and model.see("end", MAIN, None)
    assert model.see(*begin(MAIN, "call", 3, "done"))
    assert model.see("end", MAIN, Panicked("sync: negative WaitGroup counter"))
    for g in (2, 1):
        assert model.see("turn", g) and model.see("end", g, None)


def test_what_the_model_does_not_allow_is_reported() -> None:
    class Wrong(Program):
        def do_len(self, g: int, slot: int) -> None:
            number, _ = self.channels[slot]
            self.note(g, Op("len", (number,)), lambda: 7)

    program = Wrong()
    try:
        program.make(0, 0, "int")
        program.perform(MAIN, do("len", 0))
        with pytest.raises(MismatchError, match="goroutine 0 ends 7"):
            program.check()
    finally:
        program.finish()

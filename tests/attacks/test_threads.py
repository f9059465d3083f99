"""Operations in threads that are not the runtime's: they wait as goroutines do, in line with them."""

import re

import pytest
from children import Child, python

from gochan.runtime import COMPILED

PRELUDE = """
    import gc, os, signal, sys, threading
    import time as clock
    from functools import partial
    from gochan import *
    from gochan import context, runtime, sync, synctest, thread, time
    from gochan.runtime import gosched, num_goroutine, stack
    from tricks import *

    def thread_waits(name="worker"):
        '''Tell for what a thread waits; None if it does not.'''
        for line in stack(all=True).splitlines():
            if line.startswith(f"thread {name} ["):
                return line.partition("[")[2].partition("]")[0]
        return None

    def until_waiting(name="worker"):
        '''Let the others run until the thread waits.'''
        limit = clock.monotonic() + 20
        while (reason := thread_waits(name)) is None:
            assert clock.monotonic() < limit, "the thread does not wait:\\n" + stack(all=True)
            time.sleep(1e-3)
        return reason

    def start(fn, name="worker", daemon=True):
        t = threading.Thread(target=fn, name=name, daemon=daemon)
        t.start()
        return t
"""


def threads(program: str, *args: str, patience: float = 60) -> Child:
    """Run a program after PRELUDE."""
    return python(PRELUDE + program, *args, patience=patience)


# What a thread does; for what it waits; what a goroutine does then; the result.
WAITS = {
    "send": ("ch.send(5)", "chan send", "assert ch.recv() == 5", None),
    "receive": ("ch.recv()", "chan receive", "ch.send(5)", 5),
    "receive ok": ("ch.recv_ok()", "chan receive", "ch.close()", (None, False)),
    "range": ("list(ch)", "chan receive", "ch.send(5); ch.send(6); ch.close()", [5, 6]),
    "select receives": ("select(recv(never), recv(ch))", "select", "ch.send(5)", (1, 5, True)),
    "select sends": ("select(recv(never), send(ch, 5))", "select", "assert ch.recv() == 5", (1, None, True)),
    "select is closed": ("select(recv(ch), recv(never))", "select", "ch.close()", (0, None, False)),
    "select meets select": ("select(recv(ch), recv(never))", "select", "select(send(ch, 5), recv(never))", (0, 5, True)),
    "a timeout": ("select(recv(ch), timeout(0.05))", "select", "pass", (1, None, True)),
    "no timeout": ("select(recv(ch), timeout(3600))", "select", "ch.send(5)", (0, 5, True)),
    "a timer's channel": ("time.after(0.05).recv() > start_time", "chan receive", "pass", True),
    "a timer in select": ("select(recv(ch), recv(time.after(0.05)))[0]", "select", "pass", 1),
    "sleep": ("time.sleep(0.05)", "sleep", "pass", None),
    "mutex": ("[mu.lock(), mu.unlock()]", "sync.Mutex.Lock", "mu.unlock()", [None, None]),
    "with mutex": ("with_lock(mu)", "sync.Mutex.Lock", "mu.unlock()", "locked"),
    "write lock": ("with_lock(rw)", "sync.RWMutex.Lock", "rw.runlock()", "locked"),
    "read lock": ("with_lock(written.rlocker())", "sync.RWMutex.RLock", "written.unlock()", "locked"),
    "wait group": ("wg.wait()", "sync.WaitGroup.Wait", "wg.done()", None),
    "condition": ("wait_for(cond)", "sync.Cond.Wait", "cond.signal()", "woken"),
    "conditions": ("wait_for(cond)", "sync.Cond.Wait", "cond.broadcast()", "woken"),
    "context": ("ctx.done().recv_ok()", "chan receive", "cancel()", (None, False)),
}

# What all of them need.
THINGS = """
    def with_lock(lock):
        with lock:
            return "locked"

    def wait_for(cond):
        with cond.l:
            cond.wait()
            return "woken"

    def main():
        ch, never, done = Chan(), Chan(), Chan(1)
        mu, rw, written = sync.Mutex(), sync.RWMutex(), sync.RWMutex()
        mu.lock(); rw.rlock(); written.lock()
        wg = sync.WaitGroup(); wg.add(1)
        cond = sync.Cond(sync.Mutex())
        ctx, cancel = context.with_cancel(context.background())
        start_time = time.now()
"""


@pytest.mark.parametrize("busy", [False, True], ids=["others wait", "others run"])
@pytest.mark.parametrize("name", WAITS)
def test_a_wait_in_a_thread(name: str, busy: bool) -> None:
    """The thread sleeps, the goroutines go on, and one of them ends its wait."""
    call, reason, then, result = WAITS[name]
    if busy:
        reason = f"{reason}|None"
    threads(
        THINGS
        + f"""
        def work():
            done.send({call})

        busy = {busy}
        def compute():
            while busy:
                gosched()

        go(compute)
        before = num_goroutine()
        t = start(work)
        reason = until_waiting()
        assert reason in {{"{reason.split("|")[0]}"}}, reason
        assert num_goroutine() == before, "a thread is no goroutine"
        {then}
        result = done.recv()
        assert result == {result!r}, result
        busy = False
        t.join()
        assert thread_waits() is None
        gosched(); gosched()
        assert num_goroutine() == 1

    run(main)
    print("over")
    """
    ).check("over\n")


@pytest.mark.parametrize("start", ["run(main)", "main()"], ids=["run", "without run"])
def test_what_needs_no_wait_in_a_thread(start: str) -> None:
    threads(
        f"""
    def main():
        buffered, unbuffered, closing = Chan(2), Chan(), Chan()
        mu, wg = sync.Mutex(), sync.WaitGroup()
        got, results = [], Chan(1)
        go(lambda: got.extend(unbuffered))
        go(closing.recv)
        gosched()

        def work():
            buffered.send(1)
            assert buffered.recv() == 1
            assert select(send(buffered, 2), default)[0] == 0
            assert select(recv(buffered), default) == (0, 2, True)
            unbuffered.send(3)
            unbuffered.close()
            close(closing)
            with mu:
                assert not mu.try_lock()
            wg.add(1)
            wg.done()
            wg.wait()
            timer = time.new_timer(3600)
            assert timer.stop()
            ctx, cancel = context.with_cancel(context.background())
            cancel()
            assert ctx.err() is not None
            assert stack().startswith("thread worker [running]:"), stack()
            gosched()
            try:
                runtime.goexit()
            except RuntimeError:
                pass
            results.send("all")

        t = start(work)
        assert results.recv() == "all"
        t.join()
        gosched()
        assert got == [3]
        assert num_goroutine() == 1

    {start}
    print("over")
    """
    ).check("over\n")


def test_goroutines_that_a_thread_starts() -> None:
    """They run in the runtime, in the order in which they were started; a panic in one ends the program."""
    threads(
        """
    def main():
        order, owner = [], threading.get_ident()
        wg = sync.WaitGroup()
        finished = Chan()

        def goroutine(n):
            assert threading.get_ident() == owner
            order.append(n)
            gosched()
            wg.done()

        def work():
            wg.add(10)
            for n in range(9):
                go(goroutine, n=n)

            @go
            def _():
                goroutine(9)

            wg.go(order.append, "group")
            wg.wait()
            finished.send("finished")

        t = start(work)
        assert finished.recv() == "finished"
        assert [n for n in order if n != "group"] == list(range(10)), order
        assert "group" in order
        t.join()
        assert num_goroutine() == 1

        def fail():
            raise ValueError("in a goroutine")

        start(lambda: go(fail))
        Chan().recv()

    try:
        run(main)
    except ValueError as e:
        print(e)
    """
    ).check("in a goroutine\n")


def test_threads_and_goroutines_are_served_in_order() -> None:
    """A thread stands in the queue where it came."""
    threads(
        """
    def main():
        ch, told = Chan(), Chan(10)

        def receive(name):
            told.send((name, ch.recv()))

        for n in range(6):
            if n % 2:
                start(partial(receive, n), f"t{n}")
                until_waiting(f"t{n}")
            else:
                go(receive, n)
                gosched()
        for n in range(6):
            ch.send(n)
        assert sorted(told.recv() for _ in range(6)) == [(n, n) for n in range(6)]

        def give(name):
            ch.send(name)

        for n in range(6):
            if n % 2:
                start(partial(give, n), f"s{n}")
                until_waiting(f"s{n}")
            else:
                go(give, n)
                gosched()
        assert [ch.recv() for _ in range(6)] == list(range(6))
        gosched()
        assert num_goroutine() == 1

    run(main)
    print("over")
    """
    ).check("over\n")


def test_threads_alone() -> None:
    """Two foreign threads meet while every goroutine waits."""
    threads(
        """
    def main():
        ch, back, done = Chan(), Chan(), Chan()

        def ping():
            for n in range(1000):
                ch.send(n)
                assert back.recv() == n
            done.send("pinged")

        def pong():
            for n in range(1000):
                back.send(ch.recv())

        start(ping, "ping")
        start(pong, "pong")
        print(done.recv())

    run(main)
    """
    ).check("pinged\n")


EVERYTHING = """
    import random
    N = int(sys.argv[1])          # values each way
    THREADS, GOROUTINES, CHANNELS = 4, 50, 5

    def main():
        up = [Chan(n) for n in range(CHANNELS)]
        down = [Chan(n) for n in range(CHANNELS)]
        seen = {"up": bytearray(N), "down": bytearray(N)}
        never, over = Chan(), Chan()
        open_senders = {"up": sync.WaitGroup(), "down": sync.WaitGroup()}
        open_receivers = sync.WaitGroup()
        problems = []

        def guarded(fn, *args):
            try:
                fn(*args)
            except BaseException as e:
                problems.append(repr(e))
                raise

        def sender(way, channels, values, seed):
            rng = random.Random(seed)
            for v in values:
                ch = rng.choice(channels)
                kind = v % 7
                if kind < 4:
                    ch.send(v)
                elif kind < 6:
                    a, b = rng.sample(channels, 2)
                    assert select(send(a, v), recv(never), send(b, v))[0] != 1
                else:
                    while select(send(ch, v), timeout(1e-3))[0] != 0:
                        pass
                if v % 1000 == 999:
                    # Somebody waits for the end of a channel.
                    ended = Chan()
                    go(lambda: [ended.recv_ok()])
                    ended.close()
            open_senders[way].done()

        def receiver(way, channels, seed):
            rng = random.Random(seed)
            count = seen[way]
            left = list(channels)
            while left:
                ch = rng.choice(left)
                kind = rng.randrange(4)
                if kind == 0 and len(left) > 1:
                    a, b = rng.sample(left, 2)
                    # Not for good, either: the last values may be on the other channels.
                    index, v, ok = select(recv(a), recv(b), timeout(1e-2))
                    if index == 2:
                        continue
                    ch = (a, b)[index]
                elif kind == 1:
                    index, v, ok = select(recv(ch), timeout(1e-3), recv(never))
                    if index == 1:
                        continue
                elif kind == 2:
                    index, v, ok = select(recv(ch), default)
                    if index == 1:
                        continue
                else:
                    # Not for good: the others may get all that is left on this channel.
                    index, v, ok = select(recv(ch), timeout(1e-2))
                    if index == 1:
                        continue
                if ok:
                    count[v] += 1
                else:
                    left.remove(ch)
            open_receivers.done()

        def close_when_sent(way, channels):
            open_senders[way].wait()
            for ch in channels:
                ch.close()

        open_senders["up"].add(THREADS)
        open_senders["down"].add(GOROUTINES)
        open_receivers.add(THREADS + GOROUTINES)
        for n in range(THREADS):
            start(partial(guarded, sender, "up", up, range(n, N, THREADS), n), f"sender {n}")
            start(partial(guarded, receiver, "down", down, n), f"receiver {n}")
        for n in range(GOROUTINES):
            go(guarded, sender, "down", down, range(n, N, GOROUTINES), 100 + n)
            go(guarded, receiver, "up", up, 100 + n)
        start(partial(guarded, close_when_sent, "up", up), "closer")
        go(guarded, close_when_sent, "down", down)
        open_receivers.wait()
        assert not problems, problems
        for way, count in seen.items():
            lost, twice = count.count(0), sum(n > 1 for n in count)
            assert not lost and not twice, f"{way}: {lost} lost, {twice} more than once"
        for t in threading.enumerate():
            if t is not threading.main_thread():
                t.join()
        for _ in range(200):
            gosched()
        assert num_goroutine() == 1, stack(all=True)

    run(main)
    print("each once")
"""


def test_eight_threads_and_a_hundred_goroutines() -> None:
    threads(EVERYTHING, "100000" if COMPILED else "10000", patience=170).check("each once\n")


@pytest.mark.soak
def test_eight_threads_and_a_hundred_goroutines_long() -> None:
    threads(EVERYTHING, "1000000" if COMPILED else "100000", patience=3600).check("each once\n")


def test_threads_with_a_short_switch_interval() -> None:
    """The interpreter takes the lock away after every few bytecodes."""
    threads("    sys.setswitchinterval(1e-6)\n" + EVERYTHING, "10000" if COMPILED else "2000", patience=170).check("each once\n")


# --- what is seen of a thread that waits -----------------------------------------------------------------------


def test_a_stack_shows_the_threads_that_wait() -> None:
    child = threads(
        """
    def main():
        ch = Chan()

        def inner():
            return ch.recv()

        def work():
            inner()

        t = start(work, "reader-1")
        until_waiting("reader-1")
        print(stack(all=True))
        ch.send(1)
        t.join()

    run(main)
    """
    )
    child.check()
    text = child.out[child.out.index("thread reader-1") :]
    lines = text.splitlines()
    assert lines[0] == "thread reader-1 [chan receive]:"
    frames = [match[1] for line in lines if (match := re.search(r'^  File ".*", line \d+, in (.*)$', line))]
    assert frames[:2] == ["main.<locals>.inner", "main.<locals>.work"], text
    assert "gochan" not in text, text


def test_a_deadlock_shows_the_threads_that_wait() -> None:
    """A thread that waits for the goroutines wakes none of them."""
    child = threads(
        """
    def main():
        ch, other = Chan(), Chan()

        def work():
            select(recv(ch), send(other, 1))

        start(work, "chooser")
        until_waiting("chooser")
        go(Chan().send, 5)
        begin = clock.monotonic()
        try:
            Chan().recv()
        except Deadlock as e:
            print(e)
            assert clock.monotonic() - begin < 5

    run(main)
    """
    )
    child.check()
    assert child.out.startswith("all goroutines are asleep - deadlock!\n"), child.out
    for state in ("goroutine 1 [chan receive]:", "[chan send]:", "thread chooser [select]:"):
        assert state in child.out, child.out


# --- how its wait ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["returns", "raises", "a goroutine raises", "deadlock"])
@pytest.mark.parametrize("name", ["receive", "send", "select sends", "mutex", "wait group", "condition"])
def test_the_programs_end_ends_the_wait_of_a_thread(name: str, how: str) -> None:
    """With a RuntimeError that says so, and no value is taken."""
    call, _, _, _ = WAITS[name]
    end = {
        "returns": "return",
        "raises": "1 // 0",
        "a goroutine raises": "go(lambda: 1 // 0); select()",
        "deadlock": "Chan().recv()",
    }[how]
    child = threads(
        THINGS
        + f"""
        def work():
            try:
                {call}
            except RuntimeError as e:
                said.append(str(e))

        workers.append(start(work))
        until_waiting()
        {end}

    said, workers = [], []
    try:
        run(main)
    except (ZeroDivisionError, Deadlock) as e:
        pass
    workers[0].join(10)
    assert not workers[0].is_alive(), "it waits on"
    print(*said)
    # The next program is a program like any other.
    ch = Chan()
    go(ch.send, 5)
    assert ch.recv() == 5
    """
    )
    child.check()
    assert re.search("^the program .*has ended$", child.out, re.MULTILINE), child.out


@pytest.mark.parametrize("program", ["run", "without run"])
@pytest.mark.parametrize("daemon", [True, False], ids=["daemon", "no daemon"])
def test_the_interpreters_exit_ends_the_wait_of_a_thread(program: str, daemon: bool) -> None:
    """A thread that waits does not keep the process from ending."""
    child = threads(
        f"""
    ch = Chan()

    def work():
        try:
            ch.recv()
        except RuntimeError as e:
            os.write(1, f"{{e}}\\n".encode())

    def main():
        gosched()
        start(work, daemon={daemon})
        until_waiting()
        print("main ends", flush=True)

    if {program!r} == "run":
        try:
            run(lambda: [main(), sys.exit(0)])
        finally:
            pass
    else:
        main()
    """,
        patience=20,
    )
    assert not child.hung and child.status == 0 and child.err == "", str(child)
    assert child.out.startswith("main ends\n")
    if not daemon:
        assert re.search("ended|exiting", child.out), str(child)


@pytest.mark.parametrize("name", ["receive", "send", "select receives", "no timeout", "sleep", "mutex", "wait group", "condition"])
def test_ctrl_c_ends_the_wait_of_the_main_thread(name: str) -> None:
    """The runtime is another thread's; the main thread, which waits, gets the KeyboardInterrupt."""
    call = WAITS[name][0].replace("0.05", "3600")
    threads(
        THINGS
        + f"""
        def interrupt():
            until_waiting("MainThread")
            os.kill(os.getpid(), signal.SIGINT)

        def waiting():
            try:
                {call}
            except KeyboardInterrupt:
                return "interrupted"

        go(interrupt)
        calls.append(waiting)
        begin.release()
        with thread.guests():  # all that wait wait for the signal
            ended.recv()
        # It has left the queues.
        assert select(send(ch, 1), recv(ch), default)[0] == 2
        mu.unlock()
        with mu:
            pass
        wg.done()
        cond.broadcast()
        assert num_goroutine() == 1

    calls, begin, ended = [], threading.Lock(), Chan(1)
    begin.acquire()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    owner = start(partial(run, main), "owner")
    begin.acquire()
    print(calls[0]())
    ended.send(None)
    owner.join(10)
    assert not owner.is_alive()
    """
    ).check("interrupted\n")


def test_ctrl_c_ends_the_program_and_the_waits_of_its_threads() -> None:
    child = threads(
        """
    def main():
        def work():
            try:
                Chan().recv()
            except RuntimeError as e:
                os.write(1, f"{e}\\n".encode())

        start(work, daemon=False)
        until_waiting()
        go(lambda: [gosched(), os.kill(os.getpid(), signal.SIGINT)])
        select(timeout(3600))

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(main)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    """,
        patience=20,
    )
    child.check()
    assert "interrupted" in child.out and re.search("has ended|is exiting", child.out), str(child)


def test_a_closed_channel_panics_in_the_thread() -> None:
    threads(
        """
    def main():
        ch, said = Chan(), Chan(2)

        def work():
            try:
                ch.send(1)
            except Panic as e:
                said.send(str(e))

        start(work)
        until_waiting()
        ch.close()
        print(said.recv())

    run(main)
    """
    ).check("send on closed channel\n")


# --- deadlocks ---------------------------------------------------------------------------------------------


def test_no_deadlock_while_a_started_thread_has_not_come_in() -> None:
    """It is seen to be at work elsewhere, and may yet send."""
    threads(
        """
    def main():
        ch = Chan()
        go_on = threading.Event()

        def work():
            go_on.wait()
            # Long after all goroutines have gone to sleep.
            clock.sleep(0.5)
            ch.send(5)

        start(work)
        go_on.set()
        assert ch.recv() == 5
        print("received")

    run(main)
    """
    ).check("received\n")


NO_MORE = {
    "it has ended": "t = start(lambda: clock.sleep(0.3))",
    "it waits itself": "t = start(Chan().recv); until_waiting()",
    "it was there before": "pass",
    "it is of the pool": "thread.call(clock.sleep, 0)",
    "it is the watchdog": "runtime.set_watchdog(5)",
}


@pytest.mark.parametrize("why", NO_MORE)
def test_a_deadlock_when_no_thread_can_come_in(why: str) -> None:
    threads(
        f"""
    def main():
        {NO_MORE[why]}
        begin = clock.monotonic()
        try:
            Chan().recv()
        except Deadlock as e:
            print("deadlock")
            assert clock.monotonic() - begin < 5

    before = threading.Event()
    start(before.wait, "there before")
    run(main)
    """,
        patience=20,
    ).check("deadlock\n")


def test_a_thread_and_a_bubble() -> None:
    """What belongs to a bubble is not for threads, as it is not for other goroutines."""
    threads(
        """
    def main():
        def fn():
            ch = Chan()

            def work():
                for use in (ch.recv, partial(ch.send, 1), ch.close, partial(select, recv(ch), default)):
                    try:
                        use()
                    except Panic as e:
                        said.append(str(e))

            t = threading.Thread(target=work)
            t.start()
            t.join()

        synctest.test(fn)

    said = []
    run(main)
    assert len(said) == 4 and all("synctest channel from outside bubble" in text for text in said), said
    print("refused")
    """
    ).check("refused\n")


def test_a_thread_leaves_nothing() -> None:
    threads(
        """
    import weakref

    class Value:
        pass

    def main():
        refs = []
        for n in range(50):
            ch, done = Chan(), Chan(1)

            def work():
                v = ch.recv()
                refs.append(weakref.ref(v))
                del v
                done.send(None)

            t = start(work, f"t{n}")
            if n % 2:
                until_waiting(f"t{n}")
            ch.send(Value())
            done.recv()
            t.join()
            refs.append(weakref.ref(t))
            del t, work
        gc.collect()
        assert not any(ref() for ref in refs), sum(ref() is not None for ref in refs)
        assert not any(line.startswith("thread ") for line in stack(all=True).splitlines())

    run(main)
    print("over")
    """
    ).check("over\n")

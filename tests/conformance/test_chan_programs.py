"""Follows the programs of Go's test/chan and test/ken, and others of test/ that are about channels.

Each test checks what the program of its name checks; where that program sleeps so that other goroutines come
to wait, `let_others_run` says so exactly.
"""

from __future__ import annotations

import heapq
import itertools
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from time import process_time
from typing import Any, Protocol

import pytest
from goroutines import let_others_run

from gochan import (
    Case,
    Chan,
    Panic,
    RecvChan,
    SendChan,
    cap,
    close,
    context,
    default,
    defer,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    time,
)

PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97]


# --- test/chan -------------------------------------------------------------------------------------------


def test_doubleselect() -> None:
    """test/chan/doubleselect.go: of a select's four sends exactly one is done."""

    def main() -> list[int]:
        outs = [Chan[int]() for _ in range(4)]
        merged, done = Chan[int](), Chan[bool]()

        def sender() -> None:
            for i in range(2000):
                select(*(send(out, i) for out in outs))
            for out in outs:
                close(out)

        def forward(source: RecvChan[int]) -> None:
            for v in source:
                merged.send(v)
            done.send(True)

        def closer() -> None:
            for _ in outs:
                done.recv()
            close(merged)

        go(sender)
        for out in outs:
            go(forward, out)
        go(closer)
        return list(merged)

    assert sorted(run(main)) == list(range(2000))


def test_fifo_buffered() -> None:
    """test/chan/fifo.go, AsynchFifo: what waits in a buffer comes out in the order it went in."""

    def main() -> list[int]:
        ch = Chan[int](10)
        for i in range(10):
            ch.send(i)
        return [ch.recv() for _ in range(10)]

    assert run(main) == list(range(10))


def test_fifo_unbuffered() -> None:
    """test/chan/fifo.go, SynchFifo: a daisy chain that lets one receiver after the other take its value."""

    def main() -> list[int]:
        got: list[int] = []
        values = Chan[int]()
        start = turn = Chan[int]()

        def link(before: Chan[int], after: Chan[int]) -> None:
            before.recv()
            got.append(values.recv())
            after.send(1)

        for _ in range(10):
            after = Chan[int]()
            go(link, turn, after)
            turn = after
        start.send(0)
        for i in range(10):
            values.send(i)
        turn.recv()
        return got

    assert run(main) == list(range(10))


def test_goroutines() -> None:
    """test/chan/goroutines.go: ten thousand goroutines in a row pass a value down and are all gone after."""
    n = 10_000

    def main() -> tuple[int, int]:
        def pass_on(left: Chan[int], right: Chan[int]) -> None:
            left.send(right.recv() + 1)

        leftmost = left = Chan[int]()
        for _ in range(n):
            right = Chan[int]()
            go(pass_on, left, right)
            left = right
        go(left.send, 0)
        hops = leftmost.recv()
        let_others_run()
        return hops, runtime.num_goroutine()

    assert run(main) == (n, 1)


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", [0, 1])
@pytest.mark.parametrize(("element", "value"), [(int, 123), (float, 1.5), (bool, True), (str, "hello")])
def test_nonblock(element: type, value: Any, capacity: int) -> None:
    """test/chan/nonblock.go: with default, an operation is done exactly when the other side is there."""
    ch, done = Chan[element](capacity), Chan[bool]()  # type: ignore[valid-type]
    assert select(recv(ch), default) == (1, None, False)

    def receiver() -> None:
        assert ch.recv() == value
        done.send(True)

    def sender() -> None:
        ch.send(value)
        done.send(True)

    if capacity == 0:
        assert select(send(ch, value), default) == (1, None, False)
    go(receiver)
    let_others_run()
    assert select(send(ch, value), default) == (0, None, True)
    done.recv()

    go(sender)
    let_others_run()
    if capacity:
        assert select(send(ch, value), default) == (1, None, False)
    assert select(recv(ch), default) == (0, value, True)
    done.recv()
    assert select(recv(ch), default) == (1, None, False)


@pytest.mark.gochan
def test_perm() -> None:
    """test/chan/perm.go: what a direction allows; type checkers hold to it (tests/typing), at run time a
    channel is both ends, and each operation refuses a non-channel."""
    ch = Chan[int](1)
    receiving: RecvChan[int] = ch
    sending: SendChan[int] = ch
    sending.send(1)
    assert receiving.recv_ok() == (1, True)
    assert select(send(sending, 2), default)[0] == 0
    assert select(recv(receiving), default) == (0, 2, True)
    close(sending)
    assert list(receiving) == []
    for misuse in (recv, close, cap):
        with pytest.raises(TypeError, match="3 is not a Chan"):
            misuse(3)  # type: ignore[operator]
    with pytest.raises(TypeError, match="3 is not a Chan"):
        send(3, 2)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="case 0 is 3"):
        select(3)  # type: ignore[call-overload]


@pytest.mark.gochan
def test_select() -> None:
    """test/chan/select.go: every case's value is computed at each select, whether its channel is nil or
    not."""
    computed = shift = 0

    def value() -> int:
        nonlocal computed
        computed += 1
        return 1 << shift

    def fill(a: Chan[int] | None, b: Chan[int] | None) -> int:
        nonlocal shift
        sent = 0
        while True:
            match select(send(a, value()), send(b, value()), default):
                case 0, _, _:
                    a = None
                case 1, _, _:
                    b = None
                case _:
                    return sent
            sent += 1
            shift += 1

    a, b = Chan[int](1), Chan[int](1)
    assert fill(a, b) == 2
    assert {a.recv(), b.recv()} == {1, 2}
    assert fill(a, None) == 1
    # Two a round: three rounds, then two.
    assert computed == 10


@pytest.mark.gochan(leaks=True)
def test_select2() -> None:
    """test/chan/select2.go: a select leaves nothing behind in the channels that it did not take.

    As Go's program does, this measures the memory: a waiter that stays would be a block or more.
    """
    ch, dummy = Chan[int](), Chan[int]()

    def sender() -> None:
        while True:
            ch.send(1)

    go(sender)
    blocks = []
    for _ in range(3):
        for _ in range(2000):
            assert select(recv(ch), recv(dummy))[0] == 0
        blocks.append(sys.getallocatedblocks())
    assert blocks[-1] - blocks[-2] < 1000


def _blocks(operation: Callable[[], object]) -> bool:
    """Return whether operation blocks forever: all other goroutines have run, and it has not returned."""
    returned = Chan[bool](1)

    def attempt() -> None:
        operation()
        returned.send(True)

    go(attempt)
    let_others_run()
    return select(recv(returned), default)[0] == 1


def _full() -> Chan[int]:
    ch = Chan[int](1)
    ch.send(7)
    return ch


def _closed() -> Chan[int]:
    ch = Chan[int]()
    close(ch)
    return ch


def _select_itself() -> object:
    own = Chan[int]()
    return select(send(own, 1), recv(own))


SELECT3: dict[str, tuple[bool, Callable[[], object]]] = {
    "no cases": (True, select),
    "receive from nil": (True, lambda: select(recv(None))),
    "send to nil": (True, lambda: select(send(None, 7))),
    "both with nil": (True, lambda: select(recv(None), send(None, 7))),
    "receive, nobody sends": (True, lambda: select(recv(Chan[int]()))),
    "its own other case": (True, _select_itself),
    "default alone": (False, lambda: select(default)),
    "receive from nil, default": (False, lambda: select(recv(None), default)),
    "send to nil, default": (False, lambda: select(send(None, 7), default)),
    "send with room": (False, lambda: select(send(Chan[int](1), 7))),
    "receive what is there": (False, lambda: select(recv(_full()))),
    "receive from closed": (False, lambda: select(recv(_closed()))),
    "plain receive, nobody sends": (True, lambda: Chan[int]().recv()),
    "plain send, nobody receives": (True, lambda: Chan[int]().send(7)),
    "plain send, full": (True, lambda: _full().send(7)),
    "plain send with room": (False, lambda: Chan[int](1).send(7)),
    "plain receive from closed": (False, lambda: _closed().recv()),
}


@pytest.mark.parametrize("name", SELECT3)
def test_select3(name: str) -> None:
    """test/chan/select3.go: which operations and selects block, and which don't."""
    blocks, operation = SELECT3[name]
    assert run(_blocks, operation) is blocks


def test_select3_nil_is_never_chosen() -> None:
    """test/chan/select3.go: a case with a nil channel is passed over in favour of default."""
    assert run(lambda: select(send(None, 7), default)) == (1, None, False)
    assert run(lambda: select(recv(None), default)) == (1, None, False)


@pytest.mark.gochan
def test_select3_closed() -> None:
    """test/chan/select3.go: a closed channel gives zero values without end; a send to it panics."""
    closed = Chan[int]()
    close(closed)
    for _ in range(10):
        assert closed.recv() == 0
        assert closed.recv_ok() == (0, False)
        assert select(recv(closed)) == (0, 0, False)
    with pytest.raises(Panic, match="send on closed channel"):
        closed.send(7)
    with pytest.raises(Panic, match="send on closed channel"):
        select(send(closed, 7))
    with pytest.raises(Panic, match="send on closed channel"):
        select(send(closed, 7), default)


@pytest.mark.gochan
def test_select4() -> None:
    """test/chan/select4.go: a case that is ready goes on, and what belongs to another is not touched."""
    ready, idle = Chan[int](1), Chan[int]()
    ready.send(42)
    match select(recv(idle), recv(ready)):
        case 0, _, _:
            pytest.fail("nothing was sent there")
        case 1, v, ok:
            assert (v, ok) == (42, True)


def _select5_extras() -> Iterator[tuple[str, ...]]:
    extras = ("dummy send", "dummy receive", "nil send", "nil receive")
    for chosen in itertools.product((False, True), repeat=4):
        yield tuple(extra for extra, wanted in zip(extras, chosen, strict=True) if wanted)


@pytest.mark.gochan
@pytest.mark.parametrize("place", [None, "before", "after"])
@pytest.mark.parametrize("kind", ["receive", "send"])
def test_select5(kind: str, place: str | None) -> None:
    """test/chan/select5.go: one real case among any set of others, blocking or not, is the one that runs; and
    what the cases are made of is evaluated once, from left to right."""
    ch, dummy = Chan[int](1), Chan[int]()
    for n, extras in enumerate(_select5_extras()):
        order: list[str] = []

        def channel(c: Chan[int] | None, step: str, order: list[str] = order) -> Chan[int] | None:
            order.append(step)
            return c

        def value(v: int, step: str, order: list[str] = order) -> int:
            order.append(step)
            return v

        cases: list[Case[Any]] = [default] if place == "before" else []
        if kind == "receive":
            ch.send(n)
            cases.append(recv(channel(ch, "channel")))
            expected = ["channel"]
        else:
            cases.append(send(channel(ch, "channel"), value(n, "value")))
            expected = ["channel", "value"]
        for extra in extras:
            other = dummy if extra.startswith("dummy") else None
            if extra.endswith("send"):
                cases.append(send(channel(other, extra), value(1, extra)))
                expected += [extra, extra]
            else:
                cases.append(recv(channel(other, extra)))
                expected.append(extra)
        if place == "after":
            cases.append(default)
        real = 1 if place == "before" else 0
        assert select(*cases) == (real, n if kind == "receive" else None, True)
        if kind == "send":
            assert ch.recv() == n
        assert order == expected


@pytest.mark.gochan
def test_select5_nonblock() -> None:
    """test/chan/select5.go, nonblock: with no case ready, default runs, wherever it stands among them."""
    dummy = Chan[int]()
    others = [send(dummy, 1), send(None, 1), recv(dummy), recv(None)]
    for chosen in itertools.product((False, True), repeat=4):
        cases = [case for case, wanted in zip(others, chosen, strict=True) if wanted]
        for at in range(len(cases) + 1):
            assert select(*cases[:at], default, *cases[at:]) == (at, None, False)


@pytest.mark.gochan
def test_select6() -> None:
    """test/chan/select6.go: a select that lost, last in a queue with others before it, leaves it whole."""
    c1, c2, c3 = Chan[bool](), Chan[bool](), Chan[bool]()
    go(c1.recv)

    @go
    def _() -> None:
        match select(recv(c1), recv(c2)):
            case 0, _, _:
                pytest.fail("nobody has sent to c1")
            case 1, _, _:
                c3.send(True)
        c1.recv()

    go(c2.send, True)
    c3.recv()
    c1.send(True)
    c1.send(True)


@pytest.mark.gochan
def test_select7() -> None:
    """test/chan/select7.go: a value meets its receiver, whatever form of send and receive each side uses."""

    def plain(c: Chan[int]) -> int:
        return c.recv()

    def one_case(c: Chan[int]) -> int:
        return select(recv(c))[1]

    def two_cases(c: Chan[int]) -> int:
        index, v, _ = select(recv(c), recv(Chan[int]()))
        assert index == 0
        return v

    senders: list[Callable[[Chan[int], int], object]] = [
        lambda c, v: c.send(v),
        lambda c, v: select(send(c, v)),
        lambda c, v: select(send(c, v), send(Chan[int](), v)),
    ]
    got: list[int] = []
    for n, (receiver, sender) in enumerate(itertools.product((plain, one_case, two_cases), senders)):
        c = Chan[int]()
        go(lambda receiver=receiver, c=c: got.append(receiver(c)))
        let_others_run()
        sender(c, n)
        let_others_run()
    assert got == list(range(9))


@pytest.mark.gochan(leaks=True)
def test_select8() -> None:
    """test/chan/select8.go: selects of one to three cases beside a goroutine that keeps on sending."""
    ch = Chan[int]()

    @go
    def _() -> None:
        while True:
            ch.send(5)

    assert select(recv(ch)) == (0, 5, True)
    assert select(default) == (0, None, False)
    for cases in ((recv(ch), default), (recv(ch), send(ch, 10), default)):
        let_others_run()
        assert select(*cases) == (0, 5, True)


@pytest.mark.gochan
def test_sendstmt() -> None:
    """test/chan/sendstmt.go: a channel received from a channel is sent to in a case; a send takes a whole
    expression."""
    channels, ch = Chan[Chan[int]](1), Chan[int](1)
    channels.send(ch)
    assert select(send(channels.recv(), 2), default)[0] == 0
    assert ch.recv() == 2
    flags = Chan[bool](1)
    no, yes = False, True
    flags << (no or yes)
    assert flags.recv() is True
    # Arithmetic binds more tightly than <<, as in Go.
    ch << 2 * 3 + 4
    assert ch.recv() == 10


def test_sieve1() -> None:
    """test/chan/sieve1.go: the prime sieve, a filter for each prime, which never ends."""

    def main() -> list[int]:
        def generate(out: SendChan[int]) -> None:
            for i in itertools.count(2):
                out.send(i)

        def without_multiples(of: int, numbers: RecvChan[int], out: SendChan[int]) -> None:
            for i in numbers:
                if i % of:
                    out.send(i)

        def sieve(primes: SendChan[int]) -> None:
            numbers = Chan[int]()
            go(generate, numbers)
            while True:
                prime = numbers.recv()
                primes.send(prime)
                rest = Chan[int]()
                go(without_multiples, prime, numbers, rest)
                numbers = rest

        primes = Chan[int]()
        go(sieve, primes)
        return [primes.recv() for _ in PRIMES]

    assert run(main) == PRIMES


def test_sieve2() -> None:
    """test/chan/sieve2.go: Eratosthenes' sieve, which feeds its own primes back through a proxy that
    grows."""

    def odds() -> Chan[int]:
        out = Chan[int](50)

        @go
        def _() -> None:
            for n in itertools.count(5, 2):
                out.send(n)

        return out

    def multiples(p: int) -> Chan[int]:
        out = Chan[int](10)

        @go
        def _() -> None:
            for n in itertools.count(p * p, 2 * p):
                out.send(n)

        return out

    def proxy(out: Chan[int]) -> Chan[int]:
        """Take values at any time, and give them to out as it takes them: the send is a case only if there is
        something to send."""
        in_ = Chan[int](10)

        @go
        def _() -> None:
            waiting: deque[int] = deque()
            while True:
                target = out if waiting else None
                match select(recv(in_), send(target, waiting[0] if waiting else 0)):
                    case 0, v, _:
                        waiting.append(v)
                    case 1, _, _:
                        waiting.popleft()

        return in_

    def sieve() -> Chan[int]:
        out, composites, fed_back = Chan[int](10), Chan[int](50), Chan[int](10)
        out.send(2)
        out.send(3)
        fed_back.send(3)

        @go
        def _() -> None:
            # The streams of multiples, by their heads.
            streams: list[tuple[int, int, Chan[int]]] = []
            last = 0

            def forward() -> None:
                nonlocal last
                head, p, stream = heapq.heappop(streams)
                if head != last:
                    composites.send(head)
                    last = head
                heapq.heappush(streams, (stream.recv(), p, stream))

            while True:
                p = fed_back.recv()
                stream = multiples(p)
                head = stream.recv()
                while streams and streams[0][0] < head:
                    forward()
                heapq.heappush(streams, (head, p, stream))
                forward()

        @go
        def _() -> None:
            feed = proxy(fed_back)
            candidates = odds()
            candidate = candidates.recv()
            for composite in composites:
                while candidate < composite:
                    feed.send(candidate)
                    out.send(candidate)
                    candidate = candidates.recv()
                if candidate == composite:
                    candidate = candidates.recv()

        return out

    def main() -> list[int]:
        primes = sieve()
        return [primes.recv() for _ in PRIMES]

    assert run(main) == PRIMES


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", [0, 1])
def test_zerosize(capacity: int) -> None:
    """test/chan/zerosize.go: channels of a type with a single value work as others do."""
    for element, value in ((tuple[()], ()), (None, None)):
        ch: Chan[Any] = Chan[element](capacity)  # type: ignore[valid-type]
        go(ch.send, value)
        assert ch.recv_ok() == (value, True)


# --- test/chan/powser1.go and powser2.go: power series ---------------------------------------------------
#
# A series is a pair of channels: a request, and then the next coefficient, which is computed only now. None
# ends it. Each operation is a goroutine, and so is each copy that `split` makes on demand.


class Series:
    """A power series: ask in `requests`, and the coefficient comes in `terms`."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.requests = Chan[int]()
        self.terms: Chan[Any] = Chan[element]()

    def get(self) -> Any:
        self.requests.send(1)
        return self.terms.recv()

    def put(self, term: Any) -> None:
        self.requests.recv()
        self.terms.send(term)

    def copy_from(self, other: Series) -> None:
        while True:
            self.requests.recv()
            self.terms.send(other.get())


class Term(Protocol):
    """What powser2 sends: any class that can do this."""

    def value(self) -> Fraction | None: ...


class Rational:
    """A term, for a channel that knows only the protocol."""

    def __init__(self, value: Fraction | None) -> None:
        self._value = value

    def value(self) -> Fraction | None:
        return self._value


class Algebra:
    """Operations on series whose channels carry the fractions themselves, or Terms that hold them."""

    def __init__(self, boxed: bool) -> None:
        self.element: Any = Term if boxed else Fraction | None
        self.box: Callable[[Fraction | None], Any] = Rational if boxed else lambda term: term
        self.unbox: Callable[[Any], Fraction | None] = (lambda t: t.value()) if boxed else lambda term: term

    def series(self) -> Series:
        return Series(self.element)

    def get(self, u: Series) -> Fraction | None:
        return self.unbox(u.get())

    def put(self, z: Series, term: Fraction | int | None) -> None:
        z.put(self.box(Fraction(term) if isinstance(term, int) else term))

    def started(self, body: Callable[[Series], None]) -> Series:
        z = self.series()
        go(body, z)
        return z

    def get_both(self, u: Series, v: Series) -> list[Fraction | None]:
        """Ask both, and take the answers as they come: each step done closes its case."""
        asks: list[Chan[int] | None] = [u.requests, v.requests]
        answers: list[Chan[Any] | None] = [None, None]
        got: list[Fraction | None] = [None, None]
        for _ in range(4):
            index, term, _ = select(send(asks[0], 1), send(asks[1], 1), recv(answers[0]), recv(answers[1]))
            if index < 2:
                asks[index] = None
                answers[index] = (u, v)[index].terms
            else:
                answers[index - 2] = None
                got[index - 2] = self.unbox(term)
        return got

    def split_into(self, u: Series, first: Series, second: Series) -> None:
        """Make u's terms come out twice, at different rates.

        The newest generation serves the copy that is ahead; the older ones hold, for the one behind, what is
        out already, and release each other in turn.
        """

        def generation(ahead: Series, behind: Series, released: Chan[int]) -> None:
            both = False
            match select(recv(ahead.requests), recv(released)):
                case 0, _, _:
                    pass
                case 1, _, _:
                    both = True
                    if select(recv(ahead.requests), recv(behind.requests))[0] == 1:
                        ahead, behind = behind, ahead
            u.requests.send(1)
            release = Chan[int]()
            go(generation, ahead, behind, release)
            term = u.terms.recv()
            ahead.terms.send(term)
            if not both:
                released.recv()
            behind.requests.recv()
            behind.terms.send(term)
            release.send(0)

        release = Chan[int]()
        go(generation, first, second, release)
        release.send(0)

    def split(self, u: Series) -> tuple[Series, Series]:
        copies = self.series(), self.series()
        go(self.split_into, u, *copies)
        return copies

    def repeat(self, c: int) -> Series:
        def body(z: Series) -> None:
            while True:
                self.put(z, c)

        return self.started(body)

    def add(self, u: Series, v: Series) -> Series:
        def body(z: Series) -> None:
            while True:
                z.requests.recv()
                a, b = self.get_both(u, v)
                if a is None or b is None:
                    z.terms.send(self.box(a if b is None else b))
                    if a is not b:
                        z.copy_from(v if a is None else u)
                else:
                    z.terms.send(self.box(a + b))

        return self.started(body)

    def times(self, c: Fraction | int, u: Series) -> Series:
        def body(z: Series) -> None:
            while True:
                z.requests.recv()
                term = self.get(u)
                z.terms.send(self.box(None if term is None else term * c))
                if term is None:
                    return

        return self.started(body)

    def sub(self, u: Series, v: Series) -> Series:
        return self.add(u, self.times(-1, v))

    def mul(self, u: Series, v: Series) -> Series:
        """With u = a + x U and v = b + x V: a b + x (a V + b U) + x x U V."""

        def body(z: Series) -> None:
            z.requests.recv()
            a, b = self.get_both(u, v)
            if a is None or b is None:
                z.terms.send(self.box(None))
                return
            z.terms.send(self.box(a * b))
            us, vs = self.split(u), self.split(v)
            w = self.add(self.times(a, vs[0]), self.times(b, us[0]))
            z.requests.recv()
            z.terms.send(w.get())
            z.copy_from(self.add(w, self.mul(us[1], vs[1])))

        return self.started(body)

    def derivative(self, u: Series) -> Series:
        def body(z: Series) -> None:
            z.requests.recv()
            term = self.get(u)
            for i in itertools.count(1):
                term = None if term is None else self.get(u)
                z.terms.send(self.box(None if term is None else i * term))
                if term is None:
                    return
                z.requests.recv()

        return self.started(body)

    def integral(self, c: int, u: Series) -> Series:
        def body(z: Series) -> None:
            self.put(z, c)
            for i in itertools.count(1):
                z.requests.recv()
                term = self.get(u)
                z.terms.send(self.box(None if term is None else term / i))
                if term is None:
                    return

        return self.started(body)

    def exponential(self, u: Series) -> Series:
        """From z' = z u': the series is made of its own split."""
        copies = self.series(), self.series()
        self.split_into(self.integral(1, self.mul(copies[0], self.derivative(u))), *copies)
        return copies[1]

    def with_power(self, u: Series, c: int, n: int) -> Series:
        """U(c x^n)."""

        def body(z: Series) -> None:
            factor = 1
            while True:
                z.requests.recv()
                term = self.get(u)
                z.terms.send(self.box(None if term is None else term * factor))
                if term is None:
                    return
                factor *= c
                for _ in range(1, n):
                    self.put(z, 0)

        return self.started(body)


@pytest.mark.gochan(leaks=True)
@pytest.mark.parametrize("boxed", [pytest.param(False, id="powser1"), pytest.param(True, id="powser2")])
def test_powser(boxed: bool) -> None:
    """test/chan/powser1.go: power series as goroutines that compute a coefficient on demand.

    test/chan/powser2.go: the same with channels of an interface.
    """
    a = Algebra(boxed)
    ones, twos = a.repeat(1), a.repeat(2)

    def check(u: Series, *wanted: Fraction | int) -> None:
        assert [a.get(u) for _ in wanted] == list(wanted)

    check(ones, 1, 1, 1, 1, 1)
    check(a.add(ones, twos), 3, 3, 3, 3)
    check(a.derivative(ones), *range(1, 11))
    check(a.integral(0, ones), 0, *(Fraction(1, i) for i in range(1, 10)))
    check(a.times(-1, twos), *[-2] * 10)
    check(a.sub(ones, twos), *[-1] * 10)
    check(a.mul(ones, ones), *range(1, 11))
    # e^(1/(1-x)), without the constant: these are Go's numbers.
    wanted = "1 1 3/2 13/6 73/24 167/40 4051/720 37633/5040 43817/4480 4596553/362880"
    check(a.exponential(ones), *map(Fraction, wanted.split()))
    arctangent = a.integral(0, a.with_power(ones, -1, 2))
    check(arctangent, 0, 1, 0, Fraction(-1, 3), 0, Fraction(1, 5), 0, Fraction(-1, 7), 0, Fraction(1, 9))

    def three(z: Series) -> None:
        for term in (1, 2, 3, None):
            a.put(z, term)

    # A sum goes on with the longer one; a series that has ended ends what is made of it.
    check(a.add(a.started(three), twos), 3, 4, 5, 2, 2)
    halved = a.times(Fraction(1, 2), a.started(three))
    assert [a.get(halved) for _ in range(4)] == [Fraction(1, 2), 1, Fraction(3, 2), None]


# --- test/ken --------------------------------------------------------------------------------------------


class _Line:
    """A numbered line of test/ken/chan.go: a channel with the numbers that go through it, in order."""

    def __init__(self, capacity: int) -> None:
        self.ch = Chan[int](capacity)
        self.sender: Chan[int] | None = self.ch
        self.receiver: Chan[int] | None = self.ch
        self.sent = self.received = 0

    LENGTH = 76

    def did_send(self) -> bool:
        self.sent += 1
        if self.sent == self.LENGTH:
            self.sender = None
        return self.sender is None

    def did_receive(self, v: int) -> bool:
        assert v == self.received
        self.received += 1
        if self.received == self.LENGTH:
            self.receiver = None
        return self.receiver is None


@pytest.mark.parametrize("capacity", [0, 1, 10, 100])
def test_ken_chan(capacity: int) -> None:
    """test/ken/chan.go: senders, receivers and eight-case selects in every pairing, in random order; each
    line's numbers come through in order, and none is lost."""

    def main() -> int:
        jumble = 0
        running = 0
        lines: list[_Line] = []

        def pause(n: int) -> None:
            nonlocal jumble
            jumble = (jumble + 10007) % 1_000_000
            for _ in range(jumble % n + 1):
                runtime.gosched()

        def start(body: Callable[..., None], *args: Any) -> None:
            nonlocal running
            running += 1
            go(body, *args)

        def sender(line: _Line) -> None:
            nonlocal running
            done = False
            while not done:
                pause(10)
                line.ch.send(line.sent)
                done = line.did_send()
            running -= 1

        def receiver(line: _Line) -> None:
            nonlocal running
            done = False
            while not done:
                pause(10)
                done = line.did_receive(line.ch.recv())
            running -= 1

        def selector(receiving: list[_Line], sending: list[_Line]) -> None:
            nonlocal running
            left = len(receiving) + len(sending)
            while left:
                pause(5)
                cases: list[Case[Any]] = [recv(line.receiver) for line in receiving]
                cases += [send(line.sender, line.sent) for line in sending]
                i, v, _ = select(*cases)
                n = i - len(receiving)
                left -= receiving[i].did_receive(v) if n < 0 else sending[n].did_send()
            running -= 1

        def fresh(n: int) -> list[_Line]:
            made = [_Line(capacity) for _ in range(n)]
            lines.extend(made)
            return made

        def wait() -> None:
            while running:
                runtime.gosched()

        a = fresh(4)
        for line in a:
            start(sender, line)
            start(receiver, line)
        wait()

        a = fresh(4)
        for line in a:
            start(sender, line)
        start(selector, a, [])
        wait()

        a = fresh(4)
        for line in a:
            start(receiver, line)
        start(selector, [], a)
        wait()

        a = fresh(4)
        start(selector, [], a)
        start(selector, a, [])
        wait()

        a, b = fresh(4), fresh(4)
        start(selector, b, a)
        start(selector, a, b)
        wait()

        a, b, c = fresh(4), fresh(4), fresh(4)
        for line in b:
            start(sender, line)
        for line in c:
            start(receiver, line)
        start(selector, b, a)
        start(selector, a, c)
        wait()
        assert all(line.sent == line.received == _Line.LENGTH for line in lines)
        return len(lines)

    assert run(main) == 4 * 4 + 8 + 12


def test_ken_chan1() -> None:
    """test/ken/chan1.go: ten receivers take from one buffered channel; each message once, none before its
    send."""

    def main() -> list[int]:
        ch = Chan[int](2)
        mark = [0] * 1000

        def receiver() -> None:
            while True:
                _, n, _ = select(recv(ch))
                assert mark[n] == 1
                mark[n] = 2

        for _ in range(10):
            go(receiver)
            runtime.gosched()
        for n in range(1000):
            assert mark[n] == 0
            mark[n] = 1
            ch.send(n)
        let_others_run()
        return mark

    assert run(main) == [2] * 1000


# --- at the top of test/ ---------------------------------------------------------------------------------


class _Plain:
    """The operations of test/closedchan.go, in their own form."""

    def __init__(self, ch: Chan[int]) -> None:
        self.ch = ch

    others: tuple[Case[Any], ...] = ()

    def send(self, v: int) -> None:
        self.ch.send(v)

    def recv_ok(self) -> tuple[int, bool]:
        return self.ch.recv_ok()

    def send_now(self, v: int) -> bool:
        return select(send(self.ch, v), *self.others, default)[0] == 0

    def recv_now(self) -> tuple[int, bool, bool]:
        i, v, ok = select(*self.others, recv(self.ch), default)
        return v, ok, i == len(self.others)


class _Select(_Plain):
    """The same by a select of one case, and of two with default."""

    def send(self, v: int) -> None:
        select(*self.others, send(self.ch, v))

    def recv_ok(self) -> tuple[int, bool]:
        i, v, ok = select(*self.others, recv(self.ch))
        assert i == len(self.others)
        return v, ok


class _LargerSelect(_Select):
    """The same with a case that is never ready beside it."""

    def __init__(self, ch: Chan[int]) -> None:
        super().__init__(ch)
        self.others = (recv(Chan[bool]()),)


@pytest.mark.gochan
@pytest.mark.parametrize("form", [_Plain, _Select, _LargerSelect])
@pytest.mark.parametrize("first", [None, "recv", "recv_ok", "recv_now"])
def test_closedchan(form: type[_Plain], first: str | None) -> None:
    """test/closedchan.go: what each form of operation does on a closed channel, drained or with a value."""
    ch = Chan[int](2 if first else 0)
    if first:
        ch.send(1)
    close(ch)
    c = form(ch)
    if first == "recv":
        assert ch.recv() == 1
    elif first == "recv_ok":
        assert c.recv_ok() == (1, True)
    elif first == "recv_now":
        assert c.recv_now() == (1, True, True)
    for _ in range(3):
        assert ch.recv() == 0
        assert c.recv_ok() == (0, False)
        assert c.recv_now() == (0, False, True)
    with pytest.raises(Panic, match="send on closed channel"):
        c.send_now(1)
    assert c.recv_ok() == (0, False)
    with pytest.raises(Panic, match="send on closed channel"):
        c.send(2)
    assert c.recv_ok() == (0, False)


def test_closedchan_twice() -> None:
    """test/closedchan.go: to close nil, or what is closed, is a panic."""
    with pytest.raises(Panic, match="close of nil channel"):
        close(None)
    ch = Chan[int]()
    close(ch)
    with pytest.raises(Panic, match="close of closed channel"):
        close(ch)


@pytest.mark.gochan
def test_chancap() -> None:
    """test/chancap.go: len and cap, and capacities that are none."""
    ch = Chan[int](10)
    assert (len(ch), cap(ch)) == (0, 10)
    for i in range(3):
        ch.send(i)
    assert (len(ch), cap(ch)) == (3, 10)
    ch = Chan[int]()
    assert (len(ch), cap(ch)) == (0, 0)
    with pytest.raises(ValueError, match=r"Chan\(-1\)"):
        Chan[int](-1)


def test_chanlinear() -> None:
    """test/chanlinear.go: a select among thousands in one queue leaves it at once, without walking along it.

    So the time of an operation does not grow with the length of the queue.
    """

    def seconds_each(n: int) -> float:
        shared = Chan[bool]()
        own = [Chan[bool]() for _ in range(n)]
        rounds = [0] * n

        def waiter(i: int) -> None:
            while True:
                assert select(recv(shared), recv(own[i]))[0] == 1
                rounds[i] += 1

        for i in range(n):
            go(waiter, i)
        let_others_run()
        # Each leaves from the middle, and comes back at the end.
        order = list(range(n))
        random.Random(1).shuffle(order)
        begin = process_time()
        for i in order:
            own[i].send(True)
        let_others_run()
        took = process_time() - begin
        assert rounds == [1] * n
        return took / n

    def linear() -> bool:
        # Walked along, it would take 32 times as long; the larger one also misses the processor's caches.
        return run(seconds_each, 8000) < 10 * run(seconds_each, 250)

    assert any(linear() for _ in range(5))


def test_range() -> None:
    """test/range.go, testchan: a loop over a channel takes all values until it is closed."""

    def main() -> str:
        def letters() -> Chan[str]:
            ch = Chan[str]()

            @go
            def _() -> None:
                for code in range(ord("a"), ord("z") + 1):
                    ch.send(chr(code))
                close(ch)

            return ch

        assert sum(1 for _ in letters()) == 26
        return "".join(letters())

    assert run(main) == "abcdefghijklmnopqrstuvwxyz"


def test_235() -> None:
    """test/235.go: the numbers with no prime factor but 2, 3 and 5, from three goroutines that multiply."""

    def main() -> list[int]:
        def multiplier(f: int) -> tuple[Chan[int], Chan[int]]:
            in_, out = Chan[int](100), Chan[int](100)

            @go
            def _() -> None:
                while True:
                    out.send(f * in_.recv())

            return in_, out

        lines = [multiplier(f) for f in (2, 3, 5)]
        heads = [1, 1, 1]
        x = 1
        found: list[int] = []
        while len(found) < 101:
            for in_, _ in lines:
                in_.send(x)
            for i, (_, out) in enumerate(lines):
                if heads[i] == x:
                    heads[i] = out.recv()
            x = min(heads)
            found.append(x)
        return found

    def smooth(n: int) -> bool:
        for p in (2, 3, 5):
            while n % p == 0:
                n //= p
        return n == 1

    assert run(main) == list(filter(smooth, range(2, 1621)))


def test_goprint() -> None:
    """test/goprint.go: `go` takes a builtin with its arguments, and its goroutine ends once it has run."""
    printed: list[tuple[object, ...]] = []

    def main() -> int:
        before = runtime.num_goroutine()
        go(print, 42, True, 1.5, "world", None, file=_Recorder(printed))
        assert runtime.num_goroutine() == before + 1
        let_others_run()
        return runtime.num_goroutine() - before

    assert run(main) == 0
    assert "".join(map(str, itertools.chain(*printed))) == "42 True 1.5 world None\n"


class _Recorder:
    def __init__(self, into: list[tuple[object, ...]]) -> None:
        self.write = lambda text: into.append((text,))


def test_stack() -> None:
    """test/stack.go: go, defer and closures at many depths of recursion."""
    depth = 200
    ended: list[int] = []

    def main() -> None:
        ch = Chan[int]()

        def recur(n: int) -> None:
            go(lambda: ch.send(sum([1] * 20)))
            assert ch.recv() == 20
            closure = lambda m: m + n  # noqa: E731 - a closure, made at each depth
            assert closure(20) == 20 + n
            if n:
                recur(n - 1)
            ended.append(n)

        recur(depth)

    run(main)
    assert ended == list(range(depth + 1))


@pytest.mark.gochan
def test_func5() -> None:
    """test/func5.go: `go` with a function, a variable, what a call returns, and a lambda."""
    ch = Chan[int]()

    def add(x: int, y: int) -> None:
        ch.send(x + y)

    variable = add
    go(add, 1, 2)
    assert ch.recv() == 3
    go(variable, 1, 2)
    assert ch.recv() == 3
    go({"returned": variable}.get("returned", print), 1, 2)
    assert ch.recv() == 3
    go(lambda a, b: ch.send(a + b), 1, 2)
    assert ch.recv() == 3


@pytest.mark.gochan(leaks=True)
def test_nil() -> None:
    """test/nil.go, chantest: a nil channel, None, is empty, cannot be closed, and its cases are never
    ready."""
    assert cap(None) == 0
    with pytest.raises(Panic, match="close of nil channel"):
        close(None)
    assert _blocks(lambda: select(recv(None)))
    assert _blocks(lambda: select(send(None, 1)))


# --- test/typeparam/chans.go -----------------------------------------------------------------------------


def _read_all(ctx: context.Context, ch: RecvChan[int]) -> list[int]:
    got: list[int] = []
    while True:
        match select(recv(ctx.done()), recv(ch)):
            case 0, _, _:
                return got
            case 1, v, ok:
                if not ok:
                    return got
                got.append(v)


@pytest.mark.gochan
def test_typeparam_chans_merge() -> None:
    """test/typeparam/chans.go, TestReadAll, TestMerge and TestFilter: each stage ends when what it reads
    from is closed, or its context is canceled."""

    def numbers(*values: int) -> Chan[int]:
        ch = Chan[int]()

        @go
        def _() -> None:
            defer(close, ch)
            for v in values:
                ch.send(v)

        return ch

    def merge(ctx: context.Context, a: Chan[int] | None, b: Chan[int] | None) -> Chan[int]:
        out = Chan[int]()

        @go
        def _() -> None:
            nonlocal a, b
            defer(close, out)
            while a is not None or b is not None:
                match select(recv(ctx.done()), recv(a), recv(b)):
                    case 0, _, _:
                        return
                    case 1, v, True:
                        out.send(v)
                    case 1, _, _:
                        a = None
                    case 2, v, True:
                        out.send(v)
                    case _:
                        b = None

        return out

    def only(ctx: context.Context, ch: Chan[int], wanted: Callable[[int], bool]) -> Chan[int]:
        out = Chan[int]()

        @go
        def _() -> None:
            defer(close, out)
            while True:
                match select(recv(ctx.done()), recv(ch)):
                    case 1, v, True:
                        if wanted(v):
                            out.send(v)
                    case _:
                        return

        return out

    ctx = context.background()
    assert _read_all(ctx, numbers(4, 2, 5)) == [4, 2, 5]
    assert sorted(_read_all(ctx, merge(ctx, numbers(1, 3, 5), numbers(2, 4, 6)))) == [1, 2, 3, 4, 5, 6]
    assert _read_all(ctx, only(ctx, numbers(1, 2, 3), lambda v: v % 2 == 0)) == [2]
    canceled, cancel = context.with_cancel(ctx)
    silent = merge(canceled, Chan[int](), None)
    cancel()
    assert list(silent) == []


@pytest.mark.gochan(synctest=True)
def test_typeparam_chans_sink() -> None:
    """test/typeparam/chans.go, TestSink: sends to it don't wait, so a timer beside them does not fire."""
    sink = Chan[int]()

    @go
    def _() -> None:
        for _ in sink:
            pass

    after = time.new_timer(time.MINUTE)
    for v in (1, 2, 3):
        assert select(send(sink, v), recv(after.c))[0] == 0
    after.stop()
    close(sink)


@pytest.mark.gochan
def test_typeparam_chans_exclusive() -> None:
    """test/typeparam/chans.go, TestExclusive and TestExclusiveTry: a channel with one value is a lock."""
    lock, done = Chan[list[int]](1), Chan[bool]()
    lock.send([0])

    def worker() -> None:
        for _ in range(10):
            held = lock.recv()
            held[0] += 1
            runtime.gosched()
            lock.send(held)
        done.send(True)

    go(worker)
    go(worker)
    done.recv()
    done.recv()
    i, held, _ = select(recv(lock), default)
    assert (i, held) == (0, [20])
    assert select(recv(lock), default)[0] == 1
    assert select(send(lock, [0]), default)[0] == 0
    assert select(send(lock, [0]), default)[0] == 1


@pytest.mark.gochan
def test_typeparam_chans_ranger() -> None:
    """test/typeparam/chans.go, TestRanger: a sender learns that there is no receiver any more.

    Go's receiver says so in a finalizer; here it closes its side.
    """
    values, left, stopped = Chan[int](), Chan[None](), Chan[bool]()

    @go
    def _() -> None:
        assert values.recv() == 1
        close(left)

    @go
    def _() -> None:
        assert select(send(values, 1), recv(left))[0] == 0
        stopped.send(select(send(values, 2), recv(left))[0] == 1)

    assert stopped.recv() is True

"""A graph of goroutines that changes while messages run through it, and counts each in and out.

The messages go through layers. Between two layers lie a few channels, each of another capacity; the nodes of
a layer take from its channels and give to the next one's. A node handles a few hundred messages and leaves,
and another, of a random kind, takes its place. No message can go in a circle, so that the graph never stands
still while the sinks take.

A message is a number: its block, and its place in the block. A block is what one producer sends in its life;
its record has a place for each message, so that one that is lost or comes twice is told by name.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from gochan import Chan, close, context, default, go, recv, run, select, send, sync, time, timeout
from gochan.runtime import gosched, num_goroutine

CAPACITIES = (0, 1, 2, 7, 32, 128)
LAYERS = 3
WIDTH = 3  # channels between two layers
NODES = 4  # at each channel
PRODUCERS = 6
BLOCK = 4096


class Block:
    """What became of the messages of one producer."""

    __slots__ = ("left", "seen")

    def __init__(self, count: int) -> None:
        self.left = count
        self.seen = bytearray(count)


class Graph:
    """Runs the graph until enough messages have gone in and enough time has passed; then drains it."""

    def __init__(self, messages: int, seconds: float, seed: int) -> None:
        self.messages = messages
        self.seconds = seconds
        self.random = random.Random(seed)
        self.layers = [
            [Chan[int](self.random.choice(CAPACITIES)) for _ in range(WIDTH)] for _ in range(LAYERS + 1)
        ]
        self.blocks: dict[int, Block] = {}
        self.started = time.now()
        self.sent = 0
        self.received = 0
        self.producers = 0
        self.nodes = 0
        self.kinds = [
            self.relay,
            self.fan_out,
            self.fan_in,
            self.choose,
            self.poll,
            self.patient,
            self.chain,
            self.under_context,
        ]

    def run(self, watch: Callable[[], None] | None = None) -> None:
        """Run it all; watch is called every now and then, in a goroutine of its own."""
        run(self._main, watch)
        assert not self.blocks, f"lost: {[(b, x.left) for b, x in self.blocks.items()]}"
        assert self.sent == self.received

    def _main(self, watch: Callable[[], None] | None) -> None:
        self.started = time.now()
        producers, sinks, watched = sync.WaitGroup(), sync.WaitGroup(), Chan[None]()
        layers = [sync.WaitGroup() for _ in range(LAYERS)]
        for at in range(LAYERS):
            for ch in self.layers[at]:
                for _ in range(NODES):
                    layers[at].go(self._stay, at, ch)
        for ch in self.layers[LAYERS]:
            for _ in range(2):
                sinks.go(self._sink, ch)
        for _ in range(PRODUCERS):
            producers.go(self._produce)
        if watch is not None:
            go(self._watch, watch, watched)
        # From the front to the end, each layer is closed once nobody gives to it any more.
        producers.wait()
        for at in range(LAYERS):
            for ch in self.layers[at]:
                close(ch)
            layers[at].wait()
        for ch in self.layers[LAYERS]:
            close(ch)
        sinks.wait()
        if watch is not None:
            watched.recv()
        # Whoever left is gone.
        for _ in range(100):
            gosched()
        assert num_goroutine() == 1

    def _watch(self, watch: Callable[[], None], watched: Chan[None]) -> None:
        while self.received < self.sent or self._more():
            watch()
            time.sleep(min(1, 0.01 + self.elapsed() / 60))
        watched.send(None)

    def elapsed(self) -> float:
        """Tell how long it has run, in seconds."""
        return time.since(self.started)

    def _more(self) -> bool:
        return self.sent < self.messages or self.elapsed() < self.seconds

    # --- the ends -------------------------------------------------------------------------------------------

    def _produce(self) -> None:
        """Send a block, and let another producer take this one's place."""
        while self._more():
            done = Chan[None]()
            go(self._send_block, done)
            done.recv()

    def _send_block(self, done: Chan[None]) -> None:
        number = self.producers
        self.producers += 1
        count = self.random.randint(1, BLOCK)
        if not self.seconds:
            count = min(count, max(1, self.messages - self.sent))
        self.sent += count
        self.blocks[number] = Block(count)
        ch = self.random.choice(self.layers[0])
        first = number * BLOCK
        for v in range(first, first + count):
            ch.send(v)
        close(done)

    def _sink(self, ch: Chan[int]) -> None:
        blocks = self.blocks
        for v in ch:
            block = blocks[v // BLOCK]
            place = v % BLOCK
            assert not block.seen[place], f"message {place} of producer {v // BLOCK} came twice"
            block.seen[place] = 1
            block.left -= 1
            self.received += 1
            if not block.left:
                del blocks[v // BLOCK]

    # --- the nodes ------------------------------------------------------------------------------------------

    def _stay(self, at: int, inp: Chan[int]) -> None:
        """Keep one place filled: a node after the other, until the channel is closed."""
        more = Chan[bool]()
        while True:
            self.nodes += 1
            kind = self.random.choice(self.kinds)
            outs = self.random.sample(self.layers[at + 1], 2)
            go(self._node, kind, inp, outs, self.random.randint(1, 500), more)
            if not more.recv():
                return

    def _node(
        self,
        kind: Callable[[Chan[int], list[Chan[int]], int], bool],
        inp: Chan[int],
        outs: list[Chan[int]],
        n: int,
        more: Chan[bool],
    ) -> None:
        more.send(kind(inp, outs, n))

    # Each kind handles about n messages and tells whether its input is still open.

    def relay(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        out = outs[0]
        for _ in range(n):
            v, ok = inp.recv_ok()
            if not ok:
                return False
            out.send(v)
        return True

    def fan_out(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """One takes, and hands to three."""
        mine = Chan[int](self.random.choice(CAPACITIES))
        wg = sync.WaitGroup()

        def worker(out: Chan[int]) -> None:
            for v in mine:
                out.send(v)

        for i in range(3):
            wg.go(worker, outs[i % 2])
        ok = self.relay(inp, [mine], n)
        close(mine)
        wg.wait()
        return ok

    def fan_in(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """Three take, and one gives on."""
        mine = Chan[int](self.random.choice(CAPACITIES))
        wg = sync.WaitGroup()
        open_ = []
        for _ in range(3):
            wg.go(lambda: open_.append(self.relay(inp, [mine], n // 3 + 1)))
        go(lambda: (wg.wait(), close(mine)))
        for v in mine:
            outs[0].send(v)
        return all(open_)

    def choose(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """Two inputs, two outputs, a way to be told to leave."""
        leave = Chan[None]()
        side = Chan[int](2)
        pending = 0
        a, b = outs
        for i in range(n):
            if i == n // 2:
                go(close, leave)
            index, v, ok = select(recv(inp), recv(side), recv(leave))
            if index == 2:
                leave = None  # type: ignore[assignment]
                continue
            if index == 0 and not ok:
                break
            if index == 0 and i % 3 == 0 and pending < 2:
                side.send(v)
                pending += 1
                continue
            pending -= index
            select(send(a, v), send(b, v))
        else:
            ok = True
        for _ in range(pending):
            a.send(side.recv())
        return ok

    def poll(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """Looks, and goes on at once if there is nothing."""
        for _ in range(n):
            index, v, ok = select(recv(inp), default)
            if index == 1:
                gosched()
                v, ok = inp.recv_ok()
            if not ok:
                return False
            if select(send(outs[0], v), default)[0] == 1:
                outs[1].send(v)
        return True

    def patient(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """Waits for a while, by a timeout or a timer."""
        timer = time.new_timer(3600)
        for i in range(n):
            _, v, ok = select(recv(inp), timeout(3600)) if i % 2 else select(recv(inp), recv(timer.c))
            if not ok:
                timer.stop()
                return False
            outs[i % 2].send(v)
        timer.stop()
        return True

    def chain(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """A few in a row; when the first leaves, the others follow."""
        first = link = Chan[int](self.random.choice(CAPACITIES))
        for _ in range(self.random.randint(1, 4)):
            after = Chan[int](self.random.choice(CAPACITIES))
            go(self._link, link, after)
            link = after
        done = Chan[None]()
        go(lambda last: ([outs[1].send(v) for v in last], close(done)), link)
        ok = self.relay(inp, [first], n)
        close(first)
        done.recv()
        return ok

    def _link(self, a: Chan[int], b: Chan[int]) -> None:
        for v in a:
            b.send(v)
        close(b)

    def under_context(self, inp: Chan[int], outs: list[Chan[int]], n: int) -> bool:
        """Ends when its context does, which a message later than n // 2 cancels."""
        ctx, cancel = context.with_cancel(context.background())
        for i in range(n):
            index, v, ok = select(recv(inp), recv(ctx.done()))
            if index == 1:
                return True
            if not ok:
                cancel()
                return False
            outs[0].send(v)
            if i >= n // 2:
                cancel()
        return True

"""Several goroutines range over one channel, several send into it: who gets what."""

from gochan import Chan, RecvChan, SendChan, close, defer, go, run, sync


def consume(c: int, items: RecvChan[str], consumers: sync.WaitGroup) -> None:
    defer(consumers.done)
    n = 0
    for item in items:
        print("consumer", c, "takes", item)
        n += 1
    print("consumer", c, "had", n)


def produce(p: int, items: SendChan[str], producers: sync.WaitGroup) -> None:
    defer(producers.done)
    for i in range(6):
        items << f"{p}.{i}"
        print("producer", p, "sent", i)


def main() -> None:
    for capacity in 0, 1, 4, 50:
        print("capacity", capacity)
        items = Chan[str](capacity)
        producers, consumers = sync.WaitGroup(), sync.WaitGroup()
        for c in range(3):
            consumers.add(1)
            go(consume, c, items, consumers)
        for p in range(4):
            producers.add(1)
            go(produce, p, items, producers)
        producers.wait()
        close(items)
        consumers.wait()


if __name__ == "__main__":
    run(main)

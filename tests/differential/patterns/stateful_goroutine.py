"""A goroutine that owns a bounded stack, and a count under a mutex.

The stack listens for a push only while there is room, for a pop only while there is something.
"""

from collections import Counter

from gochan import Chan, RecvChan, SendChan, go, recv, run, runtime, select, send, sync

quit_answer = Chan[bool]()


def stack(
    limit: int, push: RecvChan[str], pop: SendChan[str], sizes: SendChan[int], quit: RecvChan[bool]
) -> None:
    items: list[str] = []
    while True:
        source = push if len(items) < limit else None
        target, top = (pop, items[-1]) if items else (None, "")
        match select(recv(source), send(target, top), send(sizes, len(items)), recv(quit)):
            case 0, item, _:
                items.append(item)
                print("pushed", item, "of", len(items))
            case 1, _, _:
                items.pop()
                print("popped", top, "of", len(items) + 1)
            case 3, _, _:
                print("left on the stack:", f"[{' '.join(items)}]")
                quit_answer << True
                return


def main() -> None:
    push, pop, sizes, quit = Chan[str](), Chan[str](), Chan[int](), Chan[bool]()
    go(stack, 3, push, pop, sizes, quit)
    wg = sync.WaitGroup()

    def produce(i: int) -> None:
        for n in range(3):
            push << f"{'abc'[i]}{n}"
            print("producer", i, "has pushed", n)

    for i in range(3):
        wg.go(produce, i)
    runtime.gosched()
    print("size", sizes.recv())
    # A push fills it again before the next pop: with both ready, chance would choose.
    for _ in range(7):
        print("main has", pop.recv())
        runtime.gosched()
    wg.wait()
    print("size", sizes.recv())
    quit << True
    quit_answer.recv()

    mu = sync.Mutex()
    words = Counter[str]()

    def count(i: int, word: str) -> None:
        with mu:
            n = words[word]
            runtime.gosched()
            words[word] = n + 1
            print(i, word, n + 1)

    for i, word in enumerate(["go", "chan", "go", "select", "chan", "go"]):
        wg.go(count, i, word)
    wg.wait()
    with mu:
        print(words["go"], words["chan"], words["select"], len(words))


if __name__ == "__main__":
    run(main)

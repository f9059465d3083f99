"""Readers and writers: a writer that waits keeps later readers out, and lets all in when it leaves."""

from gochan import run, runtime, sync

rw = sync.RWMutex()
wg = sync.WaitGroup()


def read(i: int) -> None:
    print("reader", i, "asks")
    rw.rlock()
    print("reader", i, "is in")
    runtime.gosched()
    print("reader", i, "leaves")
    rw.runlock()
    print("reader", i, "has left")


def write(i: int) -> None:
    print("writer", i, "asks")
    rw.lock()
    print("writer", i, "is in")
    runtime.gosched()
    print("writer", i, "leaves")
    rw.unlock()
    print("writer", i, "has left")


def attempt(when: str) -> None:
    r = rw.try_rlock()
    if r:
        rw.runlock()
    w = rw.try_lock()
    if w:
        rw.unlock()
    print(when, "a reader may come in:", str(r).lower(), "a writer:", str(w).lower())


def main() -> None:
    attempt("at first")
    rw.rlock()
    attempt("beside a reader")
    rw.rlock()
    for i in range(3):
        wg.go(write, i)
        runtime.gosched()
        wg.go(read, 2 * i)
        wg.go(read, 2 * i + 1)
        runtime.gosched()
    attempt("while a writer waits")
    rw.runlock()
    print("one of two readers has left")
    runtime.gosched()
    rw.runlock()
    print("both have left")
    wg.wait()
    rw.lock()
    attempt("beside a writer")
    for i in range(4):
        wg.go(read, 10 + i)
    wg.go(write, 10)
    runtime.gosched()
    rw.unlock()
    print("main has unlocked it")
    attempt("after that")
    wg.wait()

    reading = rw.rlocker()
    cond = sync.new_cond(reading)
    told = False

    def listen(i: int) -> None:
        with reading:
            while not told:
                cond.wait()
            print("reader", i, "was told")

    for i in range(3):
        wg.go(listen, i)
    runtime.gosched()
    with rw:
        told = True
        cond.broadcast()
        print("the writer tells")
    wg.wait()


if __name__ == "__main__":
    run(main)

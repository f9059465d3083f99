"""A waiter that has waited for more than a millisecond is handed the Mutex, and nobody comes in between."""

from gochan import run, runtime, sync, time


def lower(b: bool) -> str:
    return str(b).lower()


def main() -> None:
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def waiter(i: int) -> None:
        mu.lock()
        print("waiter", i, "has it")
        mu.unlock()
        print("waiter", i, "has given it back")
        mu.lock()
        print("waiter", i, "has it again")
        mu.unlock()

    for greedy in False, True:
        print("greedy:", lower(greedy))
        mu.lock()
        for i in range(4):
            wg.go(waiter, i)
        runtime.gosched()
        time.sleep(4 * time.MILLISECOND)
        mu.unlock()
        print("main has unlocked it")
        if greedy:
            mu.lock()
            print("main has it again")
            # The woken one finds it locked, and asks for a hand-over from now on.
            runtime.gosched()
            wg.go(waiter, 4)
            wg.go(waiter, 5)
            print("main gives it away")
            mu.unlock()
            free = mu.try_lock()
            print("main goes on; try:", lower(free))
            if free:
                mu.unlock()
            mu.lock()
            print("main had to wait for its turn")
            mu.unlock()
        wg.wait()
        print("try at last:", lower(mu.try_lock()))
        mu.unlock()


if __name__ == "__main__":
    run(main)

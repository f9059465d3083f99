"""Who gets a Mutex: one that is woken competes with whoever runs, and stands in front if it loses."""

from gochan import go, run, runtime, sync


def lower(b: bool) -> str:
    return str(b).lower()


def main() -> None:
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        for round in range(4):
            mu.lock()
            print(i, "has it in round", round)
            if (i + round) % 2 == 0:
                runtime.gosched()
            mu.unlock()
            print(i, "has given it back")
            if round == 2:
                runtime.gosched()

    for i in range(5):
        wg.go(work, i)
    wg.wait()

    def ask(i: int) -> None:
        print(i, "asks for it")
        with mu:
            print(i, "has it; try:", lower(mu.try_lock()))
        print(i, "has left")

    mu.lock()
    print("try while it is locked:", lower(mu.try_lock()))
    for i in range(4):
        wg.go(ask, i)
    runtime.gosched()
    mu.unlock()
    print("unlocked, and a waiter woken; try:", lower(mu.try_lock()))
    runtime.gosched()
    print("the waiter came too late")
    mu.unlock()
    mu.lock()
    print("main was faster again")
    mu.unlock()
    wg.wait()

    mu.lock()

    @go
    def _() -> None:
        print("unlocks what main has locked")
        mu.unlock()
        print("has unlocked it")

    mu.lock()
    print("main has it again")


if __name__ == "__main__":
    run(main)

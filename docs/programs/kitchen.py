from gochan import Chan, SendChan, close, go, run, sync


def cook(name: str, dishes: int, counter: SendChan[str]) -> None:
    for n in range(dishes):
        print("cooked", name, n)
        counter << f"{name} {n}"


def main() -> None:
    counter = Chan[str](2)
    cooks = sync.WaitGroup()
    cooks.go(cook, "soup", 5, counter)
    cooks.go(cook, "cake", 2, counter)

    @go
    def _() -> None:
        cooks.wait()
        close(counter)

    for dish in counter:
        print("        served", dish)


run(main)

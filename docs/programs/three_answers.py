from gochan import Chan, go, recv, run, select, time, timeout


def ask(name: str, delay: float, out: Chan[str]) -> None:
    time.sleep(delay)
    out.send(name + " answers")


def main() -> None:
    out = Chan[str](3)
    go(ask, "near", 300 * time.MILLISECOND, out)
    go(ask, "far", 600 * time.MILLISECOND, out)
    go(ask, "lost", time.HOUR, out)

    for _ in range(3):
        match select(recv(out), timeout(time.SECOND)):
            case 0, answer, _:
                print(answer)
            case 1, _, _:
                print("no answer for a second")


run(main)

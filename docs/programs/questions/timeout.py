from gochan import Chan, SendChan, go, recv, run, select, time, timeout


def ask(out: SendChan[str]) -> None:
    time.sleep(time.MINUTE)
    out.send("yes")


def main() -> None:
    out = Chan[str](1)
    go(ask, out)
    match select(recv(out), timeout(50 * time.MILLISECOND)):
        case 0, text, _:
            print(text)
        case _:
            print("no answer in time")


run(main)

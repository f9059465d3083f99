from gochan import Chan, RecvChan, go, recv, run, select, time


def ask(mirror: str, needs: float) -> RecvChan[str]:
    answer = Chan[str](1)

    @go
    def _() -> None:
        time.sleep(needs)
        answer << f"the file, from the {mirror} mirror"

    return answer


def fetch(mirror: str, needs: float, patience: float) -> str:
    answer = ask(mirror, needs)
    match select(recv(answer), recv(time.after(patience))):
        case 0, file, _:
            return file
        case _:
            return f"no answer from the {mirror} mirror"


def main() -> None:
    print(fetch("near", 0, time.MINUTE))
    print(fetch("far", time.HOUR, 50 * time.MILLISECOND))


run(main)

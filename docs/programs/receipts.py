from typing import NamedTuple

from gochan import Chan, RecvChan, close, defer, go, run


class Result(NamedTuple):
    value: int
    err: Exception | None


def parse(*lines: str) -> RecvChan[Result]:
    out = Chan[Result]()

    @go
    def _() -> None:
        defer(close, out)
        for line in lines:
            try:
                out << Result(int(line), None)
            except ValueError:
                out << Result(0, ValueError(f"not a number: {line}"))

    return out


def main() -> None:
    total = 0
    for result in parse("12", "3o", "30"):
        if result.err is not None:
            print("skipped,", result.err)
            continue
        total += result.value
    print("total", total)


run(main)

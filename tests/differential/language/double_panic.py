"""A deferred call panics while the function panics: the program ends, and tells of both."""

from gochan import Chan, close, defer, defers, go, panic, run


@defers
def clean_up() -> None:
    defer(print, "so does the deferred call's own")
    print("the second deferred call panics too")
    panic("the clean-up has failed")


@defers
def worker() -> None:
    defer(print, "the first deferred call still runs")
    defer(clean_up)
    panic("the work has failed")


def main() -> None:
    done = Chan[bool]()

    @go
    def _() -> None:
        worker()
        close(done)

    done.recv()


if __name__ == "__main__":
    run(main)

"""An error that main panics with, after a deferred call has recovered another: its text is told."""

from gochan import defer, defers, panic, recover, run


@defers
def guarded() -> None:
    defer(lambda: print("recovered", recover()))
    panic("a small fault")


def main() -> None:
    defer(print, "main's deferred call runs")
    guarded()
    panic(Exception("the large fault"))


if __name__ == "__main__":
    run(main)

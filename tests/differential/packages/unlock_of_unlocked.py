"""Unlocking a Mutex that nobody has locked ends the program."""

from gochan import run, sync


def main() -> None:
    mu = sync.Mutex()
    mu.lock()
    print("locked")
    mu.unlock()
    print("unlocked")
    mu.unlock()  # noqa: GOC303 - it panics
    print("never printed")


if __name__ == "__main__":
    run(main)

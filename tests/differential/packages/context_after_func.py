"""AfterFunc: a function in a goroutine of its own once the context has ended, unless it is stopped before."""

from collections.abc import Callable

from gochan import Chan, context, defer, run, runtime


def lower(b: bool) -> str:
    return str(b).lower()


def main() -> None:
    parent, cancel = context.with_cancel(context.background())
    child, cancel_child = context.with_cancel(parent)
    defer(cancel_child)
    done = Chan[str]()

    def say(word: str) -> Callable[[], None]:
        def speak() -> None:
            print(word, "runs:", parent.err(), child.err())
            done << word

        return speak

    stop_stopped = context.after_func(parent, say("stopped"))
    print("stop:", lower(stop_stopped()))
    print("stop again:", lower(stop_stopped()))
    stop_first = context.after_func(child, say("first"))
    cancel()
    print("cancelled")
    print("stop, too late:", lower(stop_first()))
    print("done:", done.recv())
    stop_late = context.after_func(parent, say("late"))
    print("registered late")
    runtime.gosched()
    print("stop, too late again:", lower(stop_late()))
    print("done:", done.recv())
    never = context.after_func(context.background(), say("never"))
    print("stop what never runs:", lower(never()), lower(never()))


if __name__ == "__main__":
    run(main)

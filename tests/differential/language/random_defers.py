"""Three hundred programs drawn by chance: functions that defer, panic, recover, exit and call each other."""

from itertools import count

from gochan import Chan, defer, defers, go, panic, recover, run, runtime

state = 129


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


names = count(1)
left = 0


def shown(v: object) -> object:
    return "<nil>" if v is None else v


def recover_inside() -> object:
    return recover()


def recovering(k: int) -> None:
    print(k, "recovers", shown(recover()))


def panicking(k: int) -> None:
    print(k, "panics anew")
    panic(f"new {k}")


def passing_on(k: int) -> None:
    fault = recover()
    print(k, "recovers and passes on", shown(fault))
    if fault is not None:
        panic(fault)


def exiting(k: int) -> None:
    print(k, "exits")
    runtime.goexit()


def helped(k: int) -> None:
    print(k, "has a helper that recovers", shown(recover_inside()))


def calling(depth: int, k: int) -> None:
    body(depth)
    print(k, "recovers after a call", shown(recover()))


@defers
def body(depth: int) -> None:
    global left
    id = next(names)
    print("body", id)
    if depth == 0:
        return
    for _ in range(1 + draw(4)):
        if left == 0:
            break
        left -= 1
        k = next(names)
        what = draw(16)
        if what == 0:
            defer(print, "deferred", k)
        elif what < 3:
            defer(recovering, k)
        elif what < 4:
            defer(panicking, k)
        elif what < 6:
            defer(body, depth - 1)
        elif what < 7:
            defer(passing_on, k)
        elif what < 8:
            if draw(3) == 0:
                defer(exiting, k)
        elif what < 9:
            defer(helped, k)
        elif what < 10:
            defer(calling, depth - 1, k)
        elif what < 11:
            for i in range(3):
                defer(print, "loop", k, i)
        elif what < 12:
            print(k, "panics")
            panic(k)
        elif what < 13:
            if draw(4) == 0:
                exiting(k)
        elif what < 14:
            print(k, "returns")
            return
        else:
            body(depth - 1)
            print("back in", id)
    print("end of", id)


def main() -> None:
    global left, names
    for n in range(300):
        print("program", n)
        names, left = count(1), 30
        done = Chan[str]()

        @go
        def _(done: Chan[str] = done) -> None:
            how = "exits"
            defer(lambda: done << how)
            defer(lambda: print("at last", shown(recover())))
            body(4)
            how = "returns"

        print("it", done.recv())


if __name__ == "__main__":
    run(main)

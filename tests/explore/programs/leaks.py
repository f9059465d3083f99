"""Programs that leave goroutines blocked in some orders, and their mended twins."""

from gochan import Chan, close, context, default, go, recv, runtime, select, send, sync, timeout


def sender_after_timeout() -> None:
    """The receiver has gone when the result comes."""
    result = Chan[int]()
    go(result.send, 1)
    select(recv(result), timeout(1))


def sender_after_timeout_mended() -> None:
    result = Chan[int](1)
    go(result.send, 1)
    select(recv(result), timeout(1))


def first_of_two() -> None:
    """The slower of two answers nobody."""
    answers = Chan[int]()
    go(answers.send, 1)
    go(answers.send, 2)
    answers.recv()


def first_of_two_mended() -> None:
    answers = Chan[int](2)
    go(answers.send, 1)
    go(answers.send, 2)
    answers.recv()


def worker_without_close() -> None:
    """The jobs end, and nobody says so, unless a worker was quick."""
    jobs = Chan[int](1)
    stop = Chan[None](1)

    def work() -> None:
        while True:
            match select(recv(jobs), recv(stop)):
                case 0, _, _:
                    pass
                case _:
                    return

    go(work)
    go(work)
    jobs.send(1)
    stop.send(None)


def worker_without_close_mended() -> None:
    jobs = Chan[int](1)
    stop = Chan[None]()

    def work() -> None:
        while True:
            match select(recv(jobs), recv(stop)):
                case 0, _, _:
                    pass
                case _:
                    return

    go(work)
    go(work)
    jobs.send(1)
    close(stop)


def early_return_on_error() -> None:
    """After the first error nobody receives the others'."""
    errors = Chan[bool]()

    def work(fails: bool) -> None:
        errors.send(fails)

    go(work, False)
    go(work, True)
    for _ in range(2):
        if errors.recv():
            return


def early_return_on_error_mended() -> None:
    errors = Chan[bool](2)

    def work(fails: bool) -> None:
        errors.send(fails)

    go(work, False)
    go(work, True)
    for _ in range(2):
        if errors.recv():
            return


def generator_not_read_to_its_end() -> None:
    """The reader stops, the generator does not know."""
    numbers = Chan[int]()
    quit = Chan[None](1)

    def generate() -> None:
        for i in range(3):
            match select(send(numbers, i), recv(quit)):
                case 0, _, _:
                    pass
                case _:
                    return
        numbers.send(3)

    go(generate)
    numbers.recv()
    match select(recv(numbers), recv(numbers)):
        case _:
            pass
    match select(send(quit, None), recv(numbers)):
        case _:
            pass


def generator_not_read_to_its_end_mended() -> None:
    numbers = Chan[int]()
    quit = Chan[None]()

    def generate() -> None:
        for i in range(3):
            match select(send(numbers, i), recv(quit)):
                case 0, _, _:
                    pass
                case _:
                    return

    go(generate)
    numbers.recv()
    close(quit)


def watcher_of_a_context() -> None:
    """If the work is done first, the watcher is left with a context that nobody cancels."""
    ctx, cancel = context.with_cancel(context.background())
    done = Chan[None](1)

    def watch() -> None:
        select(recv(ctx.done()), recv(done))

    go(watch)
    go(watch)
    match select(send(done, None), default):
        case _:
            pass
    _ = cancel


def watcher_of_a_context_mended() -> None:
    ctx, cancel = context.with_cancel(context.background())
    done = Chan[None](1)

    def watch() -> None:
        select(recv(ctx.done()), recv(done))

    go(watch)
    go(watch)
    done.send(None)
    cancel()


def lock_never_given_back() -> None:
    """Whoever finds nothing to do returns with the lock."""
    mu = sync.Mutex()
    jobs = [1]

    def work() -> None:
        mu.lock()
        if not jobs:
            return
        jobs.pop()
        mu.unlock()

    for _ in range(3):
        go(work)


def lock_never_given_back_mended() -> None:
    mu = sync.Mutex()
    jobs = [1]

    def work() -> None:
        with mu:
            if jobs:
                jobs.pop()

    for _ in range(3):
        go(work)


def poller_without_an_end() -> None:
    """Nothing tells the goroutine that polls to stop."""
    polled = Chan[int](1)

    def poll() -> None:
        while True:
            runtime.gosched()
            select(send(polled, 1), default)

    go(poll)
    polled.recv()


def poller_without_an_end_mended() -> None:
    polled = Chan[int](1)

    def poll() -> None:
        for _ in range(2):
            runtime.gosched()
            select(send(polled, 1), default)

    go(poll)
    polled.recv()

"""Checks the links of a site, several pages at a time: the port of link_checker.go."""

from dataclasses import dataclass, field

from gochan import (
    Chan,
    RecvChan,
    SendChan,
    close,
    context,
    defer,
    errgroup,
    recv,
    run,
    select,
    send,
    synctest,
    time,
)

# --- the site ---


@dataclass(frozen=True)
class Page:
    delay: float
    links: list[str] = field(default_factory=list)


MS = time.MILLISECOND

SITE = {
    "/": Page(21 * MS, ["/docs", "/blog", "/about"]),
    "/docs": Page(34 * MS, ["/docs/go", "/docs/py", "/"]),
    "/docs/go": Page(53 * MS, ["/docs", "/gone"]),
    "/docs/py": Page(13 * MS, ["/docs"]),
    "/blog": Page(62 * MS, ["/blog/1", "/blog/2"]),
    "/blog/1": Page(11 * MS, ["/about", "/lost"]),
    "/blog/2": Page(400 * MS, ["/"]),
    "/about": Page(27 * MS),
}

# --- fetching one page ---


class NotFoundError(Exception):
    """There is no such page."""


def fetch(ctx: context.Context, url: str) -> list[str]:
    if url not in SITE:
        raise NotFoundError(url)
    after = time.after(SITE[url].delay)
    match select(recv(after), recv(ctx.done())):
        case 0, _, _:
            return SITE[url].links
        case _:
            err = ctx.err()
            assert err is not None
            raise err


# --- the workers ---


@dataclass(frozen=True)
class Link:
    origin: str
    to: str


@dataclass(frozen=True)
class Outcome:
    link: Link
    links: list[str] = field(default_factory=list)
    err: Exception | None = None


def work(
    ctx: context.Context,
    todo: RecvChan[Link],
    done: SendChan[Outcome],
) -> None:
    for link in todo:
        try:
            done << Outcome(link, fetch(ctx, link.to))
        except NotFoundError as err:
            done << Outcome(link, err=err)
        except context.DeadlineExceeded as err:
            message = f"fetching {link.to}: {err}"
            raise context.DeadlineExceeded(message) from err


# --- the boss ---


def boss(
    ctx: context.Context,
    todo: Chan[Link],
    done: Chan[Outcome],
    broken: list[Link],
) -> None:
    defer(close, todo)
    queue = [Link("", "/")]
    seen = {"/"}
    pending = 0
    with time.new_ticker(100 * time.MILLISECOND) as ticker:
        while queue or pending:
            # None disables the send while the queue is empty
            out = todo if queue else None
            head = queue[0] if queue else Link("", "")
            match select(
                send(out, head),
                recv(done),
                recv(ticker.c),
                recv(ctx.done()),
            ):
                case 0, _, _:
                    queue.pop(0)
                    pending += 1
                case 1, got, _:
                    pending -= 1
                    if got.err is not None:
                        broken.append(got.link)
                    for to in got.links:
                        if to not in seen:
                            seen.add(to)
                            queue.append(Link(got.link.to, to))
                case 2, _, _:
                    known = f"{len(seen)} pages known"
                    print(f"{known}, {pending} on their way")
                case _:
                    return  # a worker reports why


# --- the check ---


def check(
    parent: context.Context,
    workers: int,
    broken: list[Link],
) -> None:
    g, ctx = errgroup.with_context(parent)
    todo, done = Chan[Link](), Chan[Outcome](workers)
    for _ in range(workers):
        g.go(work, ctx, todo, done)
    g.go(boss, ctx, todo, done, broken)
    try:
        g.wait()
    finally:
        broken.sort(key=lambda link: link.to)


def report(timeout: float) -> None:
    start = time.now()
    broken: list[Link] = []
    failure = ""
    root = context.background()
    with context.with_timeout(root, timeout) as ctx:
        try:
            check(ctx, 2, broken)
        except context.DeadlineExceeded as err:
            failure = f"gave up: {err}"
        except Exception as err:
            failure = f"failed: {err}"
    for link in broken:
        print(f"{link.origin} has a broken link to {link.to}")
    if failure:
        print(failure)
    print("took", time.duration_string(time.since(start)))


# --- in a bubble, where time takes no time ---


def bubble() -> None:
    report(190 * time.MILLISECOND)
    report(10 * time.SECOND)


if __name__ == "__main__":
    run(synctest.test, bubble)

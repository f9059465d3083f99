"""Fetch many pages: a limited number at a time, with a time limit for each page and one for all.

    python fetch.py [--parallel N] [--each SECONDS] [--all SECONDS] URL...
    python fetch.py -  < urls.txt

httpx is used unchanged: a goroutine awaits its coroutines with aio.await_. All pages are sent to one channel
as soon as they are ready, and each one is printed as a line: status, bytes, milliseconds, URL. Contexts set
the limits. One context ends with Ctrl-C; its child ends when the time for all pages is over; and a child of
that ends when the time for one page is over. Whichever context ends, httpx's request is canceled, and the
pages that were fetched before are printed. A progress bar is shown on the terminal.

The exit status is 0 if every page was fetched, 1 if some were not, and 130 after Ctrl-C. The program needs
the extra `examples`.
"""

import argparse
import sys
from collections.abc import Iterable
from typing import NamedTuple

try:
    import httpx
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
except ModuleNotFoundError as error:
    sys.exit(f"fetch.py needs httpx and rich ({error}); install the extra: pip install '.[examples]'")

from gochan import (
    Chan,
    RecvChan,
    SendChan,
    aio,
    close,
    context,
    defer,
    go,
    recv,
    run,
    select,
    send,
    signal,
    sync,
    time,
)


class Page(NamedTuple):
    url: str
    seconds: float
    status: int = 0
    size: int = 0
    problem: str = ""

    def __str__(self) -> str:
        came = self.problem or f"{self.status} {self.size:>9} B"
        return f"{came:<24} {self.seconds * 1000:6.0f} ms  {self.url}"


def fetch(ctx: context.Context, client: httpx.AsyncClient, url: str, limit: float) -> Page:
    """Get one page within limit seconds."""
    begin = time.now()
    status, size, problem = 0, 0, ""
    with context.with_timeout(ctx, limit) as mine:
        try:
            response = aio.await_(client.get(url), mine)
            status, size = response.status_code, len(response.content)
            if response.is_error:
                problem = f"{status} {response.reason_phrase}"
        except context.DeadlineExceeded:
            problem = "too late" if ctx.err() is None else "out of time"
        except context.Canceled:
            problem = "stopped"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = type(error).__name__
    return Page(url, time.since(begin), status, size, problem)


def produce(ctx: context.Context, urls: Iterable[str], todo: SendChan[str]) -> None:
    defer(close, todo)
    for url in urls:
        match select(send(todo, url), recv(ctx.done())):
            case 0, _, _:
                pass
            case _:
                return


def fetch_all(
    ctx: context.Context, client: httpx.AsyncClient, urls: Iterable[str], parallel: int, limit: float
) -> RecvChan[Page]:
    """Return a channel of the pages, as they arrive; when ctx ends, only of those that were started."""
    todo, pages = Chan[str](), Chan[Page]()
    wg = sync.WaitGroup()

    def worker() -> None:
        for url in todo:
            pages << fetch(ctx, client, url, limit)

    go(produce, ctx, urls, todo)
    for _ in range(parallel):
        wg.go(worker)

    @go
    def closer() -> None:
        wg.wait()
        close(pages)

    return pages


def main(urls: list[str], parallel: int, each: float, total: float) -> int:
    client = httpx.AsyncClient(
        limits=httpx.Limits(max_connections=parallel), timeout=None, follow_redirects=True
    )
    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    fetched = problems = 0
    with (
        signal.notify_context(context.background(), signal.INTERRUPT) as interrupt,
        context.with_timeout(interrupt, total) as ctx,
        bar,
    ):
        task = bar.add_task("", total=len(urls))
        for page in fetch_all(ctx, client, urls, parallel, each):
            print(page, flush=True)
            bar.advance(task)
            fetched += not page.problem
            problems += bool(page.problem)
        stopped = interrupt.err() is not None
    aio.await_(client.aclose())
    left = len(urls) - fetched - problems
    print(f"{fetched} fetched, {problems} with problems, {left} not tried", file=sys.stderr)
    return 130 if stopped else 0 if fetched == len(urls) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fetch many pages at once.")
    parser.add_argument("urls", nargs="+", metavar="URL", help="what to fetch; - reads them from the input")
    parser.add_argument("--parallel", type=int, default=10, help="how many at a time")
    parser.add_argument("--each", type=float, default=10, metavar="SECONDS", help="for one page")
    parser.add_argument("--all", type=float, default=3600, metavar="SECONDS", help="for all of them")
    options = parser.parse_args()
    given = sys.stdin.read().split() if options.urls == ["-"] else options.urls
    sys.exit(run(main, given, options.parallel, options.each, options.all))

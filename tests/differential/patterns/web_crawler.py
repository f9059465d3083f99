"""A crawler of a small web in memory: no page twice, a limited depth, and a limited number at work."""

from dataclasses import dataclass, field
from typing import NamedTuple

from gochan import Chan, SendChan, close, go, recv, run, runtime, select, send, sync

WEB = {
    "/": ["/news", "/shop", "/about"],
    "/news": ["/", "/news/1", "/news/2", "/gone"],
    "/news/1": ["/news", "/news/2"],
    "/news/2": ["/news", "/news/1", "/shop"],
    "/shop": ["/shop/a", "/shop/b", "/"],
    "/shop/a": ["/shop/a/1"],
    "/shop/b": ["/shop/a", "/lost"],
    "/about": ["/"],
    "/shop/a/1": ["/deep"],
    "/deep": ["/deeper"],
}


class GoneError(LookupError):
    pass


def fetch(url: str) -> list[str]:
    runtime.gosched()
    if url not in WEB:
        raise GoneError(f"{url}: page not found")
    return WEB[url]


@dataclass
class Crawler:
    """Starts a goroutine a page, and keeps what it has seen under a lock."""

    mu: sync.Mutex = field(default_factory=sync.Mutex)
    seen: set[str] = field(default_factory=set)
    wg: sync.WaitGroup = field(default_factory=sync.WaitGroup)
    busy: Chan[bool] = field(default_factory=lambda: Chan[bool](2))

    def visit(self, url: str, depth: int) -> None:
        with self.mu:
            known = url in self.seen
            self.seen.add(url)
        if known or depth == 0:
            return

        @self.wg.go
        def _() -> None:
            self.busy << True
            try:
                links = fetch(url)
            except GoneError as error:
                self.busy.recv()
                print("failed:", error)
                return
            self.busy.recv()
            print("found", url, "with", len(links), "links at depth", depth)
            for link in links:
                self.visit(link, depth - 1)


class Page(NamedTuple):
    links: list[str]
    error: Exception | None = None


def crawl(start: str, workers: int) -> int:
    """Have one goroutine that knows all, and workers that fetch what it tells them."""
    todo, done = Chan[str](), Chan[Page]()

    def work(i: int) -> None:
        for url in todo:
            try:
                page = Page(fetch(url))
            except GoneError as error:
                page = Page([], error)
            print("worker", i, "has fetched", url)
            done << page
        print("worker", i, "goes home")
        done << Page([])

    for i in range(workers):
        go(work, i)
    seen = {start}
    queue = [start]
    pending = 0
    while queue or pending:
        target: SendChan[str] | None = todo if queue else None
        match select(send(target, queue[0] if queue else ""), recv(done)):
            case 0, _, _:
                del queue[0]
                pending += 1
            case _, page, _:
                pending -= 1
                if page.error is not None:
                    print("failed:", page.error, str(isinstance(page.error, GoneError)).lower())
                for link in page.links:
                    if link not in seen:
                        seen.add(link)
                        queue.append(link)
    close(todo)
    for _ in range(workers):
        done.recv()
    return len(seen)


def main() -> None:
    for depth in range(4):
        print("depth", depth)
        c = Crawler()
        c.visit("/", depth)
        c.wg.wait()
        print("seen", len(c.seen))
    print("pages:", crawl("/", 1))


if __name__ == "__main__":
    run(main)

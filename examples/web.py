"""Web service: each request is served by a goroutine, with a context that ends when the client disconnects.

    python web.py [--host HOST] [--port PORT]
    curl localhost:8080/search?q=go        the best answers that came within 80 ms
    curl -N localhost:8080/events          events, as they are published, until you stop
    curl -d hello localhost:8080/events    publishes an event
    curl localhost:8080/goroutines         the number of goroutines

aiohttp handles HTTP, unchanged, in the event loop that the program's await_ created. The decorator
`goroutine` starts a goroutine for each request and waits for its response with aio.recv. aiohttp cancels the
handler when the client disconnects; the decorator then cancels the goroutine's context.

/search asks three kinds of servers at once, two of each kind, takes the first answer of each kind, and leaves
out answers that are too late: this is Google Search 2.1 of Rob Pike's talk "Go Concurrency Patterns". The
servers are simulated. /events uses a broker, a goroutine that owns the subscribers. The program needs the
extra `examples`.
"""

import argparse
import random
import sys
from collections.abc import Awaitable, Callable

try:
    from aiohttp import web
    from aiohttp.web import Request, Response, StreamResponse
except ModuleNotFoundError as error:
    sys.exit(f"web.py needs aiohttp ({error}); install the extra: pip install '.[examples]'")

from gochan import (
    Chan,
    aio,
    close,
    context,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    signal,
    time,
    timeout,
)

Handler = Callable[[Request], Awaitable[StreamResponse]]


def goroutine(serve: Callable[[context.Context, Request], StreamResponse]) -> Handler:
    """Make a handler for aiohttp from a function that runs in a goroutine."""

    def answer(ctx: context.Context, request: Request, response: Chan[StreamResponse | Exception]) -> None:
        try:
            response << serve(ctx, request)
        except Exception as error:
            response << error

    async def handle(request: Request) -> StreamResponse:
        response = Chan[StreamResponse | Exception](1)
        with context.with_cancel(context.background()) as ctx:
            go(answer, ctx, request, response)
            outcome = await aio.recv(response)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return handle


# --- search ------------------------------------------------------------------------------------------------

KINDS = ("web", "image", "video")
REPLICAS = 2
LIMIT = 80 * time.MILLISECOND


def ask(ctx: context.Context, kind: str, query: str, answers: Chan[tuple[str, str]]) -> None:
    """Ask one server, which takes up to 100 ms, and send its answer if it is still wanted."""
    match select(recv(ctx.done()), timeout(random.random() / 10)):
        case 0, _, _:
            return
        case _:
            answers << (kind, f"{kind} result for {query!r}")


def search(ctx: context.Context, request: Request) -> Response:
    query = request.query.get("q", "")
    results: dict[str, str] = {}
    # Room for every answer, so that a goroutine whose answer is too late can still send it and end.
    answers = Chan[tuple[str, str]](len(KINDS) * REPLICAS)
    with context.with_timeout(ctx, LIMIT) as mine:
        for kind in KINDS:
            for _ in range(REPLICAS):
                go(ask, mine, kind, query, answers)
        while len(results) < len(KINDS):
            match select(recv(answers), recv(mine.done())):
                case 0, (kind, result), _:
                    results.setdefault(kind, result)
                case _:
                    break
    return web.json_response(results)


# --- events ------------------------------------------------------------------------------------------------

# How many events a subscriber may be behind; it misses any further events.
BEHIND = 100


class Broker:
    """Sends each published event to all subscribers."""

    def __init__(self) -> None:
        self.subscribe = Chan[Chan[str]]()
        self.unsubscribe = Chan[Chan[str]]()
        self.publish = Chan[str]()

    def run(self, quit: context.Context) -> None:
        """Own the subscribers; when quit ends, close their channels."""
        subscribers: set[Chan[str]] = set()
        while True:
            match select(recv(self.subscribe), recv(self.unsubscribe), recv(self.publish), recv(quit.done())):
                case 0, subscriber, _:
                    subscribers.add(subscriber)
                case 1, subscriber, _:
                    subscribers.discard(subscriber)
                case 2, event, _:
                    for subscriber in subscribers:
                        select(send(subscriber, event), default)
                case _:
                    for subscriber in subscribers:
                        close(subscriber)
                    return


def routes(broker: Broker, quit: context.Context) -> list[web.RouteDef]:
    def events(ctx: context.Context, request: Request) -> StreamResponse:
        response = StreamResponse(headers={"Content-Type": "text/event-stream"})
        aio.await_(response.prepare(request), ctx)
        mine = Chan[str](BEHIND)
        select(send(broker.subscribe, mine), recv(quit.done()))
        try:
            while True:
                match select(recv(mine), recv(ctx.done())):
                    case 0, event, True:
                        aio.await_(response.write(f"data: {event}\n\n".encode()), ctx)
                    case _:
                        return response
        finally:
            select(send(broker.unsubscribe, mine), recv(quit.done()))

    def publish(ctx: context.Context, request: Request) -> Response:
        text = aio.await_(request.text(), ctx)
        match select(send(broker.publish, text), recv(ctx.done()), recv(quit.done())):
            case 0, _, _:
                return Response(status=204)
            case _:
                return Response(status=503)

    async def goroutines(request: Request) -> Response:
        return Response(text=f"{runtime.num_goroutine()}\n")

    return [
        web.get("/search", goroutine(search)),
        web.get("/events", goroutine(events)),
        web.post("/events", goroutine(publish)),
        web.get("/goroutines", goroutines),
    ]


def main(address: str, port: int) -> None:
    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:
        broker = Broker()
        go(broker.run, quit)
        app = web.Application()
        app.add_routes(routes(broker, quit))
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=5)
        aio.await_(runner.setup())
        aio.await_(web.TCPSite(runner, address, port).start())
        print("serving http://{}:{}".format(*runner.addresses[0]), flush=True)
        select(recv(quit.done()))
        aio.await_(runner.cleanup())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A web service.")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    run(main, options.host, options.port)

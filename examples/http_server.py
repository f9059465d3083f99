"""HTTP server: h11 parses and writes HTTP, and gochan.net does the I/O.

    python http_server.py [--address HOST:PORT] [--each SECONDS]
    curl localhost:8080/                    hello
    curl -d text localhost:8080/echo        text
    curl localhost:8080/sleep?seconds=1     answers after a second; after --each seconds it would be a 503
    curl localhost:8080/fail                a 500, and a traceback in the server's log
    curl localhost:8080/goroutines          the number of goroutines

Each connection has a goroutine, which serves one request after the other. Handlers are plain functions that
take a context and a request. The context ends after --each seconds, and when the client closes the
connection, as in Go's net/http. Reads and writes have the same limit, so a client that sends or reads slowly
keeps its connection no longer than that. An error of a handler is logged and answered with a 500; an error
outside of handlers ends only its connection.

On SIGTERM or Ctrl-C, the server accepts no new connections, closes idle connections, and finishes the
requests in progress. Then the program ends, after ten seconds at the latest, as with Go's Server.Shutdown.
The program needs the extra `examples`.
"""

import argparse
import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

try:
    import h11
except ModuleNotFoundError as error:
    sys.exit(f"http_server.py needs h11 ({error}); install the extra: pip install '.[examples]'")

from gochan import (
    Chan,
    SendChan,
    context,
    go,
    net,
    recv,
    run,
    runtime,
    select,
    signal,
    time,
    timeout,
)

# How long a client may keep a connection without a request, how large a request may be, how many clients
# are served at a time, and how long requests have to finish at the end.
IDLE = 60 * time.SECOND
LARGEST = 1 << 20
CLIENTS = 10_000
GRACE = 10 * time.SECOND


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class Response(NamedTuple):
    status: int
    text: str


Handler = Callable[[context.Context, Request], Response]


def after(seconds: float) -> datetime:
    return time.now() + timedelta(seconds=seconds)


class Connection:
    """Serves the requests of one client."""

    def __init__(self, conn: net.Conn, handler: Handler, each: float, quit: context.Context) -> None:
        self.conn = conn
        self.handler = handler
        self.each = each
        self.quit = quit
        self.http = h11.Connection(h11.SERVER)
        self.idle = True
        self.head = False

    def serve(self) -> None:
        stop = context.after_func(self.quit, self.close_if_idle)
        try:
            while self.quit.err() is None:
                self.idle, self.head = True, False
                self.conn.set_read_deadline(after(IDLE))
                event = self.next_event()
                if not isinstance(event, h11.Request):
                    return  # the client has closed the connection
                self.idle = False
                self.head = event.method == b"HEAD"
                self.conn.set_deadline(after(self.each))
                self.respond(self.response(self.request(event)))
                if self.http.our_state is not h11.DONE:
                    return  # one side wants to close the connection
                self.http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            if self.http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                self.respond(Response(error.error_status_hint, f"{error}\n"))
        finally:
            stop()

    def close_if_idle(self) -> None:
        """Close a connection that waits for a request, when the server ends."""
        if self.idle:
            self.conn.close()

    def next_event(self) -> object:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            if self.http.they_are_waiting_for_100_continue:
                self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.http.receive_data(self.conn.read())
        return event

    def request(self, head: h11.Request) -> Request:
        """Read the rest of a request."""
        body = bytearray()
        while isinstance(event := self.next_event(), h11.Data):
            body += event.data
            if len(body) > LARGEST:
                raise h11.RemoteProtocolError("the request is too large", error_status_hint=413)
        url = urlsplit(head.target.decode())
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        return Request(head.method.decode(), url.path, parse_qs(url.query), headers, bytes(body))

    def response(self, request: Request) -> Response:
        """Call the handler; its context ends after --each seconds, or when the client disconnects."""
        ctx, cancel = context.with_timeout(context.background(), self.each)
        read = Chan[bytes | None](1)
        self.conn.set_read_deadline(None)
        go(self.watch, cancel, read)
        try:
            return self.handler(ctx, request)
        except (context.Canceled, context.DeadlineExceeded):
            return Response(503, "too late\n")
        except Exception:
            logging.exception("%s %s", request.method, request.path)
            return Response(500, "internal server error\n")
        finally:
            cancel()
            self.conn.set_read_deadline(time.now())  # ends the read in watch()
            data = read.recv()
            if data is not None:
                self.http.receive_data(data)

    def watch(self, cancel: context.CancelFunc, read: SendChan[bytes | None]) -> None:
        """Read ahead while a handler runs, and cancel its context if the client has gone.

        Sends what it read, which belongs to the next request, or None.
        """
        data = None
        try:
            data = self.conn.read()
            if not data:
                cancel()
        except TimeoutError:
            pass  # the handler has returned
        except OSError:
            cancel()
        finally:
            read << data

    def respond(self, response: Response) -> None:
        body = response.text.encode()
        headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
        if self.quit.err() is not None:
            headers.append(("connection", "close"))
        # If the handler took too long, the request's deadline has passed.
        self.conn.set_write_deadline(after(self.each))
        head = h11.Response(status_code=response.status, headers=headers)
        self.send(head, *([] if self.head else [h11.Data(data=body)]), h11.EndOfMessage())

    def send(self, *events: h11.Event) -> None:
        self.conn.write(b"".join(self.http.send(event) or b"" for event in events))


# --- the service -------------------------------------------------------------------------------------------


def answer(ctx: context.Context, request: Request) -> Response:
    match request.method, request.path:
        case _, "/":
            return Response(200, "hello\n")
        case "POST", "/echo":
            return Response(200, request.body.decode(errors="replace"))
        case _, "/sleep":
            sleep(ctx, float(request.query["seconds"][0]))
            return Response(200, "slept well\n")
        case _, "/fail":
            raise RuntimeError("as you wish")
        case _, "/goroutines":
            return Response(200, f"{runtime.num_goroutine()}\n")
        case _:
            return Response(404, "not found\n")


def sleep(ctx: context.Context, seconds: float) -> None:
    """Sleep, unless ctx is done first."""
    match select(recv(ctx.done()), timeout(seconds)):
        case 0, _, _:
            raise ctx.err() or AssertionError
        case _:
            pass


def main(address: str, each: float) -> None:
    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:
        listener = net.listen("tcp", address)
        print("listening on", listener.addr(), flush=True)

        def serve(conn: net.Conn) -> None:
            Connection(conn, answer, each, quit).serve()

        net.serve(listener, serve, ctx=quit, limit=CLIENTS, grace=GRACE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="An HTTP server.")
    parser.add_argument("--address", default="localhost:8080")
    parser.add_argument("--each", type=float, default=5, help="seconds for a request")
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    run(main, options.address, options.each)

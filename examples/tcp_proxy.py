"""TCP proxy: forwards connections to another server, in both directions.

    python tcp_proxy.py BACKEND [--address HOST:PORT] [--limit N] [--grace SECONDS]
    python tcp_proxy.py localhost:4000 --address localhost:4001

Each client has its own connection to the backend, and a goroutine for each direction. When one side has sent
everything, it closes its half of the connection, and the proxy closes the same half on the other side; the
other direction continues. An error on one side ends both. A slow reader slows down its writer: the proxy
buffers at most 64 KiB. If the backend can't be reached within five seconds, the proxy disconnects the client
and prints the reason; other clients are not affected.
"""

import argparse
import sys

from gochan import context, errgroup, io, net, run, signal, time

# A connection that can be closed in one direction.
Stream = net.TCPConn | net.UnixConn


def copy(sink: Stream, source: Stream) -> None:
    """Copy data from source to sink, and then close that direction."""
    io.copy(sink, source)
    sink.close_write()


def proxy(client: Stream, backend: str, dialer: net.Dialer) -> None:
    with dialer.dial("tcp", backend) as server:
        group, failed = errgroup.with_context(context.background())
        context.after_func(failed, client.close)
        context.after_func(failed, server.close)
        group.go(copy, client, server)
        group.go(copy, server, client)
        group.wait()


def main(backend: str, address: str, limit: int, grace: float) -> None:
    dialer = net.Dialer(timeout=5 * time.SECOND)
    listener = net.listen("tcp", address)

    def handler(client: Stream) -> None:
        proxy(client, backend, dialer)

    def report(client: net.Conn, error: Exception) -> None:
        print(f"{client.remote_addr()}: {error}", file=sys.stderr, flush=True)

    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:
        print("listening on", listener.addr(), flush=True)
        net.serve(listener, handler, ctx=quit, limit=limit, grace=grace, on_error=report)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A TCP proxy.")
    parser.add_argument("backend", metavar="BACKEND", help="HOST:PORT to pass connections on to")
    parser.add_argument("--address", default="localhost:4001")
    parser.add_argument("--limit", type=int, default=1000, help="how many connections at a time")
    parser.add_argument("--grace", type=float, default=1, help="seconds that connections have at the end")
    options = parser.parse_args()
    run(main, options.backend, options.address, options.limit, options.grace)

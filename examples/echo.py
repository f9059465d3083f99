"""Echo server: sends back what each client sends.

    python echo.py [--address HOST:PORT]
    nc localhost 4000  # in another terminal

net.serve starts a goroutine for each connection. On SIGTERM
or Ctrl-C, it accepts no more. Open connections have another
second; then they are closed, and the program ends.
"""

import argparse

from gochan import context, io, net, run, signal, time


def echo(conn: net.Conn) -> None:
    io.copy(conn, conn)


def main(address: str) -> None:
    listener = net.listen("tcp", address)
    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:
        print("listening on", listener.addr(), flush=True)
        net.serve(listener, echo, ctx=quit, grace=time.SECOND)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Echo server.")
    parser.add_argument("--address", default="localhost:4000")
    run(main, parser.parse_args().address)

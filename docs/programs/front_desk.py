from datetime import timedelta

from gochan import context, net, run, sync, time


def divide(conn: net.Conn) -> None:
    """Answer one client, until it closes its connection."""
    while True:
        conn.set_deadline(time.now() + timedelta(seconds=0.5))
        request = conn.read()
        if not request:
            return
        conn.write(str(12 // int(request)).encode())


def report(conn: net.Conn, error: Exception) -> None:
    if isinstance(error, TimeoutError):
        print("server: a client sent nothing")
    else:
        print("server: a client sent a bad request")


def ask(conn: net.Conn, request: str) -> None:
    conn.write(request.encode())
    reply = conn.read().decode() or "(connection closed)"
    print("client: 12 /", request or "?", "=", reply)


def main() -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    address = str(listener.addr())
    ctx, shut_down = context.with_cancel(context.background())
    server = sync.WaitGroup()
    server.go(
        net.serve,
        listener,
        divide,
        ctx=ctx,
        limit=2,
        grace=5,
        on_error=report,
    )

    for request in ("4", "0", ""):
        with net.dial("tcp", address) as conn:
            ask(conn, request)
    with net.dial("tcp", address) as conn:
        ask(conn, "3")
        print("main: shutting down")
        shut_down()
        ask(conn, "2")
    server.wait()
    print("server: all clients have left")


run(main)

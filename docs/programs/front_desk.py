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
    late = isinstance(error, TimeoutError)
    print("server: a client sent", "nothing" if late else "a bad request")


def ask(conn: net.Conn, request: str) -> str:
    conn.write(request.encode())
    return conn.read().decode() or "(connection closed)"


def main() -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    address = str(listener.addr())
    ctx, shut_down = context.with_cancel(context.background())
    server = sync.WaitGroup()
    server.go(net.serve, listener, divide, ctx=ctx, limit=2, grace=5, on_error=report)

    for request in ("4", "0", ""):
        with net.dial("tcp", address) as conn:
            print(f"client: 12 / {request or '?'} =", ask(conn, request))
    with net.dial("tcp", address) as conn:
        print("client: 12 / 3 =", ask(conn, "3"))
        shut_down()
        print("client: 12 / 2 =", ask(conn, "2"), "during the shutdown")
    server.wait()
    print("server: all clients have left")


run(main)

"""Chat server: a goroutine for each connection, and one that owns the members.

    python chat_server.py [--address HOST:PORT]        and then, for instance:   nc localhost 4000

The first line that a client sends is its name; each further line goes to all members. No data is shared, so
no lock is needed: only host() knows who is in the room. It learns over channels who joins, who says what, and
who leaves. host() never waits for a member. Each member has a channel with room for some lines, and a
goroutine that writes these lines to the connection. A member that falls further behind is disconnected.

On SIGTERM or Ctrl-C, the server accepts no new clients, host() says goodbye to all members and closes their
channels, and the program ends when the last line is written, or after five seconds.
"""

import argparse
from io import BufferedReader

from gochan import Chan, close, context, default, defer, go, net, recv, run, select, send, signal, time

# How many lines a member may be behind, the limit on a line's bytes, and how long to wait at the end.
BEHIND = 1000
LONGEST = 1000
GRACE = 5 * time.SECOND


class Member:
    def __init__(self, name: str, conn: net.Conn) -> None:
        self.name = name
        self.conn = conn
        self.lines = Chan[str](BEHIND)


class Room:
    """The channels to the room; `over` is closed when host() no longer receives from them."""

    def __init__(self) -> None:
        self.join = Chan[tuple[Member, Chan[bool]]]()
        self.say = Chan[tuple[Member, str]]()
        self.leave = Chan[Member]()
        self.over = Chan[None]()


def host(room: Room, quit: context.Context) -> None:
    """Own the members, until quit is done."""
    defer(close, room.over)
    members: dict[str, Member] = {}

    def tell_all(line: str) -> None:
        for member in list(members.values()):
            match select(send(member.lines, line), default):
                case 0, _, _:
                    pass
                case _:
                    member.conn.close()  # ends its reads and writes
                    remove(member)

    def remove(member: Member) -> None:
        if members.get(member.name) is member:
            del members[member.name]
            close(member.lines)
            tell_all(f"* {member.name} has left")

    while True:
        match select(recv(room.join), recv(room.say), recv(room.leave), recv(quit.done())):
            case 0, (member, welcome), _:
                welcome << (member.name not in members)
                if member.name not in members:
                    members[member.name] = member
                    tell_all(f"* {member.name} has joined, {len(members)} here")
            case 1, (member, line), _:
                tell_all(f"{member.name}: {line}")
            case 2, member, _:
                remove(member)
            case _:
                tell_all("* the server goes down, goodbye")
                for member in members.values():
                    close(member.lines)
                return


def serve(room: Room, quit: context.Context, conn: net.Conn) -> None:
    """Serve one client, from its name to its last line."""
    conn.write(b"your name?\n")
    lines = conn.makefile("rb")
    # A client without a name gets no goodbye.
    stop = context.after_func(quit, conn.close)
    name = read_line(lines)
    if not name or not stop():
        return
    member, welcome = Member(name, conn), Chan[bool](1)
    match select(send(room.join, (member, welcome)), recv(room.over)):
        case 0, _, _:
            pass
        case _:
            return
    if not welcome.recv():
        conn.write(b"* that name is taken\n")
        return
    written = Chan[None]()
    go(write_lines, member, written)
    while (line := read_line(lines)) is not None:
        if line:
            select(send(room.say, (member, line)), recv(room.over))
    select(send(room.leave, member), recv(room.over))
    written.recv()


def read_line(lines: BufferedReader) -> str | None:
    """Read a line; None if there are no more, or it is too long."""
    try:
        line = lines.readline(LONGEST)
    except OSError:
        return None
    return line.decode(errors="replace").strip() if line.endswith(b"\n") else None


def write_lines(member: Member, written: Chan[None]) -> None:
    """Write a member's lines until its channel is closed and empty, and then close its connection."""
    defer(close, written)
    defer(member.conn.close)
    try:
        for line in member.lines:
            lines = [line, *(member.lines.recv() for _ in range(len(member.lines))), ""]
            member.conn.write("\n".join(lines).encode())
    except OSError:
        pass  # the client has disconnected


def main(address: str) -> None:
    room = Room()
    listener = net.listen("tcp", address)
    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:
        print("listening on", listener.addr(), flush=True)
        go(host, room, quit)
        net.serve(listener, lambda conn: serve(room, quit, conn), ctx=quit, grace=GRACE)
    print("everybody has gone")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A chat over TCP.")
    parser.add_argument("--address", default="localhost:4000")
    run(main, parser.parse_args().address)

"""Chat server: a goroutine for each connection, and one that owns the members.

    python chat_server.py [--host HOST] [--port PORT]        and then, for instance:   nc localhost 4000

The first line that a client sends is its name; each further one goes to everybody. Nothing is locked, for
nothing is shared: who is in the room only room() knows, and it is told over channels who joins, who says
what, and who leaves. It never waits for a member. Each has a channel with room for some lines, from which a
goroutine of its own writes to the socket, and a member that falls behind by more than that is put out.

The sockets are asyncio's streams; a goroutine awaits them with aio.await_. On SIGTERM, or Ctrl-C, nobody
new is let in, room() says goodbye to all and closes their channels, and the program ends when the last line
is written, or after five seconds.
"""

import argparse
import asyncio
from asyncio import StreamReader, StreamWriter

from gochan import (
    Chan,
    aio,
    close,
    context,
    default,
    defer,
    go,
    recv,
    run,
    select,
    send,
    signal,
    sync,
    time,
    timeout,
)

# How many lines a member may be behind, how long a line may be, and how long to wait for the last ones.
BEHIND = 1000
LONGEST = 1000
PATIENCE = 5 * time.SECOND


class Member:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines = Chan[str](BEHIND)
        # Ends when the member is put out, or all is written: nobody waits for its socket any more.
        self.ctx, self.put_out = context.with_cancel(context.background())


class Room:
    """The ways into the room; `over` is closed when nobody listens there any more."""

    def __init__(self) -> None:
        self.join = Chan[tuple[Member, Chan[bool]]]()
        self.say = Chan[tuple[Member, str]]()
        self.leave = Chan[Member]()
        self.over = Chan[None]()


def host(room: Room, quit: context.Context) -> None:
    """Own the members, until quit ends."""
    defer(close, room.over)
    members: dict[str, Member] = {}

    def tell_all(line: str) -> None:
        for member in list(members.values()):
            match select(send(member.lines, line), default):
                case 0, _, _:
                    pass
                case _:
                    member.put_out()
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


def serve(room: Room, quit: context.Context, reader: StreamReader, writer: StreamWriter) -> None:
    """Serve one client, from its name to its last line."""
    defer(writer.close)
    writer.write(b"your name?\n")
    name = read_line(quit, reader)
    if not name:
        return
    member, welcome = Member(name), Chan[bool](1)
    match select(send(room.join, (member, welcome)), recv(room.over)):
        case 0, _, _:
            pass
        case _:
            return
    if not welcome.recv():
        writer.write(b"* that name is taken\n")
        return
    written = Chan[None]()
    go(write_lines, member, writer, written)
    while (line := read_line(member.ctx, reader)) is not None:
        if line:
            select(send(room.say, (member, line)), recv(room.over))
    select(send(room.leave, member), recv(room.over))
    written.recv()


def read_line(ctx: context.Context, reader: StreamReader) -> str | None:
    """Read a line; None when there are no more, or ctx ends first."""
    try:
        line = aio.await_(reader.readline(), ctx)
    except (OSError, ValueError, context.Canceled):
        # A ValueError is a line that is too long.
        return None
    return line.decode(errors="replace").strip() if line else None


def write_lines(member: Member, writer: StreamWriter, written: Chan[None]) -> None:
    """Write a member's lines until its channel is closed and empty, or the member is put out."""
    defer(close, written)
    defer(member.put_out)
    try:
        for line in member.lines:
            lines = [line, *(member.lines.recv() for _ in range(len(member.lines))), ""]
            writer.write("\n".join(lines).encode())
            aio.await_(writer.drain(), member.ctx)
        writer.close()
        aio.await_(writer.wait_closed(), member.ctx)
    except (OSError, context.Canceled):
        writer.transport.abort()


def main(address: str, port: int) -> None:
    room = Room()
    connections = sync.WaitGroup()
    with signal.notify_context(context.background(), signal.SIGTERM, signal.INTERRUPT) as quit:

        def accept(reader: StreamReader, writer: StreamWriter) -> None:
            connections.go(serve, room, quit, reader, writer)

        go(host, room, quit)
        server = aio.await_(asyncio.start_server(accept, address, port, limit=LONGEST))
        print("listening on {}:{}".format(*server.sockets[0].getsockname()), flush=True)
        select(recv(quit.done()))
    server.close()
    finished = Chan[None]()

    @go
    def _() -> None:
        connections.wait()
        close(finished)

    match select(recv(finished), timeout(PATIENCE)):
        case 0, _, _:
            print("everybody has gone")
        case _:
            print("somebody did not listen to the end")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A chat over TCP.")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=4000)
    options = parser.parse_args()
    run(main, options.host, options.port)

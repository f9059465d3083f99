"""The servers of the network rows, one file per library.

A file has:
- `NOTES`, where its way of doing a row differs from gochan's, and how;
- `ABSENT`, which rows it leaves out, and why;
- `setup(variant)`, called once, first: it returns the library's version;
- `serve(backend, announce)`: it starts the services on ports of its own, calls `announce` with these, and
  serves until the process is killed.

The services, each with a goroutine, greenlet or task per connection, in the way that the library's
documentation shows:
- "echo" sends back what it gets;
- "proxy" connects to the port `backend` and copies in both directions;
- "accept" closes the connection.

All send without Nagle's delay and read at most `SIZE` bytes at a time, except for protocols, for which
asyncio reads.
"""

from collections.abc import Callable

Announce = Callable[[dict[str, int]], None]

HOST = "127.0.0.1"
SIZE = 65536
BACKLOG = 1024

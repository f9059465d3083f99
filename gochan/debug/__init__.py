"""A page on which to look at the goroutines of a program that runs, as Go's net/http/pprof has it.

`GOCHAN_DEBUG_ADDR=127.0.0.1:6060 python prog.py` serves it for a program as it is, and `serve` from within.
`python -m gochan top PID` shows the same in a terminal.

- `/debug/goroutines`: all goroutines by state and place, refreshed each second; `?format=text` is the dump of
  SIGQUIT, `?format=json` is for machines, with `&group=1` one entry for all that are at the same place.
- `/debug/leaks`: those that can never go on: `runtime.leaked_goroutines`.

The page is served by threads of its own, not by goroutines: so it answers while a goroutine computes or
blocks the thread, and nothing of it is among the goroutines that it shows.  A deadlock is found as without
it.

Anyone who can reach the address can read the program's paths and lines of code.  So only loopback addresses
and Unix sockets are served unless more is asked for, and a web page of another site gets no answer.
"""

from ._server import Server, serve

__all__ = ["Server", "serve"]

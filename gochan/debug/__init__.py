"""A web page that shows the goroutines of a running program, as Go's net/http/pprof does.

`GOCHAN_DEBUG_ADDR=127.0.0.1:6060 python prog.py` serves it for an unchanged program.  In a program, call
`serve`.  `python -m gochan top PID` shows the same in a terminal.

- `/debug/goroutines`: all goroutines by state and line, refreshed every second.  `?format=text` returns what
  SIGQUIT prints, and `?format=json` returns JSON; with `&group=1`, one entry for all that are at the same
  line.
- `/debug/leaks`: the goroutines that can never continue: `runtime.leaked_goroutines`.

Threads serve the page, not goroutines.  So it answers while a goroutine computes or blocks the thread, it
does not appear among the goroutines that it shows, and gochan detects deadlocks as usual.

Anyone who can reach the address can read the program's paths and lines of code.  So the address has to be a
loopback address or a Unix socket, unless you allow others, and requests by pages of other sites are refused.
"""

from ._server import Server, serve

__all__ = ["Server", "serve"]

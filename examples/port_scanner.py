"""Port scanner: find the TCP ports of a host that accept connections.

    python port_scanner.py HOST [--ports 1-1024] [--parallel N] [--timeout SECONDS]

This is bounded parallelism: N workers receive ports from a channel and dial them. A port that refuses the
connection is known at once. A port that doesn't answer costs its worker the timeout, so N and the timeout
determine how long a scan takes. On Ctrl-C the workers stop, and the ports found so far are printed. Scan only
your own hosts.
"""

import argparse

from gochan import Chan, RecvChan, SendChan, close, context, go, net, recv, run, select, send, signal, sync


def feed(ctx: context.Context, ports: range, jobs: SendChan[int]) -> None:
    """Send the ports, until all are sent or ctx is done."""
    for port in ports:
        match select(send(jobs, port), recv(ctx.done())):
            case 0, _, _:
                pass
            case _:
                break
    close(jobs)


def scan(
    ctx: context.Context, host: str, dialer: net.Dialer, jobs: RecvChan[int], found: SendChan[int]
) -> None:
    """Dial port after port, and send those that accept."""
    for port in jobs:
        try:
            conn = dialer.dial_context(ctx, "tcp", net.join_host_port(host, str(port)))
        except OSError:
            continue  # it refuses, or does not answer in time
        conn.close()
        found << port


def main(host: str, ports: range, parallel: int, timeout: float) -> None:
    with signal.notify_context(context.background(), signal.INTERRUPT) as ctx:
        # The name is looked up once, not for each port.
        address = net.lookup_host(host, ctx)[0]
        dialer = net.Dialer(timeout=timeout)
        jobs, found = Chan[int](), Chan[int](parallel)
        wg = sync.WaitGroup()
        go(feed, ctx, ports, jobs)
        for _ in range(parallel):
            wg.go(scan, ctx, address, dialer, jobs, found)

        @go
        def _() -> None:
            wg.wait()
            close(found)

        for port in sorted(found):
            print(port, "open")


def port_range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A TCP port scanner.")
    parser.add_argument("host", metavar="HOST")
    parser.add_argument("--ports", type=port_range, default="1-1024", help="FIRST-LAST, or one")
    parser.add_argument("--parallel", type=int, default=100, help="how many dials at a time")
    parser.add_argument("--timeout", type=float, default=1.0, help="seconds for one dial")
    options = parser.parse_args()
    run(main, options.host, options.ports, options.parallel, options.timeout)

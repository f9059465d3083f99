"""Multiplexing: one select listens to several channels and merges their values into one stream.

Three services write their logs at their own pace. The merged log shows each line as soon as it arrives. A
channel that is closed is set to None, the counterpart of Go's nil channel: its case is never ready again,
and the select continues with the others.
"""

from gochan import Chan, RecvChan, close, defer, go, recv, run, select, time

# What each service logs: the milliseconds since its last line, and the line.
WEB = [(0, "listening on :8080"), (70, "GET /orders 200"), (150, "GET /orders/7 200"), (90, "bye")]
ORDERS = [(30, "connected to the database"), (70, "order 7 placed"), (90, "order 7 paid")]
MAIL = [(140, "queue is empty"), (110, "sent: your order 7")]


def service(log: list[tuple[int, str]]) -> RecvChan[str]:
    """Return the channel into which a service writes its log, closed after the last line."""
    lines = Chan[str]()

    @go
    def _() -> None:
        defer(close, lines)
        for pause, line in log:
            time.sleep(pause * time.MILLISECOND)
            lines << line

    return lines


def merge(
    web: RecvChan[str] | None, orders: RecvChan[str] | None, mail: RecvChan[str] | None
) -> RecvChan[str]:
    """Return the channel of all three services' lines, each with its service's name in front."""
    merged = Chan[str]()

    @go
    def _() -> None:
        nonlocal web, orders, mail
        defer(close, merged)
        while web or orders or mail:
            match select(recv(web), recv(orders), recv(mail)):
                case 0, line, True:
                    merged << f"web     {line}"
                case 0, _, _:
                    web = None
                case 1, line, True:
                    merged << f"orders  {line}"
                case 1, _, _:
                    orders = None
                case 2, line, True:
                    merged << f"mail    {line}"
                case _:
                    mail = None

    return merged


def main() -> None:
    for line in merge(service(WEB), service(ORDERS), service(MAIL)):
        print(line)


if __name__ == "__main__":
    run(main)

"""Starts examples/web.py, uses it as clients do, and counts its goroutines."""

import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

EXAMPLE = Path(__file__).parents[2] / "examples" / "web.py"


def start() -> tuple["subprocess.Popen[str]", str]:
    """Start the service on a free port; return its process and its address."""
    service = subprocess.Popen([sys.executable, EXAMPLE, "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    return service, service.stdout.readline().split()[-1]


def listen(address: str) -> socket.socket:
    """Open an event stream, and wait until its answer has begun."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    stream = socket.create_connection((host, int(port)))
    stream.sendall(b"GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
    stream.recv(1000)
    return stream


def read_until(stream: socket.socket, wanted: bytes) -> None:
    heard = b""
    while wanted not in heard:
        heard += stream.recv(1000)


def goroutines(address: str, expected: int) -> int:
    """Ask how many there are until it is as expected: that a client has left is noticed a little later."""
    for _ in range(500):
        with urlopen(f"{address}/goroutines") as answer:
            n = int(answer.read())
        if n == expected:
            break
        time.sleep(0.01)
    return n


def main() -> None:
    service, address = start()
    with urlopen(f"{address}/goroutines") as answer:
        before = int(answer.read())
    streams = [listen(address) for _ in range(5)]
    print("five more with five streams:", goroutines(address, before + 5) - before)
    urlopen(f"{address}/events", data=b"hello").close()
    for stream in streams:
        read_until(stream, b"data: hello")
    print("all have heard it")
    for stream in streams[:3]:
        stream.close()
    print("with two streams left:", goroutines(address, before + 2) - before)
    service.terminate()
    for stream in streams[3:]:
        while stream.recv(1000):
            pass
        stream.close()
    print("ended with status", service.wait())


if __name__ == "__main__":
    main()

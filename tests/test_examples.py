"""Runs the examples as a user would, and checks what they print.

Some race against the clock, and on a machine that is busy with others they may lose, as they would in Go.
Those that do are run again.
"""

import hashlib
import random
import re
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from children import EXAMPLES, Child, example, finish

# Servers, and programs that need arguments: test_examples_real.py, _servers.py and _postgres.py run these.
PROGRAMS = {
    "chat_server", "echo", "fetch", "http_server", "port_scanner", "postgres", "tcp_proxy", "web",
}  # fmt: skip
NAMES = sorted({path.stem for path in EXAMPLES.glob("*.py")} - PROGRAMS)
# These mostly sleep, so that they can run beside the others.
LONG = ("worker_pool", "fan_out_fan_in", "timeout_quit_context")

PRINTED = {
    "generator": "1\n3\n5\n7\n9\n",
    "timeout_quit_context": "Result: 1\nResult: 3\nResult: 5\nJobs done!\n",
    "worker_pool": """\
Worker 3 processing job 1
Worker 1 processing job 2
Worker 2 processing job 3
Worker 2 processing job 4
Worker 3 processing job 5

Results:
Result: 6
Result: 2
Result: 4
Result: 10
Result: 8
""",
    "multiplexing": """\
web     listening on :8080
orders  connected to the database
web     GET /orders 200
orders  order 7 placed
mail    queue is empty
orders  order 7 paid
web     GET /orders/7 200
mail    sent: your order 7
web     bye
""",
    "semaphore": """\
1. 499999500000
2. 1267650600228229401496703205376
3. 126410606437752
4. failed: disk full
5. 52685
6. 3011
7. slept well
8. 1.644924
never more than 3 at a time
""",
    "timeout": """\
91 = 7 * 13
65537 = 65537
600851475143 = 71 * 839 * 1471 * 6857
1152921515344265237 = no answer after 250 ms
6469693230 = 2 * 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29
""",
}


def play(name: str, *arguments: object) -> Child:
    return finish(example(name, *arguments))


def race(name: str) -> Child:
    """Play one until it does what it does with time enough; the messages of timeout_quit_context, say, come a
    millisecond before it gives up."""
    for _ in range(20):
        outcome = play(name)
        if outcome.status == 0 and outcome.out == PRINTED.get(name, outcome.out):
            break
    return outcome


@pytest.fixture(scope="module")
def under_way() -> Iterator[dict[str, Future[Child]]]:
    with ThreadPoolExecutor(len(LONG)) as threads:
        yield {name: threads.submit(race, name) for name in LONG}


@pytest.fixture(scope="module")
def outcomes(under_way: dict[str, Future[Child]]) -> dict[str, Child]:
    """The outcome of each example, run without arguments."""
    played = {name: race(name) for name in NAMES if name not in LONG}
    return played | {name: future.result() for name, future in under_way.items()}


@pytest.mark.parametrize("name", NAMES)
def test_it_ends_well(outcomes: dict[str, Child], name: str) -> None:
    outcome = outcomes[name]
    assert outcome.err == ""
    assert outcome.status == 0


@pytest.mark.parametrize("name", PRINTED)
def test_it_prints_this(outcomes: dict[str, Child], name: str) -> None:
    assert outcomes[name].out == PRINTED[name]


def test_fan_out_fan_in(outcomes: dict[str, Child]) -> None:
    lines = outcomes["fan_out_fan_in"].out.splitlines()
    jobs = [re.fullmatch(r"Worker ([123]) processing job (\d+)", line) for line in lines]
    assert [match[2] for match in jobs if match] == ["3", "1", "2", *map(str, range(4, 11))]
    results = [int(line.removeprefix("Result: ")) for line in lines if line.startswith("Result: ")]
    assert sorted(results) == list(range(2, 21, 2))
    assert len(lines) == 20


def test_pipeline(outcomes: dict[str, Child]) -> None:
    lines = outcomes["pipeline"].out.splitlines()
    values = [int(line.removeprefix("Value is ")) for line in lines]
    assert 0 < len(values) <= 10
    assert all(10 < value < 200 and value % 2 == 0 for value in values)
    assert outcomes["pipeline"].out != play("pipeline").out


def test_producer_consumer(outcomes: dict[str, Child]) -> None:
    # The same lines, counted with neither goroutines nor channels.
    statuses: dict[int, int] = {}
    traffic: dict[str, int] = {}
    for server in range(3):
        chance = random.Random(server)
        for i in range(200):
            path = chance.choice(["/", "/search", "/cart", "/login", "/logo.png"])
            status = chance.choices([200, 304, 404, 500], [80, 10, 8, 2])[0]
            size = chance.randrange(100, 5000)
            if i % 40 != 39:
                statuses[status] = statuses.get(status, 0) + 1
                traffic[path] = traffic.get(path, 0) + size
    lines = outcomes["producer_consumer"].out.splitlines()
    assert lines[:4] == [f"{status}: {count:4} requests" for status, count in sorted(statuses.items())]
    busiest = sorted(traffic.items(), key=lambda item: -item[1])[:3]
    assert lines[4:7] == [f"{path:10} {size / 1000:7.1f} kB" for path, size in busiest]
    assert lines[7].startswith("15 lines could not be read; the first: not an access log line: 'www")
    assert re.fullmatch(r"the buffer held up to \d+ of 32 lines", lines[8])
    assert len(lines) == 9


def test_bounded_parallelism(outcomes: dict[str, Child], tmp_path: Path) -> None:
    def line(i: int) -> str:
        text = f"page of book {i}\n" * 2000 * i
        return f"{hashlib.sha256(text.encode()).hexdigest()}  shelf{i % 3}/book{i:02}.txt"

    printed = outcomes["bounded_parallelism"].out
    assert sorted(printed.splitlines()) == sorted(line(i) for i in range(12))

    for i in range(50):
        (tmp_path / f"lost{i:02}").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a").write_bytes(b"abc")
    outcome = play("bounded_parallelism", tmp_path)
    assert outcome.status == 1
    assert outcome.out == f"{hashlib.sha256(b'abc').hexdigest()}  a\n"
    errors = outcome.err.splitlines()
    assert errors[3:] == ["too many errors: giving up"]
    assert all(re.fullmatch(r"lost0\d: No such file or directory", error) for error in errors[:3])


def test_context(outcomes: dict[str, Child]) -> None:
    lines = outcomes["context"].out.splitlines()
    stopped = re.compile(r"\[(alice|bob) .*\] miner \d stops: (.+)")
    reasons = [match.groups() for line in lines if (match := stopped.fullmatch(line))]
    assert reasons == 3 * [("alice", "context canceled")] + 4 * [("bob", "context deadline exceeded")]
    found = [re.fullmatch(r"nonce (\d+): ([0-9a-f]{64})", line) for line in lines]
    [(nonce, digest)] = [match.groups() for match in found if match]
    assert digest == hashlib.sha256(f"alice pays bob 7:{nonce}".encode()).hexdigest()
    assert digest.startswith("0000")
    assert lines[-1] == "no nonce in 5 ms: context deadline exceeded"
    assert len(lines) == 9


def test_quit_signal(outcomes: dict[str, Child]) -> None:
    lines = outcomes["quit_signal"].out.splitlines()
    assert lines[0] == lines[2] == "SIGTERM: finishing"
    runs = [re.fullmatch(r"searched (\d+) to (\d+): (\d+) takes (\d+) steps", line) for line in lines[1::2]]
    first, second = ([int(number) for number in match.groups()] for match in runs if match)
    assert first[0] == 1
    assert first[1] + 1 == second[0] <= second[1]
    for start_, end, best, steps in first, second:
        assert 1 <= best <= end
        assert start_ <= end
        n, count = best, 0
        while n != 1:
            n = 3 * n + 1 if n % 2 else n // 2
            count += 1
        assert count == steps


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
@pytest.mark.parametrize("sig", ["SIGINT", "SIGTERM"])
def test_the_user_quits_at_once(sig: str) -> None:
    for _ in range(20):
        process = example("timeout_quit_context")
        assert process.stdout is not None
        assert process.stdout.readline() == "Result: 1\n"
        process.send_signal(getattr(signal, sig))
        child = finish(process)
        child.check(err="")
        # Within the half second that it sleeps until its next message, unless the machine is too busy.
        if child.out == "\nQuit by user":
            return
    pytest.fail(child.out)

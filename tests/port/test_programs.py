"""Ports whole programs: those in programs/, all others of this repository, and those of Go's test/chan."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import harness
import pytest
from harness import ROOT, Case, Outcome

from gochan.port import formatter
from twins import pairs

# The first build on a machine compiles Go's standard library too.
pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

Check = Callable[[str], Outcome]

# Go programs of this repository that are not run here, with the reason.
NOT_RUN = {
    "tests/differential/order/spinning.go": "spins until time slices end; it is translated only",
    "tests/differential/patterns/timeout_quit_context.go": "499 ms race with 500; it is translated only",
    "docs/programs/servers/": "servers, which need clients; they are translated only",
    "benchmarks/go/": "a package that answers requests; it is translated only",
    "benchmarks/go/network/": "load generators on Linux's system calls",
    "tests/port/refused/": "have no translation",
    "tests/port/core/": "print what the tests of the library expect",
    "tests/port/lib/": "print what the tests of the library expect",
    "gochan/port/frontend/": "the front end itself",
}
# Those of NOT_RUN that are translated all the same, and those that have no translation, with the reason.
TRANSLATED = {
    "tests/differential/order/spinning.go": None,
    "tests/differential/patterns/timeout_quit_context.go": None,
    "docs/programs/servers/chat_server.go": None,
    "docs/programs/servers/echo.go": None,
    "docs/programs/servers/http_server.go": "net/http",
    "docs/programs/servers/port_scanner.go": None,
    "docs/programs/servers/tcp_proxy.go": None,
    "benchmarks/go": None,
}
# What ruff looks for in ports: the rules that are on by default and those of this repository, but for
GOS_OWN = [
    *("E741", "E742", "E743", "N801"),  # names
    *("PLW2901", "PLW0603", "F841"),  # variables: what assigns them, and that nothing uses them
    *("E731", "B023", "PLW0108", "PLC3002"),  # function literals, which are called in their iteration
    *("SIM102", "SIM103", "SIM108", "SIM109", "SIM110", "RET5", "PLR1714", "PLR1730", "RUF021"),  # ifs
    *("SIM113",),  # loops
    *("PERF401", "PLR0124", "PLR2004"),  # other statements, x != x, numbers
    *("PLR09", "E501"),  # lengths
]
RUFF = [
    *("--target-version=py311", "--select=B,C4,E,F,FURB,I,N,PERF,PIE,PL,RET,RUF,SIM,UP,W"),
    f"--ignore={','.join(GOS_OWN)}",
]
# Programs that may be refused, with what the message has.
REFUSED: dict[str, str] = {}
# Programs whose ports differ, with the reason.
WRONG: dict[str, str] = {}


def repository() -> dict[str, Case]:
    """Return the twins of this repository by their names."""
    found = {f"twin_{name}": Case(f"twin_{name}", twin) for name, (twin, _) in pairs().items()}
    for source in NOT_RUN:
        found.pop(f"twin_{Path(source).stem}", None)
    for folder in ("porting", "questions"):
        for source in sorted((ROOT / "docs" / "programs" / folder).glob("*.go")):
            found[f"{folder}_{source.stem}"] = Case(f"{folder}_{source.stem}", source)
    return found


def judge(outcome: Outcome, refused: str | None = None) -> None:
    if outcome.verdict == "refused" and refused is not None:
        assert refused in outcome.report
    else:
        assert outcome.verdict == "same", f"{outcome.verdict}\n{outcome.report}"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in harness.cases().items()])
def test_program(checked: Check, case: Case) -> None:
    outcome = checked(case.name)
    if outcome.verdict == "different" and case.name in WRONG:
        pytest.xfail(WRONG[case.name])
    judge(outcome, REFUSED.get(case.name))


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in repository().items()])
def test_program_of_the_repository(checked: Check, case: Case) -> None:
    judge(checked(case.name), REFUSED.get(case.name))


def test_no_program_of_the_repository_is_left_out() -> None:
    run = {case.source for case in [*harness.cases().values(), *repository().values()]}
    git = ["git", "ls-files", "-co", "--exclude-standard", "*.go"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    left_out = [
        name
        for name in listed.stdout.splitlines()
        if ROOT / name not in run and not name.startswith(tuple(NOT_RUN))
    ]
    assert left_out == []


@pytest.mark.parametrize(("source", "refused"), TRANSLATED.items())
def test_program_that_is_translated_only(go: str, source: str, refused: str | None) -> None:
    judge(harness.translate(ROOT / source), refused)


@pytest.mark.parametrize(
    "source", sorted((harness.HERE / "refused").glob("*.go")), ids=lambda path: path.stem
)
def test_program_without_a_translation(go: str, source: Path) -> None:
    outcome = harness.translate(source)
    assert outcome.verdict == "refused", f"{outcome.verdict}\n{outcome.report}"
    # The comment `// want WORD` is on the line of the message.
    for number, line in enumerate(source.read_text().splitlines(), 1):
        if found := re.search(r"// want (.*)", line):
            pattern = rf"^.*{source.name}:{number}:\d+: .*{re.escape(found[1])}"
            assert re.search(pattern, outcome.report, re.MULTILINE), outcome.report


def test_ports_pass_mypy_and_ruff(checked: Check, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """All ports of the session, and of what is translated only, in one run of each.

    They are formatted as the command formats them.
    """
    pytest.importorskip("mypy", reason="mypy is not installed")
    names = [
        item.callspec.params["case"].name
        for item in request.session.items
        if hasattr(item, "callspec") and isinstance(item.callspec.params.get("case"), Case)
    ]

    def add(name: str, outcome: Outcome) -> None:
        assert outcome.verdict != "same" or len(outcome.files) == 1
        for text in outcome.files.values() if outcome.verdict == "same" else ():
            (tmp_path / f"port_{name}.py").write_text(formatter.format_python(text, "port.py"))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda name: add(name, checked(name)), names))
    for source in TRANSLATED:
        if source.endswith(".go"):
            add(Path(source).stem, harness.translate(ROOT / source))
    files = sorted(map(str, tmp_path.glob("port_*.py")))
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *RUFF, *files]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    config = str(ROOT / "pyproject.toml")
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file",
        config,
        f"--cache-dir={tmp_path}/cache",
    ]
    done = subprocess.run([*mypy, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# --- Go's own tests -----------------------------------------------------------------------------------------

GO_TESTS = [
    *("doubleselect", "fifo", "goroutines", "nonblock", "powser1", "powser2", "select", "select3", "select4"),
    *("select6", "select7", "select8", "sendstmt", "sieve1", "sieve2", "zerosize"),
]


def chan_folder(go: str) -> Path | None:
    """Return where Go's test/chan is installed."""
    asked = subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True)
    roots = [Path(asked.stdout.strip()), *sorted(Path("/usr/share").glob("go-*")), Path("/usr/share/go")]
    return next((root / "test/chan" for root in roots if (root / "test/chan").is_dir()), None)


def port_and_run(source: Path, folder: Path) -> Outcome:
    """Port one of Go's tests, which print nothing and end with 0 if they pass."""
    outcome = harness.translate(source)
    if outcome.verdict == "same":
        ending = harness.run_port(harness.write(outcome.files, folder), Path("/dev/null"))
        if ending.status or ending.printed or ending.errors:
            return Outcome("different", f"status {ending.status}\n{ending.printed!r}\n{ending.errors}")
    return outcome


@pytest.fixture(scope="module")
def go_tests(
    go: str,
    pool: ProcessPoolExecutor,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Outcome]]]:
    folder = chan_folder(go)
    if folder is None:
        pytest.skip("Go's test/chan is not installed; Debian's package golang-src has it")
    wanted = {item.name for item in request.session.items}
    here = tmp_path_factory.mktemp("test-chan")
    futures = {}
    for name in GO_TESTS:
        if f"test_of_go[{name}]" in wanted:
            (here / name).mkdir()
            futures[name] = pool.submit(port_and_run, folder / f"{name}.go", here / name)
    yield futures


@pytest.mark.parametrize("name", GO_TESTS)
def test_of_go(go_tests: dict[str, Future[Outcome]], name: str) -> None:
    judge(go_tests[name].result())

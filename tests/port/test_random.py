"""Compares random programs with their ports: a few here, thousands with fuzz.py."""

from concurrent.futures import Future, ProcessPoolExecutor

import pytest
from fuzz import MAKERS, Finding, run_batch

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

# Each batch is one test. All are started when the first is asked for.
BATCHES = [
    *(("everything", list(range(first, first + 20))) for first in (1_000_000, 1_000_020, 1_000_040)),
    *((of, list(range(1_000_000, 1_000_020))) for of in MAKERS if of != "everything"),
]


@pytest.fixture(scope="module")
def batches(go: str, pool: ProcessPoolExecutor) -> list[Future[list[Finding]]]:
    return [pool.submit(run_batch, seeds, of) for of, seeds in BATCHES]


@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_random_programs(batches: list[Future[list[Finding]]], number: int) -> None:
    findings = batches[number].result()
    assert not findings, "\n\n".join(f"{seed} {verdict}\n{report}" for seed, verdict, report in findings)


@pytest.mark.parametrize("of", MAKERS)
def test_a_seed_makes_one_program(of: str) -> None:
    batch = MAKERS[of]
    assert batch([7]) == batch([7])
    assert batch([7]) != batch([8])

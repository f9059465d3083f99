from gochan import (
    Chan,
    RecvChan,
    SendChan,
    close,
    go,
    run,
    runtime,
    sync,
)


def worker(
    id: int,
    jobs: RecvChan[int],
    results: SendChan[str],
) -> None:
    for job in jobs:
        for _ in range(job):
            runtime.gosched()  # one step; other goroutines run
        results << f"worker {id} did job {job}"


def main() -> None:
    jobs, results = Chan[int](), Chan[str]()
    wg = sync.WaitGroup()
    for id in range(3):
        wg.go(worker, id, jobs, results)

    @go
    def _() -> None:
        for job in range(7):
            jobs << job
        close(jobs)
        wg.wait()
        close(results)

    for result in results:
        print(result)


run(main)

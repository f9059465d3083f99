"""Fan-out, fan-in: spread jobs over several workers, and merge their results into one channel.

Main receives the results in the order in which they are ready. A goroutine closes the channel of results
when the last worker has ended.
"""

from gochan import Chan, RecvChan, SendChan, close, defer, go, run, sync, time


def worker(id: int, jobs: RecvChan[int], results: SendChan[int], wg: sync.WaitGroup) -> None:
    defer(wg.done)
    for job in jobs:
        print(f"Worker {id} processing job {job}")
        time.sleep(500 * time.MILLISECOND)
        results << job * 2


def main() -> None:
    num_jobs = 10
    num_workers = 3
    jobs = Chan[int](num_jobs)
    results = Chan[int](num_jobs)
    wg = sync.WaitGroup()
    for w in range(1, num_workers + 1):
        wg.add(1)
        go(worker, w, jobs, results, wg)

    @go
    def _() -> None:
        for j in range(1, num_jobs + 1):
            jobs << j
        close(jobs)

    @go
    def _() -> None:
        wg.wait()
        close(results)

    for result in results:
        print(f"Result: {result}")


if __name__ == "__main__":
    run(main)

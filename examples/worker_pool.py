"""Worker pool: a fixed number of workers receive jobs from one channel and send results to another.

Three workers need two seconds for five jobs of one second each.
"""

from gochan import Chan, RecvChan, SendChan, close, defer, go, run, sync, time


def worker(id: int, jobs: RecvChan[int], results: SendChan[int], wg: sync.WaitGroup) -> None:
    defer(wg.done)
    for job in jobs:
        print(f"Worker {id} processing job {job}")
        time.sleep(time.SECOND)
        results << job * 2


def main() -> None:
    num_jobs = 5
    num_workers = 3
    jobs = Chan[int](num_jobs)
    results = Chan[int](num_jobs)
    wg = sync.WaitGroup()
    for w in range(1, num_workers + 1):
        wg.add(1)
        go(worker, w, jobs, results, wg)
    for j in range(1, num_jobs + 1):
        jobs << j
    close(jobs)
    wg.wait()
    close(results)
    print("\nResults:")
    for result in results:
        print(f"Result: {result}")


if __name__ == "__main__":
    run(main)

from gochan import Chan, RecvChan, close, run, runtime, sync

running = sync.atomic.Int64()


def work(job: int) -> None:
    print("job", job, "starts:", running.add(1), "running")
    runtime.gosched()  # other goroutines run
    running.add(-1)


def worker(jobs: RecvChan[int]) -> None:
    for job in jobs:
        work(job)


def main() -> None:
    wg = sync.WaitGroup()
    print("fan-out")
    for job in range(4):
        wg.go(work, job)
    wg.wait()

    print("worker pool")
    jobs = Chan[int](4)
    for _ in range(2):
        wg.go(worker, jobs)
    for job in range(4):
        jobs.send(job)
    close(jobs)
    wg.wait()


run(main)

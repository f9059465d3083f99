from gochan import Chan, close, run, runtime, sync

mu = sync.Mutex()
now, most = 0, 0


def work(job: int) -> None:
    global now, most
    with mu:
        now += 1
        most = max(most, now)
    runtime.gosched()  # other goroutines run
    with mu:
        now -= 1


def main() -> None:
    global now, most
    wg = sync.WaitGroup()
    for job in range(20):
        wg.go(work, job)
    wg.wait()
    print("a goroutine for each job:", most, "at a time")

    now, most = 0, 0
    jobs = Chan[int]()

    def worker() -> None:
        for job in jobs:
            work(job)

    for _ in range(3):
        wg.go(worker)
    for job in range(20):
        jobs << job
    close(jobs)
    wg.wait()
    print("a pool of three workers:", most, "at a time")


run(main)

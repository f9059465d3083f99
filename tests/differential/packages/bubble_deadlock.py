"""In a bubble time passes until nobody waits for it any more; who is blocked then is blocked forever."""

from gochan import Chan, go, run, synctest, time


def bubble() -> None:
    start = time.now()
    never = Chan[int]()

    @go
    def _() -> None:
        time.sleep(time.HOUR)
        print("an hour has passed:", time.duration_string(time.since(start)))
        never.recv()

    synctest.wait()
    print("the other sleeps")
    time.sleep(time.MINUTE)
    print("main waits after", time.duration_string(time.since(start)))
    never.recv()


if __name__ == "__main__":
    run(synctest.test, bubble)

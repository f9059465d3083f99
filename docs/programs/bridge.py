from gochan import Chan, defer, run, runtime, sync


def main() -> None:
    bridge = Chan[None](2)
    wg = sync.WaitGroup()

    def cross(truck: int) -> None:
        bridge.send(None)
        defer(bridge.recv)
        print(f"truck {truck} enters, {len(bridge)} on the bridge")
        runtime.gosched()  # other goroutines run
        print("truck", truck, "leaves")

    for truck in range(5):
        wg.go(cross, truck)
    wg.wait()


run(main)

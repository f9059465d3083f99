from gochan import context, run, sync, time, trace


def make(order: str, machine: sync.Mutex) -> None:
    ctx, task = trace.new_task(context.background(), order)
    with task:
        with trace.start_region(ctx, "grind"):
            time.sleep(20 * time.MILLISECOND)
        with machine, trace.start_region(ctx, "brew"):
            time.sleep(40 * time.MILLISECOND)
        trace.log(ctx, "order", f"{order} is ready")


def main() -> None:
    machine = trace.name(sync.Mutex(), "machine")
    wg = trace.name(sync.WaitGroup(), "orders")
    for order in ("espresso", "lungo"):
        wg.go(make, order, machine)
    wg.wait()


run(main)

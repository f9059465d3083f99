/* The run queue: which goroutine runs next. Go's runqput, runqget, globrunqput and findRunnable of runtime/proc.go.

   First comes S.runnext, the goroutine that was made ready last; then the local queue of at most LOCAL goroutines, from
   S.head on; then the global queue, from S.ghead on.

   Invariants
   - Every function here is part of a step: it cannot fail, allocates nothing and runs no Python code.
   - `pick` alone decides which goroutine is next, as Go's findRunnable does.
   - A goroutine in the run queue is there once, and is G_RUNNABLE. */

static void run_timers(Timers *timers, long long now);
static G *poll_now(void);
static void inject(G *list, int global);

/* The engine's clock, in ns. */
static inline long long clock_now(void)
{
    return UNLIKELY(S.frozen) ? S.moment : monotonic_now();
}

static inline void append(G **head, G **tail, Py_ssize_t *size, G *gp)
{
    gp->link = NULL;
    *(*tail ? &(*tail)->link : head) = gp;
    *tail = gp;
    ++*size;
}

static inline G *pop_first(G **head, G **tail, Py_ssize_t *size)
{
    G *gp = *head;
    *head = gp->link;
    PREFETCH(gp->link);
    gp->link = NULL;
    if (*head == NULL)
        *tail = NULL;
    --*size;
    return gp;
}

static void put_global(G *gp)
{
    append(&S.ghead, &S.gtail, &S.gsize, gp);
}

static G *get_local(void)
{
    return pop_first(&S.head, &S.tail, &S.size);
}

static G *get_global(void)
{
    return pop_first(&S.ghead, &S.gtail, &S.gsize);
}

/* Append gp to the local queue. If that is full, half of it moves to the global queue. */
static void put(G *gp)
{
    if (S.size >= LOCAL) {
        for (int i = 0; i < LOCAL / 2; i++)
            put_global(get_local());
        put_global(gp);
    } else
        append(&S.head, &S.tail, &S.size, gp);
}

static int take_out(G *gp, G **head, G **tail, Py_ssize_t *size)
{
    G *before = NULL;
    for (G *g = *head; g != NULL; before = g, g = g->link)
        if (g == gp) {
            *(before ? &before->link : head) = gp->link;
            if (*tail == gp)
                *tail = before;
            gp->link = NULL;
            --*size;
            return 1;
        }
    return 0;
}

/* Remove gp from the run queue; return whether it was there. */
static int unqueue(G *gp)
{
    if (S.runnext == gp)
        S.runnext = NULL;
    else if (S.chosen == gp)
        S.chosen = NULL;
    else if (!take_out(gp, &S.head, &S.tail, &S.size))
        return take_out(gp, &S.ghead, &S.gtail, &S.gsize);
    return 1;
}

/* Wake a thread, unless the program's end has done so. */
static void ready_thread(G *gp)
{
    if (gp->status != G_WAITING)
        return;
    if (UNLIKELY(S.trace))
        trace_ready(gp);
    gp->reason = NULL;
    gp->status = G_RUNNABLE;
    PyThread_release_lock(gp->sleep->lock);
}

static NOINLINE void unblock(G *gp)
{
    if (gp->kind == G_ASYNC) {
        /* It starts as a goroutine now, which the scheduler owns until it has ended. */
        Py_INCREF(gp);
        gp->program = S.program;
        gp->id = ++S.goid;
        S.live++;
        if (UNLIKELY(S.trace))
            trace_go(gp);
    }
    if (gp->uncounted) {
        gp->uncounted = 0;
        if (gp->bubble != NULL)
            gp->bubble->running++;
    }
}

/* Make gp, which is runnable, the next goroutine to run; the one that was next moves to the tail of the queue. */
static inline void put_next(G *gp)
{
    G *kicked = S.runnext;
    S.runnext = gp;
    if (kicked != NULL)
        put(kicked);
}

/* Put back gp, which was picked but has not run: it runs next, and then the one that is next by now. */
static NOINLINE void unpick(G *gp)
{
    G *after = S.runnext;
    S.runnext = gp;
    if (after == NULL)
        return;
    after->link = S.head;
    S.head = after;
    if (S.tail == NULL)
        S.tail = after;
    S.size++;
}

/* Make gp, which waits, the next goroutine to run. */
static inline void ready(G *gp)
{
    if (UNLIKELY(gp->kind != G_GOROUTINE || gp->uncounted)) {
        if (gp->kind == G_THREAD) {
            ready_thread(gp);
            return;
        }
        unblock(gp);
    }
    if (UNLIKELY(S.trace))
        trace_ready(gp);
    gp->reason = NULL;
    gp->status = G_RUNNABLE;
    put_next(gp);
    S.wake |= S.hub_asleep;
}

static inline G *fresh_slice(G *gp)
{
    S.tick++;
    S.inherited = 0;
    S.slice_end = 0;
    return gp;
}

/* Return whether the run-next chain has used up its time slice; only every eighth call reads the clock. */
static int slice_over(void)
{
    if (++S.inherited & 7)
        return 0;
    long long now = clock_now();
    if (S.slice_end == 0)
        S.slice_end = now + SLICE;
    return now >= S.slice_end;
}

/* Take the next goroutine to run from its queue; NULL if there is none, or if the hub must call `poll` first. */
static NOINLINE G *pick(void)
{
    if (UNLIKELY(S.exploring)) {
        G *chosen = S.chosen;
        S.chosen = NULL;
        return chosen;
    }
    if (UNLIKELY(S.posted || S.shared || S.watched)) {
        S.heartbeats++;
        if (S.posted || (S.shared && clock_now() >= S.loop_due))
            return NULL;
    }
    if (S.timers.count > 0)
        run_timers(&S.timers, clock_now());
    if (UNLIKELY(S.io_waiters > 0) && clock_now() >= S.io_due) {
        if (S.use_selectors)
            return NULL;
        inject(poll_now(), 1);
    }
    if (S.gsize && S.tick % FAIRNESS == 0)
        return fresh_slice(get_global());
    G *gp = S.runnext;
    if (gp != NULL) {
        S.runnext = NULL;
        if ((S.head == NULL && S.gsize == 0) || !slice_over())
            return gp;
        put_global(gp);
    }
    if (S.head != NULL)
        return fresh_slice(get_local());
    if (!S.gsize) {
        if (S.io_waiters == 0 || S.use_selectors || (gp = poll_now()) == NULL)
            return NULL;
        inject(gp->link, 0);
        gp->link = NULL;
        return fresh_slice(gp);
    }
    gp = get_global();
    for (Py_ssize_t n = Py_MIN(S.gsize, LOCAL / 2 - 1); n > 0; n--)
        put(get_global());
    return fresh_slice(gp);
}

/* The scheduler: the run queue, park and ready, go, the hub and its workers. Go's runtime/proc.go.

   A goroutine that parks picks the next one and switches straight to that one's greenlet. The hub, which has a
   greenlet of its own, runs only to start new greenlets (one that a goroutine starts would inherit the goroutine's
   recursion depth and position on the C stack), to call the hook `poll`, and to throw exceptions into main.

   Invariants
   - `pick` alone decides which goroutine is next, as Go's findRunnable does; it cannot fail and runs no Python code.
   - S.curg is set before a switch. NULL: the hub runs, or no program.
   - When an exception ends a wait, `abort_wait` removes the goroutine from its queue before it continues. */

/* What a goroutine waits for, in Go's words. */
static PyObject *chan_receive, *chan_send, *select_, *select_no_cases, *sleep_, *nil_receive, *cond_wait, *synctest_run,
    *synctest_wait, *mutex_lock, *rwmutex_lock, *rwmutex_rlock, *group_wait;
/* All texts that are reasons to wait: G.reason borrows from here. */
static PyObject *reasons;
/* The folder of gochan's own code, with a separator at the end. */
static PyObject *own_folder;
static PyObject *program_has_ended;
/* Above 0 while goroutines that have not started are freed, because their program has ended. */
static int dropping_queues;
/* The key of a thread's G in the dictionary of its thread state. */
static PyObject *thread_key;

static void maybe_wake(Bubble *b);
static void start(G *gp, int last);
static int group_add(WaitGroup *wg, Py_ssize_t delta);
static void run_timers(Timers *timers, long long now);
static long long next_wakeup(Timers *timers, long long within);
static void clear_timers(Timers *timers);
static int leave_select(G *gp, Case **won);
static void undo(Case *c);
static int park_thread(G *gp);
static void fail_waits(PyObject *text);
static G *poll_now(void);
static void inject(G *list, int global);
static void forget_worker(Worker *w);

/* The engine's clock, in ns. */
static inline long long clock_now(void)
{
    return UNLIKELY(S.frozen) ? S.moment : monotonic_now();
}

/* --- hooks -------------------------------------------------------------------------------------------------------- */

static PyObject *call_hook(PyObject *hook, PyObject *a, PyObject *b)
{
    if (hook == NULL)
        return PyErr_Format(PyExc_RuntimeError, "gochan's engine was called before gochan was imported");
    return PyObject_CallFunctionObjArgs(hook, a, b, NULL);
}

/* Have the hub throw exc, whose reference is taken over, into main. */
static void keep(PyObject *exc)
{
    if (S.kept == NULL)
        S.kept = exc;
    else
        Py_XDECREF(exc);
}

static NOINLINE void wake_poller(void)
{
    char wake = S.wake;
    S.wake = 0;
    if (wake & NAME_THREADS && done(call_hook(hooks.name_threads, NULL, NULL)) < 0)
        keep(raised());
    if (wake & 1 && done(call_hook(hooks.wake, NULL, NULL)) < 0)
        keep(raised());
}

/* Called after a step: wake the hub if it sleeps and the step has made a goroutine ready. */
static inline void after_step(void)
{
    if (UNLIKELY(S.wake))
        wake_poller();
}

/* --- goroutines --------------------------------------------------------------------------------------------------- */

/* The caller tracks the G if it can be part of a cycle. That of a goroutine isn't tracked, for speed: the scheduler
   owns it until it has ended, and then it refers to nothing. */
static G *alloc_g(enum g_kind kind)
{
    G *gp = PyObject_GC_New(G, G_type);
    if (gp == NULL)
        return NULL;
    memset((char *)gp + sizeof(PyObject), 0, sizeof *gp - sizeof(PyObject));
    gp->gp = gp;
    gp->kind = kind;
    gp->timer.index = -1;
    gp->timer.kind = T_SLEEP;
    return gp;
}

static int G_traverse(G *gp, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(gp));
    Py_VISIT(gp->elem);
    Py_VISIT(gp->cases);
    Py_VISIT(gp->greenlet);
    Py_VISIT(gp->fn);
    Py_VISIT(gp->args);
    Py_VISIT(gp->kwargs);
    Py_VISIT(gp->scope);
    Py_VISIT(gp->context);
    return 0;
}

static int G_clear(G *gp)
{
    Case *won;
    if (gp->kind == G_ASYNC && leave_select(gp, &won) && won != NULL)
        undo(won);
    Py_CLEAR(gp->elem);
    Py_CLEAR(gp->cases);
    Py_CLEAR(gp->greenlet);
    Py_CLEAR(gp->fn);
    Py_CLEAR(gp->args);
    Py_CLEAR(gp->kwargs);
    Py_CLEAR(gp->scope);
    Py_CLEAR(gp->context);
    return 0;
}

static void G_dealloc(G *gp)
{
    PyTypeObject *type = Py_TYPE(gp);
    PyObject_GC_UnTrack(gp);
    Py_TRASHCAN_BEGIN(gp, G_dealloc)
    unqueue_waiter((Waiter *)gp);
    G_clear(gp);
    Py_CLEAR(gp->code);
    Py_CLEAR(gp->bubble);
    Py_CLEAR(gp->group);
    if (gp->sleep != NULL) {
        if (gp->sleep->lock != NULL)
            PyThread_free_lock(gp->sleep->lock);
        Py_XDECREF(gp->sleep->wait_error);
        PyMem_RawFree(gp->sleep);
    }
    PyObject_GC_Del(gp);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static NOINLINE int runs_slowly(G *gp)
{
    return runs_unmarked(&gp->mark, gp->greenlet, gp->parent == 0);
}

/* Return whether the caller runs in gp's greenlet. */
static inline int runs(G *gp)
{
    return is_marked(gp->mark) || runs_slowly(gp);
}

/* Return the caller's goroutine; NULL if the caller is in the hub, in another greenlet or in another thread. */
static inline G *running(void)
{
    G *gp = S.curg;
    return gp != NULL && runs(gp) ? gp : NULL;
}

/* Return the bubble of the caller's goroutine; NULL if it is in none. */
static inline Bubble *bubble_here(void)
{
    G *gp = S.curg;
    return gp != NULL && gp->bubble != NULL && runs(gp) ? gp->bubble : NULL;
}

/* Return the caller's goroutine if it can park; NULL if `enter` must decide. */
static inline G *blocker(void)
{
    G *gp = S.curg;
    return gp != NULL && !S.ending && gp->status == G_RUNNING && runs(gp) ? gp : NULL;
}

/* Have the hook `enter` return the caller's G: main's, which it may have to make first, or the G of another thread,
   with which the caller then waits. A new reference. Python code has run: the operation must start over. */
static NOINLINE G *enter(void)
{
    PyObject *found = call_hook(hooks.enter, NULL, NULL);
    if (found == NULL)
        return NULL;
    G *gp = (G *)found;
    if (Py_TYPE(found) == G_type && (gp->kind == G_THREAD ? gp->status == G_RUNNING : blocker() == gp))
        return gp;
    Py_DECREF(found);
    PyErr_SetString(PyExc_RuntimeError, "a blocking call outside of any goroutine");
    return NULL;
}

/* --- the run queue ------------------------------------------------------------------------------------------------ */

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

/* --- park and its relatives --------------------------------------------------------------------------------------- */

/* Take an idle worker; NULL if there is none. */
static inline Worker *idle_worker(void)
{
    Worker *w = S.free;
    if (w != NULL) {
        S.free = w->link;
        S.free_size--;
    }
    return w;
}

/* Let w run n, which has not started. */
static inline void assign(Worker *w, G *n)
{
    w->gp = n;
    n->greenlet = Py_NewRef(OBJECT(w->greenlet));
    n->mark = NULL;
}

/* Make n the running goroutine and return its greenlet; the hub's if n is NULL or needs a new worker. Borrowed. */
static NOINLINE PyObject *greenlet_for(G *n)
{
    if (n != NULL) {
        if (n->greenlet == NULL) {
            Worker *w = idle_worker();
            if (w != NULL)
                assign(w, n);
        }
        if (n->greenlet != NULL) {
            n->status = G_RUNNING;
            S.curg = n;
            if (UNLIKELY(S.trace))
                trace_run(n);
            return n->greenlet;
        }
        S.handoff = n;
    }
    S.curg = NULL;
    return S.hub;
}

/* Switch to a greenlet. Inlined, since each parked goroutine keeps a copy of the C frames of its callers. */
static inline int switch_to(PyObject *greenlet)
{
    Py_INCREF(greenlet);
    int status = done(PyGreenlet_Switch((PyGreenlet *)greenlet, NULL, NULL));
    Py_DECREF(greenlet);
    return status;
}

/* The user's code has switched to the caller's greenlet, which is parked or idle: raise RuntimeError there. Return when
   another switch comes here, which may be the scheduler's; -1 for an exception. */
static NOINLINE int refuse_switch(void)
{
    PyObject *back = S.curg != NULL ? S.curg->greenlet : S.hub;
    PyObject *text = PyUnicode_FromString(
        "greenlet.switch to the greenlet of a goroutine: only the scheduler may; to wake it, send to its channel");
    if (back == NULL || text == NULL) {
        if (text != NULL)
            PyErr_SetObject(PyExc_RuntimeError, text);
        Py_XDECREF(text);
        return -1;
    }
    Py_INCREF(back);
    int status = done(PyGreenlet_Throw((PyGreenlet *)back, PyExc_RuntimeError, text, NULL));
    Py_DECREF(back);
    Py_DECREF(text);
    return status;
}

/* Take gp, into which an exception was thrown while it was parked, out of whatever it waited in. gp->chosen then says
   whether something had ended the wait before: the caller undoes that. */
static NOINLINE int abort_wait(G *gp)
{
    PyObject *exc = raised();
    if (UNLIKELY(S.starting != NULL))
        forget_worker(S.starting);
    if (UNLIKELY(S.handoff != NULL)) {
        /* It was picked, but the hub has not switched to it. */
        G *picked = S.handoff;
        S.handoff = NULL;
        unpick(picked);
    }
    G *other = S.curg;
    if (other != NULL && other != gp && other->status == G_RUNNING && !S.ending) {
        /* It has called this greenlet's throw, or the switch to it has failed: it goes on later. */
        other->status = G_RUNNABLE;
        put(other);
    }
    gp->chosen = gp->status != G_WAITING;
    if (gp->status == G_RUNNABLE)
        unqueue(gp);
    gp->status = G_RUNNING;
    gp->reason = NULL;
    if (gp->uncounted)
        unblock(gp);
    unqueue_waiter((Waiter *)gp);
    if (gp->program != S.program && gp != S.main) {
        /* A program that is over; its greenlets are being freed. */
        raise_again(exc);
        return -1;
    }
    if (UNLIKELY(S.trace))
        trace_run(gp);
    S.curg = gp;
    raise_again(exc);
    return -1;
}

/* What main does when the exception that ends the program has reached it, and its wait is undone. */
static NOINLINE void report_program_end(void)
{
    PyObject *exc = raised();
    S.threw_into_main = 0;
    if (done(call_hook(hooks.program_ended, OBJECT(S.main), exc)) < 0) {
        Py_XDECREF(exc);
        return;
    }
    raise_again(exc);
}

/* Let the next goroutine run. gp is in a queue by now. */
static inline int yield_to_next(G *gp)
{
    G *n = pick();
    if (n == gp) {
        gp->status = G_RUNNING;
        if (UNLIKELY(S.trace))
            trace_run(gp);
        return 0;
    }
    if (switch_to(greenlet_for(n)) < 0)
        return abort_wait(gp);
    while (UNLIKELY(S.curg != gp))
        if (refuse_switch() < 0)
            return abort_wait(gp);
    return 0;
}

/* Return whether a wait with this reason is always durable: nothing outside the bubble can end it. */
static int ends_in_bubble_only(PyObject *reason)
{
    return reason == sleep_ || reason == cond_wait || reason == synctest_run || reason == synctest_wait ||
           reason == nil_receive || reason == select_no_cases;
}

/* If the wait of gp, which is about to park, is durable, its bubble no longer counts it as running. */
static void block_in_bubble(G *gp)
{
    Bubble *b = gp->bubble;
    if (!ends_in_bubble_only(gp->reason)) {
        if (!gp->durable && (gp->queue == NULL || gp->queue->bubble != b))
            return;
        gp->durable = 0;
    }
    gp->uncounted = 1;
    b->running--;
    maybe_wake(b);
}

/* Let gp, the caller, wait until `ready(gp)`. gp is in a queue by now; reason is in Go's words. */
static inline int park(G *gp, PyObject *reason)
{
    gp->reason = reason;
    gp->since = UNLIKELY(S.timed | S.trace) ? coarse_now() : 0;
    gp->status = G_WAITING;
    if (UNLIKELY(S.trace))
        trace_park(gp);
    if (UNLIKELY(gp->kind == G_THREAD))
        return park_thread(gp);
    if (UNLIKELY(gp->bubble != NULL))
        block_in_bubble(gp);
    return yield_to_next(gp);
}

/* After an exception has ended a wait and the operation has undone it: let main know that its program is over. */
static NOINLINE void *after_throw(G *gp)
{
    if (UNLIKELY(S.threw_into_main) && gp == S.main)
        report_program_end();
    return NULL;
}

/* Put gp, the caller, into a queue by `queue`, and let the next goroutine run. */
static inline int yield_into(void (*queue)(G *), G *gp)
{
    if (UNLIKELY(S.trace))
        trace_yield(gp);
    gp->status = G_RUNNABLE;
    queue(gp);
    if (yield_to_next(gp) < 0) {
        after_throw(gp);
        return -1;
    }
    return 0;
}

static int yield_local(G *gp)
{
    return yield_into(put, gp);
}

static int yield_global(G *gp)
{
    return yield_into(put_global, gp);
}

static PyObject *engine_gosched(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    G *gp = blocker();
    if (gp == NULL) {
        gp = enter();
        if (gp == NULL)
            return NULL;
        int is_thread = gp->kind == G_THREAD;
        Py_DECREF(gp);
        if (is_thread)
            Py_RETURN_NONE; /* Python itself switches between threads */
        gp = S.curg;
    }
    return as_none(yield_global(gp));
}

/* --- posted calls and polling loops ------------------------------------------------------------------------------- */

/* Call the posted functions, in order. */
static NOINLINE int drain(void)
{
    while (S.inbox != NULL) {
        Post *post = S.inbox;
        S.inbox = post->next;
        if (S.inbox == NULL) {
            S.inbox_last = NULL;
            S.posted = 0;
        }
        PyObject *fn = post->fn;
        PyMem_RawFree(post);
        int status = done(PyObject_CallNoArgs(fn));
        Py_DECREF(fn);
        if (status < 0)
            return -1;
    }
    return 0;
}

static NOINLINE int poll_slowly(void)
{
    /* The caller may be another thread, which has no time slice. */
    G *gp = running();
    if (gp == NULL)
        return 0;
    if (S.posted && drain() < 0)
        return -1;
    if ((S.polls & 63) || S.ending || gp->status != G_RUNNING || S.curg != gp)
        return 0;
    long long now = clock_now();
    S.heartbeats += S.watched;
    if (S.shared && now >= S.loop_due)
        return yield_global(gp);
    if (S.slice_end == 0)
        S.slice_end = now + SLICE;
    else if (now >= S.slice_end) {
        fresh_slice(gp);
        return yield_global(gp);
    }
    return 0;
}

/* Called by the operations of loops that poll and never park: yield once the time slice is used up, where Go would
   preempt, and call what was posted. Between steps, since it may run Python code and switch. */
static inline int poll_point(void)
{
    if (!S.posted && (++S.polls & 63))
        return 0;
    return poll_slowly();
}

static PyObject *engine_poll_point(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    return as_none(poll_point());
}

/* --- go ----------------------------------------------------------------------------------------------------------- */

/* Return a G for a new goroutine: a reused or a new one. */
static inline G *take_g(void)
{
    G *gp = S.gfree;
    if (gp == NULL)
        return alloc_g(G_GOROUTINE);
    S.gfree = gp->link;
    S.gfree_size--;
    gp->link = NULL;
    gp->status = G_IDLE;
    return gp;
}

/* Make a goroutine, which is not started yet, for the caller; NULL for an exception. `frame`, which may be NULL, is
   the one that started it. *last is set if it is to run after all other goroutines. */
static NOINLINE G *new_g(PyObject *fn, PyObject *args, PyObject *kwargs, PyFrameObject *frame, int *last)
{
    G *spawner = running();
    *last = 0;
    if (spawner == NULL) {
        PyObject *found = call_hook(hooks.spawner, NULL, NULL);
        if (found == NULL)
            return NULL;
        Py_DECREF(found);
        spawner = running();
        *last = spawner == NULL && PyThread_get_thread_ident() != S.thread;
    }
    PyObject *context;
    if (copy_context(&context) < 0)
        return NULL;
    G *gp = take_g();
    if (gp == NULL) {
        Py_XDECREF(context);
        return NULL;
    }
    gp->context = context;
    if (frame != NULL) {
        gp->code = OBJECT(PyFrame_GetCode(frame));
        gp->lasti = PyFrame_GetLasti(frame);
    }
    gp->fn = Py_NewRef(fn);
    gp->args = Py_NewRef(args);
    gp->kwargs = Py_XNewRef(kwargs);
    gp->parent = 1;
    if (spawner != NULL) {
        gp->parent = spawner->id;
        gp->bubble = (Bubble *)Py_XNewRef(OBJECT(spawner->bubble));
    }
    return gp;
}

/* Start gp, whose reference is taken over: number it and make it ready, as the next to run or, if `last`, after all
   others. */
static void start(G *gp, int last)
{
    gp->program = S.program;
    gp->id = ++S.goid;
    S.live++;
    if (gp->bubble != NULL) {
        gp->bubble->total++;
        gp->bubble->running++;
    }
    if (UNLIKELY(S.trace))
        trace_go(gp);
    if (last) {
        gp->status = G_RUNNABLE;
        put_global(gp);
        S.wake |= S.hub_asleep;
    } else
        ready(gp);
}

static PyObject *start_or_drop(G *gp, int last)
{
    if (S.ending || S.main == NULL)
        Py_DECREF(gp); /* started by a `finally` block when the program ends: it never runs */
    else {
        start(gp, last);
        after_step();
    }
    Py_RETURN_NONE;
}

/* Pack the positional arguments from index `from` on into a tuple, and the keyword arguments into a dict, NULL if
   none. */
static int pack_arguments(PyObject *const *args, Py_ssize_t from, Py_ssize_t n, PyObject *names, PyObject **tuple,
                          PyObject **dict)
{
    *dict = NULL;
    *tuple = PyTuple_New(n - from);
    if (*tuple == NULL)
        return -1;
    for (Py_ssize_t i = from; i < n; i++)
        PyTuple_SET_ITEM(*tuple, i - from, Py_NewRef(args[i]));
    if (names == NULL || PyTuple_GET_SIZE(names) == 0)
        return 0;
    *dict = PyDict_New();
    for (Py_ssize_t i = 0; *dict != NULL && i < PyTuple_GET_SIZE(names); i++)
        if (PyDict_SetItem(*dict, PyTuple_GET_ITEM(names, i), args[n + i]) < 0)
            Py_CLEAR(*dict);
    if (*dict == NULL) {
        Py_CLEAR(*tuple);
        return -1;
    }
    return 0;
}

/* Make a goroutine for `go(fn, ...)`, called with these arguments. */
static G *new_g_for_call(PyObject *const *args, Py_ssize_t n, PyObject *names, int *last)
{
    PyObject *positional, *keywords;
    if (pack_arguments(args, 1, n, names, &positional, &keywords) < 0)
        return NULL;
    G *gp = new_g(args[0], positional, keywords, PyEval_GetFrame(), last);
    Py_DECREF(positional);
    Py_XDECREF(keywords);
    return gp;
}

static PyObject *engine_go(PyObject *module UNUSED, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    if (n < 1)
        return PyErr_Format(PyExc_TypeError, "go() missing 1 required positional argument: 'fn'");
    if (!PyCallable_Check(args[0]))
        return PyErr_Format(PyExc_TypeError,
                            "go: %R is not callable; give the function and its arguments: go(f, x)", args[0]);
    int last;
    G *gp = new_g_for_call(args, n, names, &last);
    return gp != NULL ? start_or_drop(gp, last) : NULL;
}

/* Whether a frame is of gochan's own code. */
static int is_own_frame(PyFrameObject *frame)
{
    PyCodeObject *code = PyFrame_GetCode(frame);
    Py_ssize_t ours = PyUnicode_Tailmatch(code->co_filename, own_folder, 0, PY_SSIZE_T_MAX, -1);
    Py_DECREF(code);
    return ours > 0;
}

/* The frame of the user's code that called gochan: frames of gochan's own are passed over. A new reference; NULL if
   there is none. */
static PyFrameObject *user_frame(void)
{
    PyFrameObject *frame = (PyFrameObject *)Py_XNewRef(OBJECT(PyEval_GetFrame()));
    while (frame != NULL && is_own_frame(frame)) {
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = back;
    }
    PyErr_Clear(); /* out of memory: go without a frame */
    return frame;
}

/* Start a goroutine for gochan's own Python code; reports show the user's frame as the one that started it. */
static PyObject *spawn(PyObject *args, int last)
{
    PyObject *fn, *positional = NULL, *keywords = NULL;
    int outside;
    if (!PyArg_ParseTuple(args, "O|O!O:spawn", &fn, &PyTuple_Type, &positional, &keywords))
        return NULL;
    if (!PyCallable_Check(fn))
        return PyErr_Format(PyExc_TypeError, "spawn: %R is not callable", fn);
    if (keywords == Py_None || (keywords != NULL && PyDict_Check(keywords) && PyDict_GET_SIZE(keywords) == 0))
        keywords = NULL;
    if (keywords != NULL && !PyDict_Check(keywords))
        return PyErr_Format(PyExc_TypeError, "spawn: %R is not a dict of keyword arguments", keywords);
    PyFrameObject *frame = user_frame();
    positional = positional != NULL ? Py_NewRef(positional) : PyTuple_New(0);
    G *gp = NULL;
    if (positional != NULL)
        gp = new_g(fn, positional, keywords, frame, &outside);
    Py_XDECREF(frame);
    Py_XDECREF(positional);
    return gp != NULL ? start_or_drop(gp, last || outside) : NULL;
}

static PyObject *engine_spawn(PyObject *module UNUSED, PyObject *args)
{
    return spawn(args, 0);
}

static PyObject *engine_spawn_global(PyObject *module UNUSED, PyObject *args)
{
    return spawn(args, 1);
}

/* --- workers: the greenlets that goroutines run in ---------------------------------------------------------------- */

static void list_worker(Worker *w)
{
    /* A ring that begins with the oldest, since goroutines are unwound in the order in which their workers were made.
       */
    if (S.workers == NULL)
        S.workers = w->next = w->prev = w;
    else {
        w->next = S.workers;
        w->prev = S.workers->prev;
        w->prev->next = w->next->prev = w;
    }
}

static void unlist_worker(Worker *w)
{
    if (w->next == NULL)
        return;
    if (w->next == w)
        S.workers = NULL;
    else {
        w->prev->next = w->next;
        w->next->prev = w->prev;
        if (S.workers == w)
            S.workers = w->next;
    }
    w->next = w->prev = NULL;
}

/* Make a worker for n. Return -1 for an exception. Called in the hub. */
static int new_worker(G *n)
{
    Worker *w = PyMem_RawCalloc(1, sizeof *w);
    if (w == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    w->greenlet = PyGreenlet_New(work_function, (PyGreenlet *)S.main->greenlet);
    if (w->greenlet == NULL) {
        PyMem_RawFree(w);
        return -1;
    }
    list_worker(w);
    assign(w, n);
    S.starting = w;
    return 0;
}

/* The greenlet of a new worker could not start: free the worker, and put its goroutine back into the run queue. */
static void forget_worker(Worker *w)
{
    G *gp = w->gp;
    unlist_worker(w);
    Py_CLEAR(gp->greenlet);
    Py_DECREF(w->greenlet);
    PyMem_RawFree(w);
    gp->status = G_RUNNABLE;
    unpick(gp);
    S.curg = NULL;
    S.starting = NULL;
    if (UNLIKELY(S.trace))
        trace_ready(gp);
}

/* Keep gp, which has ended and is empty, for the next `go`, as Go's gfput does. */
static void recycle(G *gp)
{
    gp->status = G_DEAD;
    Py_CLEAR(gp->greenlet);
    if (gp->kind == G_GOROUTINE && Py_REFCNT(gp) == 1 && S.gfree_size < IDLE_WORKERS && S.main != NULL) {
        gp->link = S.gfree;
        S.gfree = gp;
        S.gfree_size++;
    } else
        Py_DECREF(gp);
}

/* Drop the user's objects that gp refers to; Python code may run. */
static void empty(G *gp)
{
    Py_CLEAR(gp->fn);
    Py_CLEAR(gp->args);
    Py_CLEAR(gp->kwargs);
    Py_CLEAR(gp->scope);
    Py_CLEAR(gp->context);
    Py_CLEAR(gp->code);
    Py_CLEAR(gp->group);
    Py_CLEAR(gp->bubble);
    Py_CLEAR(gp->elem);
}

/* Remove gp, which has ended, from its bubble's counts. */
static void leave_bubble(G *gp)
{
    Bubble *b = gp->bubble;
    b->total--;
    b->running--;
    if (gp == b->main) {
        b->main = NULL;
        b->done = 1;
    }
    maybe_wake(b);
}

/* Let the hub run when greenlet, which runs now, has ended. */
static void continue_in_hub(PyGreenlet *greenlet)
{
    S.curg = NULL;
    if (PyGreenlet_SetParent(greenlet, (PyGreenlet *)S.hub) < 0)
        PyErr_Clear();
}

/* The slow path of finish. */
static NOINLINE int finish_slowly(G *gp, PyObject *exc)
{
    PyObject *fatal = NULL;
    for (int tries = 0;; tries++) {
        if (exc != NULL || gp->scope != NULL || S.curg != gp) {
            fatal = call_hook(hooks.goroutine_ended, OBJECT(gp), exc != NULL ? exc : Py_None);
            Py_CLEAR(exc);
            if (fatal == NULL) {
                /* A signal handler raised in the hook, for example: gp ends with that exception. */
                exc = raised();
                if (tries < 10)
                    continue;
                fatal = exc;
            }
        }
        if (fatal != NULL && fatal != Py_None)
            break;
        Py_CLEAR(fatal);
        if (gp->group != NULL && !S.ending) {
            WaitGroup *group = gp->group;
            gp->group = NULL;
            int status = group_add(group, -1);
            Py_DECREF(group);
            if (status < 0) {
                exc = raised();
                continue;
            }
        }
        S.live--;
        if (gp->bubble != NULL && !S.ending)
            leave_bubble(gp);
        return !S.ending;
    }
    S.live--;
    Py_XSETREF(S.fatal, fatal);
    continue_in_hub((PyGreenlet *)gp->greenlet);
    return 0;
}

/* Finish gp, whose function returned or raised exc, whose reference is taken over. Return 0 if its greenlet must end.
   */
static int finish(G *gp, PyObject *exc)
{
    if (UNLIKELY(gp->program != S.program && !S.forked)) {
        /* Its program is over, and its greenlet is being freed. */
        Py_XDECREF(exc);
        return 0;
    }
    if (exc == NULL && S.curg == gp && gp->scope == NULL && gp->bubble == NULL && gp->group == NULL) {
        S.live--;
        return !S.ending;
    }
    return finish_slowly(gp, exc);
}

/* What a worker does before and after the user's function is in functions of its own, which have returned when the
   goroutine parks or the worker switches. So the copy of an idle worker's stack has less than 1,032 bytes, the largest
   size that glibc's malloc caches for each thread. */

static NOINLINE Worker *begin_work(void)
{
    Worker *w = S.starting;
    S.starting = NULL;
    if (w == NULL)
        PyErr_SetString(PyExc_RuntimeError, "only the scheduler starts the greenlet of a goroutine");
    else
        /* The collector still finds a reference to main's greenlet, the hub's: greenlet needs it when a thread ends. */
        hide_greenlet(w->greenlet);
    return w;
}

/* Prepare to run gp; return the function to call it with, NULL for PyObject_Call. gp owns its arguments during the
   call. */
static NOINLINE vectorcallfunc begin_goroutine(G *gp)
{
    set_context(gp->greenlet, gp->context);
    return gp->kwargs == NULL ? PyVectorcall_Function(gp->fn) : NULL;
}

/* Raise TypeError for a coroutine or generator that gp's function has returned: nothing of it has run. */
static NOINLINE int check_result(G *gp, PyObject *result)
{
    if (hooks.check_result == NULL)
        return 0;
    return done(PyObject_CallFunction(hooks.check_result, "OOs", gp->fn, result,
                                      gp->group != NULL ? "WaitGroup.go" : "go"));
}

/* Finish w's goroutine, whose function returned `result` or raised, and return the next greenlet, borrowed: w's own if
   it is to run another goroutine. NULL if w must end, perhaps with an exception. */
static NOINLINE PyObject *end_goroutine(Worker *w, PyObject *result)
{
    G *gp = w->gp;
    if (result != NULL && (PyCoro_CheckExact(result) || PyGen_CheckExact(result)) &&
        check_result(gp, result) < 0)
        Py_CLEAR(result);
    PyObject *exc = result == NULL ? raised() : NULL;
    Py_XDECREF(result);
    Py_CLEAR(gp->fn);
    Py_CLEAR(gp->args);
    Py_CLEAR(gp->kwargs);
    if (!finish(gp, exc))
        return NULL;
    if (UNLIKELY(S.trace))
        trace_end(gp);
    /* No goroutine runs any more: a finalizer of what is dropped now cannot wait. */
    S.curg = NULL;
    set_context(gp->greenlet, NULL);
    empty(gp);
    w->gp = NULL;
    recycle(gp);
    G *n = pick();
    if (n != NULL && n->greenlet == NULL) {
        /* A new goroutine runs in this greenlet, without a switch. */
        assign(w, n);
        n->status = G_RUNNING;
        S.curg = n;
        if (UNLIKELY(S.trace))
            trace_run(n);
        return OBJECT(w->greenlet);
    }
    if (S.free_size >= IDLE_WORKERS) {
        S.handoff = n;
        continue_in_hub(w->greenlet);
        return NULL;
    }
    PyObject *next = greenlet_for(n);
    w->link = S.free;
    S.free = w;
    S.free_size++;
    return next;
}

static NOINLINE PyObject *end_work(Worker *w)
{
    PyGreenlet *greenlet = w->greenlet;
    G *gp = w->gp;
    unlist_worker(w);
    PyMem_RawFree(w);
    if (greenlet != NULL) {
        show_greenlet(greenlet);
        Py_DECREF(greenlet);
    }
    if (gp != NULL) {
        PyObject *exc = raised();
        if (UNLIKELY(S.trace) && gp->program == S.program)
            trace_end(gp);
        empty(gp);
        if (S.curg == gp)
            S.curg = NULL;
        recycle(gp);
        if (exc != NULL)
            raise_again(exc);
    }
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* An exception was thrown into w, an idle worker, which ends: no goroutine may be given to it any more. */
static NOINLINE void leave_idle(Worker *w)
{
    if (PyErr_ExceptionMatches(Unwind) || PyErr_ExceptionMatches(PyExc_GreenletExit))
        PyErr_Clear();
    if (w->next == NULL)
        return; /* by `unwind`, which empties the list itself */
    for (Worker **p = &S.free; *p != NULL; p = &(*p)->link)
        if (*p == w) {
            *p = w->link;
            S.free_size--;
            return;
        }
}

static PyObject *engine_work(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    Worker *w = begin_work();
    if (w == NULL)
        return NULL;
    for (;;) {
        G *gp = w->gp;
        vectorcallfunc entry = begin_goroutine(gp);
        PyObject *result = entry != NULL
                               ? entry(gp->fn, &PyTuple_GET_ITEM(gp->args, 0), PyTuple_GET_SIZE(gp->args), NULL)
                               : PyObject_Call(gp->fn, gp->args, gp->kwargs);
        PyObject *next = end_goroutine(w, result);
        if (next == NULL)
            break;
        int status = next != OBJECT(w->greenlet) ? switch_to(next) : 0;
        while (UNLIKELY(status == 0 && w->gp == NULL && w->next != NULL))
            status = refuse_switch();
        if (status < 0) {
            leave_idle(w);
            break;
        }
        if (w->gp == NULL)
            break; /* `unwind` has switched here */
    }
    return end_work(w);
}

/* --- the hub ------------------------------------------------------------------------------------------------------ */

/* Free the goroutines of a list that have not started; the other ones belong to their workers. */
static void drop_list(G *gp)
{
    while (gp != NULL) {
        G *next = gp->link;
        gp->link = NULL;
        if (gp->greenlet == NULL && gp->kind != G_THREAD) {
            if (gp->kind == G_GOROUTINE) {
                gp->status = G_DEAD;
                empty(gp);
            }
            Py_DECREF(gp);
        }
        gp = next;
    }
}

static void drop_queues(void)
{
    G *lists[] = {S.runnext, S.handoff, S.chosen, S.head, S.ghead};
    S.runnext = S.handoff = S.chosen = S.head = S.tail = S.ghead = S.gtail = NULL;
    S.size = S.gsize = 0;
    dropping_queues++;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        drop_list(lists[i]);
    dropping_queues--;
}

/* Throw exc, whose reference is taken over, into main. Return -1 if the hub itself must end. */
static int throw_main(PyObject *exc)
{
    G *gp = S.main;
    if (exc == NULL || gp == NULL || gp->greenlet == NULL) {
        Py_XDECREF(exc);
        PyErr_SetNone(PyExc_GreenletExit);
        return -1;
    }
    unqueue(gp);
    S.curg = gp;
    PyObject *greenlet = Py_NewRef(gp->greenlet);
    PyObject *traceback = PyException_GetTraceback(exc);
    PyObject *result = PyGreenlet_Throw((PyGreenlet *)greenlet, OBJECT(Py_TYPE(exc)), exc, traceback);
    Py_XDECREF(traceback);
    Py_DECREF(exc);
    int alive = PyGreenlet_ACTIVE((PyGreenlet *)greenlet);
    Py_DECREF(greenlet);
    if (done(result) == 0)
        return 0;
    if (alive && !PyErr_ExceptionMatches(PyExc_GreenletExit)) {
        keep(raised());
        return 0;
    }
    PyErr_SetNone(PyExc_GreenletExit);
    return -1;
}

/* One iteration of the hub's loop; *next is the greenlet to switch to, or NULL. Return -1 if the hub must end. */
static NOINLINE int hub_round(PyObject **next)
{
    *next = NULL;
    if (S.fatal != NULL) {
        PyObject *exc = S.fatal;
        S.fatal = NULL;
        S.threw_into_main = 1;
        if (PyErr_GivenExceptionMatches(exc, Unwind))
            S.ending = 1;
        drop_queues();
        return throw_main(exc);
    }
    if (S.kept != NULL) {
        PyObject *exc = S.kept;
        S.kept = NULL;
        return throw_main(exc);
    }
    G *n = S.handoff;
    S.handoff = NULL;
    if (n == NULL)
        n = pick();
    if (n == NULL) {
        int status = done(call_hook(hooks.poll, NULL, NULL));
        S.hub_asleep = 0;
        return status < 0 ? throw_main(raised()) : 0;
    }
    if (n->greenlet == NULL) {
        Worker *w = idle_worker();
        if (w != NULL)
            assign(w, n);
        else if (new_worker(n) < 0) {
            PyObject *exc = raised();
            unpick(n);
            return throw_main(exc);
        }
    }
    *next = greenlet_for(n);
    return 0;
}

/* Switch from the hub's own loop. */
static int park_hub(PyObject *greenlet)
{
    S.hub_parked = 1;
    int status = switch_to(greenlet);
    S.hub_parked = 0;
    return status;
}

static PyObject *engine_hub(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    fresh_depth();
    PyGreenlet *hub = PyGreenlet_GetCurrent();
    PyGreenlet *starter = hub != NULL ? PyGreenlet_GetParent(hub) : NULL;
    Py_XDECREF(hub);
    if (starter == NULL)
        return NULL;
    int status = park_hub(OBJECT(starter));
    Py_DECREF(starter);
    for (;;) {
        if (status < 0) {
            if (PyErr_ExceptionMatches(PyExc_GreenletExit))
                return NULL;
            keep(raised());
        }
        if (S.hub != OBJECT(hub))
            Py_RETURN_NONE; /* `end_hub` has switched here */
        PyObject *next;
        status = hub_round(&next);
        if (status == 0 && next != NULL) {
            status = park_hub(next);
            if (status < 0 && S.starting != NULL)
                forget_worker(S.starting);
        }
    }
}

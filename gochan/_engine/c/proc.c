/* Goroutines: how they start, park, become ready again and yield. Go's runtime/proc.go.

   A goroutine that parks picks the next one (runq.c) and switches straight to that one's greenlet (worker.c).

   Invariant: when an exception ends a wait, `abort_wait` removes the goroutine from its queue before it continues. */

/* What a goroutine waits for, in Go's words. */
static PyObject *chan_receive, *chan_send, *select_, *select_no_cases, *sleep_, *nil_receive, *cond_wait, *synctest_run,
    *synctest_wait, *mutex_lock, *rwmutex_lock, *rwmutex_rlock, *group_wait;
/* All texts that are reasons to wait: G.reason borrows from here. */
static PyObject *reasons;
/* The folder of gochan's own code, with a separator at the end. */
static PyObject *own_folder;
static PyObject *program_has_ended;

static G *alloc_g(enum g_kind kind);
static void start(G *gp, int last);
static int park_thread(G *gp);

/* --- goroutines --------------------------------------------------------------------------------------------------- */

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

/* --- park and its relatives --------------------------------------------------------------------------------------- */

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

/* Raise TypeError if fn is a builtin, or a partial of one, that would work in the namespace of its caller: it has none
   here. `call` is the public function that fn was given to; args and kwargs may be NULL. */
static NOINLINE int check_namespace(const char *call, PyObject *fn, PyObject *args, PyObject *kwargs)
{
    PyObject *positional = args != NULL ? Py_NewRef(args) : PyTuple_New(0);
    PyObject *keywords = kwargs != NULL ? Py_NewRef(kwargs) : PyDict_New();
    PyObject *checked = NULL;
    if (positional != NULL && keywords != NULL)
        checked = PyObject_CallFunction(hooks.check_namespace, "sOOO", call, fn, positional, keywords);
    Py_XDECREF(positional);
    Py_XDECREF(keywords);
    return done(checked);
}

/* Whether check_namespace might raise. */
static inline int is_unusual(PyObject *fn)
{
    if (hooks.check_namespace == NULL)
        return 0;
    return (PyCFunction_CheckExact(fn) && PyCFunction_GET_SELF(fn) == builtins) ||
           OBJECT(Py_TYPE(fn)) == partial || fn == OBJECT(&PySuper_Type);
}

/* Make a goroutine for `go(fn, ...)`, called with these arguments; `call` is the name of that function. */
static G *new_g_for_call(const char *call, PyObject *const *args, Py_ssize_t n, PyObject *names, int *last)
{
    PyObject *positional, *keywords;
    if (pack_arguments(args, 1, n, names, &positional, &keywords) < 0)
        return NULL;
    if (UNLIKELY(is_unusual(args[0])) && check_namespace(call, args[0], positional, keywords) < 0) {
        Py_DECREF(positional);
        Py_XDECREF(keywords);
        return NULL;
    }
    /* The explorer's functions call this one: the frame that counts is around theirs. */
    PyFrameObject *outer = UNLIKELY(S.exploring) ? user_frame() : NULL;
    G *gp = new_g(args[0], positional, keywords, outer != NULL ? outer : PyEval_GetFrame(), last);
    Py_XDECREF(outer);
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
    G *gp = new_g_for_call("go", args, n, names, &last);
    return gp != NULL ? start_or_drop(gp, last) : NULL;
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

/* --- for gochan's own Python code --------------------------------------------------------------------------------- */

static PyObject *engine_running(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    return or_none(running());
}

static PyObject *engine_getg(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    G *gp = running();
    return gp != NULL ? Py_NewRef(OBJECT(gp)) : OBJECT(enter());
}

static PyObject *block_as(PyObject *reason, G *as)
{
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL) {
        gp = enter();
        PyObject *result = gp != NULL ? block_as(reason, gp->kind == G_THREAD ? gp : NULL) : NULL;
        Py_XDECREF(gp);
        return result;
    }
    if (park(gp, reason) < 0)
        return after_throw(gp);
    PyErr_SetString(PyExc_SystemError, "block: the goroutine was woken");
    return NULL;
}

/* Return the one object for this text in `reasons`; borrowed. */
static PyObject *intern_reason(PyObject *text)
{
    if (!PyUnicode_CheckExact(text))
        return PyErr_Format(PyExc_TypeError, "got %R as the reason to wait, want a str", text);
    return PyDict_SetDefault(reasons, text, text);
}

static PyObject *engine_block(PyObject *module UNUSED, PyObject *reason)
{
    PyObject *known = intern_reason(reason);
    return known != NULL ? block_as(known, NULL) : NULL;
}

/* A program's beginning and end: attach, unwind, reset, and the child of a fork. */

/* Return the hub that an earlier program of this greenlet has left; NULL if there is none. */
static PyGreenlet *take_spare_hub(PyGreenlet *current)
{
    if (S.spare_hub == NULL || S.keeper != OBJECT(current))
        return NULL;
    PyGreenlet *hub = (PyGreenlet *)S.spare_hub;
    S.spare_hub = NULL;
    S.hub_parked = 1;
    return hub;
}

/* Make the calling greenlet the main goroutine; return a new reference to its G, or to None while a program runs. */
static PyObject *attach(void)
{
    if (S.main != NULL)
        Py_RETURN_NONE;
    PyGreenlet *current = PyGreenlet_GetCurrent();
    G *gp = current != NULL ? alloc_g(G_GOROUTINE) : NULL;
    PyGreenlet *hub = gp != NULL ? take_spare_hub(current) : NULL;
    int failed = gp == NULL;
    if (hub == NULL && !failed) {
        /* Start the hub now, from a stack that is not deep yet: it must not fail later because the stack is exhausted.
           It switches back at once. */
        hub = PyGreenlet_New(hub_function, current);
        failed = hub == NULL || switch_to(OBJECT(hub)) < 0;
    }
    if (failed || S.main != NULL) {
        /* If S.main is set, a finalizer has begun a program in between. */
        Py_XDECREF(current);
        Py_XDECREF(gp);
        Py_XDECREF(hub);
        return failed ? NULL : attach();
    }
    gp->greenlet = OBJECT(current);
    gp->id = S.goid = 1;
    gp->program = ++S.program;
    gp->status = G_RUNNING;
    /* The collector must track main's G: when a thread ends, greenlet asks it what refers to the thread's main
       greenlet. */
    PyObject_GC_Track(gp);
    S.main = S.curg = gp;
    S.thread = PyThread_get_thread_ident();
    S.live = 1;
    S.hub = OBJECT(hub);
    /* Go has switched to goroutines of its own about this many times when main begins. */
    S.tick = 5;
    if (UNLIKELY(S.trace))
        trace_main(gp);
    Py_CLEAR(S.no_waiting);
    return Py_NewRef(OBJECT(gp));
}

/* Let w, which is idle and not listed, end: it does when it finds nothing to run. That takes less time than to throw. */
static void end_idle(Worker *w, PyGreenlet *current)
{
    PyGreenlet *greenlet = (PyGreenlet *)Py_NewRef(OBJECT(w->greenlet));
    if (PyGreenlet_SetParent(greenlet, current) < 0 || switch_to(OBJECT(greenlet)) < 0)
        PyErr_Clear();
    Py_DECREF(greenlet);
}

/* Throw Unwind into the greenlet of w, so that its `finally` blocks run; return the exception that it raises, or NULL.
   */
static PyObject *unwind(Worker *w, PyGreenlet *unwinder)
{
    PyGreenlet *greenlet = (PyGreenlet *)Py_NewRef(OBJECT(w->greenlet));
    PyObject *late = NULL;
    unlist_worker(w);
    if (w->gp == NULL && PyGreenlet_ACTIVE(greenlet) && greenlet != unwinder) {
        if (keeps_workers()) {
            w->link = S.spare;
            w->spare = 1;
            S.spare = w;
        } else
            end_idle(w, unwinder);
    } else if (PyGreenlet_ACTIVE(greenlet) && greenlet != unwinder) {
        PyObject *exc = PyObject_CallNoArgs(Unwind);
        if (exc == NULL)
            PyErr_Clear();
        S.curg = w->gp;
        if (PyGreenlet_SetParent(greenlet, unwinder) < 0)
            PyErr_Clear();
        if (done(PyGreenlet_Throw(greenlet, Unwind, exc, NULL)) < 0)
            late = raised();
        Py_XDECREF(exc);
    }
    Py_DECREF(greenlet);
    return late;
}

/* Unwind all goroutines but the caller, or those of a bubble; return the last exception that one raised, or None. */
static PyObject *unwind_workers(Bubble *bubble)
{
    G *me = S.curg;
    char ending = S.ending;
    PyObject *late = NULL;
    PyGreenlet *current = PyGreenlet_GetCurrent();
    if (current == NULL)
        return NULL;
    S.ending = 1;
    for (;;) {
        Worker *w = S.workers;
        if (bubble != NULL) {
            while (w != NULL && (w->gp == NULL || w->gp->bubble != bubble || w->gp == me))
                w = w->next != S.workers ? w->next : NULL;
        }
        if (w == NULL)
            break;
        PyObject *exc = unwind(w, current);
        S.curg = me;
        if (exc != NULL)
            Py_XSETREF(late, exc);
    }
    Py_DECREF(current);
    if (bubble != NULL)
        S.ending = ending;
    else {
        S.free = NULL;
        if (late == NULL) {
            late = S.kept;
            S.kept = NULL;
        }
    }
    return late != NULL ? late : Py_NewRef(Py_None);
}

/* End a hub, whose reference is taken over; `parked`: it waits in its own loop. */
static void end_hub(PyGreenlet *hub, int parked)
{
    PyGreenlet *current = PyGreenlet_GetCurrent();
    if (hub != NULL && current != NULL && hub != current && PyGreenlet_ACTIVE(hub)) {
        PyGreenlet_SetParent(hub, current);
        /* In its own loop, the hub ends by itself: that takes less time than to throw. */
        if (parked && switch_to(OBJECT(hub)) < 0)
            PyErr_Clear();
        if (PyGreenlet_ACTIVE(hub) && done(PyGreenlet_Throw(hub, PyExc_GreenletExit, NULL, NULL)) < 0)
            PyErr_Clear();
    }
    PyErr_Clear();
    Py_XDECREF(hub);
    Py_XDECREF(current);
}

/* End the program's hub, or keep it. */
static void leave_hub(void)
{
    PyObject *hub = S.hub;
    S.hub = NULL;
    if (hub != NULL && keeps_workers() && S.hub_parked && S.spare_hub == NULL)
        S.spare_hub = hub;
    else
        end_hub((PyGreenlet *)hub, S.hub_parked);
}

/* End the hub and the workers that earlier programs of `current` have left. */
static void end_spare(PyGreenlet *current)
{
    while (S.spare != NULL) {
        Worker *w = S.spare;
        S.spare = w->link;
        w->spare = 0;
        end_idle(w, current);
    }
    PyGreenlet *hub = (PyGreenlet *)S.spare_hub;
    S.spare_hub = NULL;
    end_hub(hub, 1);
}

static PyObject *Sched_keep_workers(PyObject *self UNUSED, PyObject *keep)
{
    PyGreenlet *current = PyGreenlet_GetCurrent();
    if (current == NULL)
        return NULL;
    if (S.keeper == NULL || S.keeper == OBJECT(current)) {
        Py_XSETREF(S.keeper, keep == Py_True ? Py_NewRef(OBJECT(current)) : NULL);
        if (S.keeper == NULL)
            end_spare(current);
    }
    Py_DECREF(current);
    Py_RETURN_NONE;
}

/* Clear the state of the program that ran. Greenlets that are still referenced keep their objects. */
static void reset(void)
{
    G *gfree = S.gfree, *last_main = S.last_main;
    PyObject *hub = S.hub, *fatal = S.fatal, *kept = S.kept;
    Worker *w;
    if (UNLIKELY(S.trace) && S.main != NULL)
        trace_end(S.main);
    S.program++;
    S.last_main = S.main;
    S.main = S.curg = S.gfree = NULL;
    S.hub = S.fatal = S.kept = NULL;
    S.thread = 0;
    S.ending = S.threw_into_main = 0;
    S.starting = NULL;
    S.goid = 1;
    S.live = 0;
    S.gfree_size = S.free_size = 0;
    S.free = NULL;
    S.tick = 5;
    S.inherited = S.slice_end = 0;
    S.polls = 0;
    fail_waits(program_has_ended);
    drop_queues();
    clear_timers(&S.timers);
    while ((w = S.workers) != NULL) {
        /* If the greenlet is freed while its function is suspended, GreenletExit is thrown there; that frees the
           worker, which drops this reference. A greenlet that is referenced elsewhere keeps both. */
        unlist_worker(w);
        PyGreenlet *greenlet = w->greenlet;
        if (Py_REFCNT(greenlet) == 1 || !PyGreenlet_ACTIVE(greenlet)) {
            PyGreenlet *held = greenlet;
            w->greenlet = NULL;
            Py_DECREF(held);
        }
    }
    while (gfree != NULL) {
        G *next = gfree->link;
        gfree->link = NULL;
        Py_DECREF(gfree);
        gfree = next;
    }
    Py_XDECREF(last_main);
    if (S.last_main != NULL) {
        G *gp = S.last_main;
        gp->status = G_DEAD;
        gp->mark = NULL;
        empty(gp);
        Py_CLEAR(gp->greenlet);
    }
    Py_XDECREF(hub);
    Py_XDECREF(fatal);
    Py_XDECREF(kept);
}

/* In a forked child: leak everything of the parent's program, since its greenlets must not run, and start with an empty
   state. */
static void forget(void)
{
    unsigned program = S.program + 1;
    long long random = S.random;
    char use_selectors = S.use_selectors;
    for (Py_ssize_t i = 0; i < S.timers.count; i++)
        S.timers.entries[i].timer->index = -1;
    memset(&S, 0, sizeof S);
    S.forked = 1;
    S.program = S.first_program = program;
    S.random = random;
    S.use_selectors = use_selectors;
    S.goid = 1;
    forget_poller();
    S.tick = 5;
}

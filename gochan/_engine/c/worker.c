/* Workers, the greenlets that goroutines run in; and the hub, which starts them.

   A goroutine gets a worker when it first runs. The worker of a goroutine that has ended runs the next one, without a
   switch, if that has no greenlet yet; otherwise it is idle until a new goroutine needs one.

   The hub, which has a greenlet of its own, runs only to start new greenlets (one that a goroutine starts would inherit
   the goroutine's recursion depth and position on the C stack), to call the hook `poll`, and to throw exceptions into
   main.

   Invariants
   - S.curg is set before a switch. NULL: the hub runs, or no program.
   - A worker is in the ring S.workers until it ends or is unwound; while it is idle, it is in the list S.free, too. One
     that its program has left to a later one is in S.spare instead.
   - A goroutine that was picked, and that only the hub can switch to, is in S.handoff until the hub does so. */

static void maybe_wake(Bubble *b);
static int group_add(WaitGroup *wg, Py_ssize_t delta);

/* --- switching ---------------------------------------------------------------------------------------------------- */

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

/* Whether idle workers outlive the program that runs. */
static inline int keeps_workers(void)
{
    return UNLIKELY(S.keeper != NULL) && S.main != NULL && S.main->greenlet == S.keeper;
}

/* Make a worker for n, or take one that an earlier program has left. Return -1 for an exception. Called in the hub. */
static int new_worker(G *n)
{
    Worker *w = keeps_workers() ? S.spare : NULL;
    if (w != NULL) {
        S.spare = w->link;
        w->spare = 0;
        list_worker(w);
        assign(w, n);
        return 0;
    }
    w = PyMem_RawCalloc(1, sizeof *w);
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
    if (w->next == NULL && !w->spare)
        return; /* by `unwind`, which empties the list itself */
    for (Worker **p = w->spare ? &S.spare : &S.free; *p != NULL; p = &(*p)->link)
        if (*p == w) {
            *p = w->link;
            S.free_size -= !w->spare;
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
        while (UNLIKELY(status == 0 && w->gp == NULL && (w->next != NULL || w->spare)))
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

/* Above 0 while goroutines that have not started are freed, because their program has ended. */
static int dropping_queues;

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

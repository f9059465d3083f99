/* Threads other than the scheduler's: they wait in the same queues as goroutines.

   Such a thread has a G of its own, and sleeps on that G's lock, without the GIL, so that goroutines run.

   It wakes up every 100 ms: a signal does not end every sleep, the scheduler's thread may have ended without `run`
   returning, and it may be too busy to fire the timer that this thread waits for.

   Invariant: the G is in S.threads from before the sleep until the thread has seen that it was woken. */

/* The longest sleep, in microseconds. */
enum { LONGEST = 100000 };

/* The key of a thread's G in the dictionary of its thread state. */
static PyObject *thread_key;

static void fire(TimerNode *t, long long now);
static int remove_timer(TimerNode *t);
static long long when_of(TimerNode *t);

/* Return the G of the calling thread, which lives as long as the thread; a new reference. */
static PyObject *engine_thread_g(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    PyObject *own = PyThreadState_GetDict();
    PyObject *found = own != NULL ? PyDict_GetItemWithError(own, thread_key) : NULL;
    if (found != NULL && Py_TYPE(found) == G_type && ((G *)found)->kind == G_THREAD) {
        ((G *)found)->program = S.program;
        return Py_NewRef(found);
    }
    G *gp = PyErr_Occurred() ? NULL : alloc_g(G_THREAD);
    if (gp == NULL)
        return NULL;
    gp->sleep = PyMem_RawCalloc(1, sizeof *gp->sleep);
    if (gp->sleep == NULL || (gp->sleep->lock = PyThread_allocate_lock()) == NULL) {
        Py_DECREF(gp);
        return PyErr_NoMemory();
    }
    PyThread_acquire_lock(gp->sleep->lock, NOWAIT_LOCK);
    gp->sleep->thread = PyThread_get_thread_ident();
    gp->program = S.program;
    gp->status = G_RUNNING;
    if (own != NULL && PyDict_SetItem(own, thread_key, OBJECT(gp)) < 0)
        Py_CLEAR(gp);
    return OBJECT(gp);
}

/* Return the topmost Python frame of gp's thread. */
static PyObject *thread_frame(G *gp)
{
    PyObject *module = PyImport_ImportModule("gochan._engine.frames");
    PyObject *frames = module != NULL ? PyObject_CallMethod(module, "current_frames", NULL) : NULL;
    PyObject *ident = PyLong_FromUnsignedLong(gp->sleep->thread);
    PyObject *frame = frames != NULL && ident != NULL ? PyObject_GetItem(frames, ident) : NULL;
    if (frame == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_Clear();
        frame = Py_NewRef(Py_None);
    }
    Py_XDECREF(ident);
    Py_XDECREF(frames);
    Py_XDECREF(module);
    return frame;
}

/* Return whether main's greenlet has ended, by itself or with its thread. Runs no Python code. */
static int main_is_dead(void)
{
    PyObject *dead = PyObject_GetAttrString(S.main->greenlet, "dead");
    int is_dead = dead == Py_True;
    Py_XDECREF(dead);
    PyErr_Clear();
    return is_dead;
}

/* Return the timer of gp's sleep or of its select's timeout; NULL if there is none. */
static TimerNode *own_timer(G *gp)
{
    if (gp->timer.index >= 0)
        return &gp->timer;
    for (Case *c = gp->cases; c != NULL; c = c->link)
        if (c->timer.index >= 0)
            return &c->timer;
    return NULL;
}

/* End gp's wait with a RuntimeError. */
static void fail_wait(G *gp, PyObject *text)
{
    if (gp->status != G_WAITING)
        return;
    gp->ended = 1;
    Py_XSETREF(gp->sleep->wait_error, Py_NewRef(text));
    gp->reason = NULL;
    unqueue_waiter((Waiter *)gp);
    gp->status = G_RUNNABLE;
    PyThread_release_lock(gp->sleep->lock);
}

/* Sleep, in this thread, until gp is made ready. Return -1 for an exception, with gp removed from its queue; gp->chosen
   then says whether the wait had already ended. */
static NOINLINE int park_thread(G *gp)
{
    int status = 0;
    gp->ended = 0;
    gp->sleep->next = S.threads;
    S.threads = gp;
    after_step();
    if (S.no_waiting != NULL)
        fail_wait(gp, S.no_waiting);
    while (gp->status == G_WAITING && status == 0) {
        TimerNode *t = own_timer(gp);
        long long us = LONGEST;
        if (t != NULL) {
            long long left = (when_of(t) - clock_now()) / 1000 + 1;
            us = Py_MAX(0, Py_MIN(us, left));
        }
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock_timed(gp->sleep->lock, us, 1);
        Py_END_ALLOW_THREADS
        if (gp->status != G_WAITING)
            break;
        /* The scheduler's thread may be too busy to fire it. */
        t = own_timer(gp);
        if (t != NULL && when_of(t) <= clock_now()) {
            long long when = when_of(t);
            remove_timer(t);
            fire(t, when);
        } else if (S.main == NULL || main_is_dead())
            fail_wait(gp, program_has_ended);
        else
            status = PyErr_CheckSignals();
    }
    for (G **link = &S.threads; *link != NULL; link = &(*link)->sleep->next)
        if (*link == gp) {
            *link = gp->sleep->next;
            break;
        }
    if (status == 0 && gp->ended) {
        PyErr_SetObject(PyExc_RuntimeError, gp->sleep->wait_error);
        status = -1;
    }
    if (UNLIKELY(S.trace))
        trace_run(gp);
    gp->chosen = gp->status != G_WAITING && !gp->ended;
    gp->status = G_RUNNING;
    gp->reason = NULL;
    if (status < 0)
        unqueue_waiter((Waiter *)gp);
    return status;
}

/* End the wait of every thread, now and until the next program starts. */
static void fail_waits(PyObject *text)
{
    Py_XSETREF(S.no_waiting, Py_NewRef(text));
    for (G *gp = S.threads; gp != NULL; gp = gp->sleep->next)
        fail_wait(gp, text);
}

/* `sched`: the scheduler as gochan's other modules see it. What begins and ends a program is in program.c. */

static PyObject *Sched_attach(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    return attach();
}

static PyObject *Sched_reset(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    if (S.main != NULL && running() != S.main && !main_is_dead())
        return PyErr_Format(PyExc_RuntimeError, "Sched.reset: only main may call it while a program runs");
    reset();
    Py_RETURN_NONE;
}

static PyObject *Sched_end(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    S.ending = 1;
    drop_queues();
    clear_timers(&S.timers);
    fail_waits(program_has_ended);
    Py_RETURN_NONE;
}

static PyObject *Sched_fail_waits(PyObject *self UNUSED, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "Sched.fail_waits: %R is not a str", text);
    fail_waits(text);
    Py_RETURN_NONE;
}

static PyObject *Sched_unwind(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    if (S.main == NULL) /* in a forked child, which has forgotten its parent's goroutines */
        Py_RETURN_NONE;
    if (running() != S.main)
        return PyErr_Format(PyExc_RuntimeError, "Sched.unwind: only main may call it");
    PyObject *late = unwind_workers(NULL);
    leave_hub();
    return late;
}

static PyObject *Sched_forget(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    forget();
    Py_RETURN_NONE;
}

static int add_g(PyObject *list, G *gp)
{
    return PyList_Append(list, OBJECT(gp));
}

static int by_id(const void *a, const void *b)
{
    long long x = (*(G *const *)a)->id, y = (*(G *const *)b)->id;
    return (x > y) - (x < y);
}

/* Put every goroutine that has not ended into `found`, if that is not NULL; return how many there are. */
static Py_ssize_t find_goroutines(G **found)
{
    Py_ssize_t n = 0;
    if (S.main != NULL && !S.main->ended) {
        if (found != NULL)
            found[n] = S.main;
        n++;
    }
    Worker *w = S.workers;
    while (w != NULL) {
        if (w->gp != NULL) {
            if (found != NULL)
                found[n] = w->gp;
            n++;
        }
        w = w->next != S.workers ? w->next : NULL;
    }
    /* One that has run has a worker, and so was found above. The first three are single goroutines, not lists. */
    G *lists[] = {S.runnext, S.handoff, S.chosen, S.head, S.ghead};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (G *gp = lists[i]; gp != NULL; gp = i < 3 ? NULL : gp->link)
            if (gp->greenlet == NULL) {
                if (found != NULL)
                    found[n] = gp;
                n++;
            }
    return n;
}

static PyObject *Sched_goroutines(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    G **found = PyMem_Malloc((find_goroutines(NULL) + 1) * sizeof *found);
    if (found == NULL)
        return PyErr_NoMemory();
    Py_ssize_t n = find_goroutines(found);
    qsort(found, n, sizeof *found, by_id);
    PyObject *list = list_of((PyObject **)found, n);
    PyMem_Free(found);
    return list;
}

static PyObject *Sched_threads(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    PyObject *list = PyList_New(0);
    for (G *gp = S.threads; list != NULL && gp != NULL; gp = gp->sleep->next)
        if (gp->status == G_WAITING && add_g(list, gp) < 0)
            Py_CLEAR(list);
    return list;
}

static PyObject *Sched_post(PyObject *self UNUSED, PyObject *fn)
{
    if (!PyCallable_Check(fn))
        return PyErr_Format(PyExc_TypeError, "Sched.post: %R is not callable", fn);
    Post *post = PyMem_RawMalloc(sizeof *post);
    if (post == NULL)
        return PyErr_NoMemory();
    post->next = NULL;
    post->fn = Py_NewRef(fn);
    *(S.inbox_last ? &S.inbox_last->next : &S.inbox) = post;
    S.inbox_last = post;
    S.posted = 1;
    S.wake |= S.hub_asleep;
    after_step();
    Py_RETURN_NONE;
}

static PyObject *Sched_drain(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    return as_none(drain());
}

static PyObject *Sched_runnable(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    return PyBool_FromLong(S.runnext != NULL || S.head != NULL || S.ghead != NULL || S.handoff != NULL || S.posted ||
                           S.fatal != NULL || S.kept != NULL);
}

static PyObject *Sched_timeout(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    if (S.timers.count == 0)
        return PyLong_FromLong(-1);
    long long ns = next_wakeup(&S.timers, BURST) - clock_now();
    return PyLong_FromLongLong(Py_MAX(0, ns));
}

static PyObject *Sched_now(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    return PyLong_FromLongLong(clock_now());
}

static PyObject *Sched_throw_into_main(PyObject *self UNUSED, PyObject *exc)
{
    if (!PyExceptionInstance_Check(exc))
        return PyErr_Format(PyExc_TypeError, "Sched.throw_into_main: %R is not an exception", exc);
    if (S.main == NULL)
        return PyErr_Format(PyExc_RuntimeError, "Sched.throw_into_main: no program runs");
    Py_XSETREF(S.fatal, Py_NewRef(exc));
    S.wake |= S.hub_asleep;
    after_step();
    Py_RETURN_NONE;
}

static PyObject *Sched_main_exited(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    if (S.main == NULL || running() != S.main)
        return PyErr_Format(PyExc_RuntimeError, "Sched.main_exited: only main may call it");
    G *gp = S.main;
    S.live--;
    gp->ended = 1;
    if (park(gp, nil_receive) < 0)
        return after_throw(gp);
    Py_RETURN_NONE;
}

/* The ids of the runnable goroutines, in the order in which they would run. For gochan.explore, as what follows. */
static PyObject *Sched_run_queue(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    PyObject *found = PyList_New(0);
    G *lists[] = {S.runnext, S.head, S.ghead};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (G *gp = lists[i]; found != NULL && gp != NULL; gp = gp->link) {
            PyObject *id = PyLong_FromLongLong(gp->id);
            if (id == NULL || PyList_Append(found, id) < 0)
                Py_CLEAR(found);
            Py_XDECREF(id);
        }
    return found;
}

/* Return the runnable goroutine with this id; NULL if there is none. */
static G *find_queued(long long id)
{
    G *lists[] = {S.runnext, S.head, S.ghead};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (G *gp = lists[i]; gp != NULL; gp = gp->link)
            if (gp->id == id)
                return gp;
    return NULL;
}

static PyObject *Sched_choose(PyObject *self UNUSED, PyObject *o)
{
    long long id = PyLong_AsLongLong(o);
    if (id == -1 && PyErr_Occurred())
        return NULL;
    G *gp = find_queued(id);
    if (S.chosen != NULL || gp == NULL)
        return PyErr_Format(PyExc_ValueError, "Sched.choose: goroutine %lld is not in the run queue", id);
    unqueue(gp);
    S.chosen = gp;
    Py_RETURN_NONE;
}

static PyObject *Sched_fire_timers(PyObject *self UNUSED, PyObject *unused UNUSED)
{
    if (!S.frozen || S.timers.count == 0)
        Py_RETURN_FALSE;
    S.moment = Py_MAX(S.moment, S.timers.entries[0].when);
    run_timers(&S.timers, S.moment);
    Py_RETURN_TRUE;
}

#define GETTER(name, expression)                                                                                     \
    static PyObject *Sched_##name(PyObject *self UNUSED, void *unused UNUSED)                                        \
    {                                                                                                                \
        return expression;                                                                                           \
    }

GETTER(main, or_none(S.main))
GETTER(curg, or_none(S.curg))
GETTER(thread, PyLong_FromUnsignedLong(S.thread))
GETTER(ending, PyBool_FromLong(S.ending))
GETTER(live, PyLong_FromLongLong(S.live))
GETTER(heartbeats, PyLong_FromLongLong(S.heartbeats))
GETTER(shared, PyBool_FromLong(S.shared))
GETTER(watched, PyBool_FromLong(S.watched))
GETTER(timed, PyBool_FromLong(S.timed))
GETTER(hub_asleep, PyBool_FromLong(S.hub_asleep))
GETTER(loop_due, PyLong_FromLongLong(S.loop_due))
GETTER(use_selectors, PyBool_FromLong(S.use_selectors))
GETTER(io_waiters, PyLong_FromSsize_t(S.io_waiters))
GETTER(io_due, PyLong_FromLongLong(S.io_due))
GETTER(random, PyLong_FromLongLong(S.random))
GETTER(tick, PyLong_FromLongLong(S.tick))
GETTER(exploring, PyBool_FromLong(S.exploring))
GETTER(ready_case, PyLong_FromLongLong(S.ready_case))

static int set_flag(PyObject *value, char *flag)
{
    if (value == NULL || !PyBool_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "Sched: this attribute must be a bool");
        return -1;
    }
    *flag = value == Py_True;
    return 0;
}

static int set_number(PyObject *value, long long *number)
{
    if (value == NULL || !PyLong_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "Sched: this attribute must be an int");
        return -1;
    }
    long long n = PyLong_AsLongLong(value);
    if (n == -1 && PyErr_Occurred())
        return -1;
    *number = n;
    return 0;
}

static int Sched_set_shared(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_flag(value, &S.shared);
}

static int Sched_set_timed(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_flag(value, &S.timed);
}

static int Sched_set_watched(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_flag(value, &S.watched);
}

static int Sched_set_hub_asleep(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_flag(value, &S.hub_asleep);
}

static int Sched_set_use_selectors(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    /* Descriptors that are registered with the previous poller must be registered again. */
    close_poller();
    return set_flag(value, &S.use_selectors);
}

static int Sched_set_loop_due(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_number(value, &S.loop_due);
}

static int Sched_set_exploring(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_flag(value, &S.exploring);
}

static int Sched_set_ready_case(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    return set_number(value, &S.ready_case);
}

static int Sched_set_random(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    long long seed;
    if (set_number(value, &seed) < 0)
        return -1;
    if (seed < 1 || seed >= 1073741789) {
        PyErr_SetString(PyExc_ValueError, "Sched.random: the seed must be from 1 to 1073741788");
        return -1;
    }
    S.random = seed;
    return 0;
}

/* For tests: while this is an int, all clocks but those of bubbles read it. */
static PyObject *Sched_moment(PyObject *self UNUSED, void *unused UNUSED)
{
    return S.frozen ? PyLong_FromLongLong(S.moment) : Py_NewRef(Py_None);
}

static int Sched_set_moment(PyObject *self UNUSED, PyObject *value, void *unused UNUSED)
{
    if (value == Py_None) {
        S.frozen = 0;
        return 0;
    }
    if (set_number(value, &S.moment) < 0)
        return -1;
    S.frozen = 1;
    return 0;
}

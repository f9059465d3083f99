/* gochan._engine._c: the C implementation of the engine. The Python one is in gochan/_engine/py.

   Both have the same names and the same behavior; read the Python one first. Most files are named after Go's file for
   the same job. They are one translation unit:

       internals.h  what is used of the internals of CPython and greenlet, with public alternatives
       engine.h     the data
       queue.c      wait queues
       hooks.c      Python functions that the engine calls
       runq.c       the run queue
       worker.c     the greenlets that goroutines run in, the hub
       proc.c       park, yield, go
       thread.c     other threads that wait
       chan.c       channels
       select.c     select
       time.c       timers, sleep
       netpoll.c    the poller
       fd.c         descriptors
       await.c      coroutines that goroutines await
       sync.c       locks, WaitGroup
       synctest.c   bubbles
       atomic.c     package atomic
       integers.c   integers of Go's widths, for ported code
       trace.c      what gochan.trace records
       program.c    a program's start and end
       engine.c     the module: what Python sees

   The rule for all of them is in engine.h: a step runs no Python code. */

#include "engine.h"

#include "queue.c"

#include "hooks.c"

#include "runq.c"

#include "worker.c"

#include "proc.c"

#include "thread.c"

#include "chan.c"

#include "select.c"

#include "time.c"

#include "netpoll.c"

#include "fd.c"

#include "await.c"

#include "sync.c"

#include "program.c"

#include "synctest.c"

#include "atomic.c"

#include "integers.c"

static PyObject *imported(const char *module_name, const char *name);

/* --- functions without a file of their own ------------------------------------------------------------------------ */

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

static PyObject *engine_block(PyObject *module UNUSED, PyObject *reason)
{
    PyObject *known = intern_reason(reason);
    return known != NULL ? block_as(known, NULL) : NULL;
}

/* --- G ------------------------------------------------------------------------------------------------------------ */

static PyObject *G_waiting(G *gp, void *unused UNUSED)
{
    if (gp->reason == NULL)
        return PyUnicode_FromString("");
    int durable = gp->uncounted && !ends_in_bubble_only(gp->reason);
    return durable ? PyUnicode_FromFormat("%U (durable)", gp->reason) : Py_NewRef(gp->reason);
}

/* For how many seconds it has waited; None if it doesn't wait, if waits are not timed, or if the clock is a test's. */
static PyObject *G_waited(G *gp, void *unused UNUSED)
{
    if (gp->reason == NULL || gp->since == 0 || S.frozen)
        Py_RETURN_NONE;
    return PyFloat_FromDouble((double)(coarse_now() - gp->since) / 1e9);
}

/* Return the topmost Python frame of a goroutine that is parked, or of a thread. */
static PyObject *G_frame(G *gp, void *unused UNUSED)
{
    if (gp->kind == G_THREAD)
        return thread_frame(gp);
    return gp->greenlet != NULL ? PyObject_GetAttrString(gp->greenlet, "gr_frame") : Py_NewRef(Py_None);
}

static PyObject *G_repr(G *gp)
{
    static const char *const states[] = {"idle", "runnable", "running", "waiting", "dead"};
    if (gp->kind == G_THREAD)
        return PyUnicode_FromFormat("<thread %lu %s>", gp->sleep->thread, states[gp->status]);
    return PyUnicode_FromFormat("<goroutine %lld %s>", gp->id, states[gp->status]);
}

#define READ_ONLY(type, field, kind) {#field, kind, offsetof(type, field), READONLY, NULL}

static PyMemberDef G_members[] = {
    READ_ONLY(G, id, T_LONGLONG),
    READ_ONLY(G, parent, T_LONGLONG),
    READ_ONLY(G, lasti, T_INT),
    READ_ONLY(G, bubble, T_OBJECT),
    READ_ONLY(G, code, T_OBJECT),
    READ_ONLY(G, fn, T_OBJECT),
    READ_ONLY(G, args, T_OBJECT),
    READ_ONLY(G, greenlet, T_OBJECT),
    READ_ONLY(G, context, T_OBJECT),
    {NULL, 0, 0, 0, NULL},
};

static PyObject *G_scope(G *gp, void *unused UNUSED)
{
    return or_none(gp->scope);
}

static int G_set_scope(G *gp, PyObject *scope, void *unused UNUSED)
{
    Py_XSETREF(gp->scope, scope == Py_None ? NULL : Py_XNewRef(scope));
    return 0;
}

static PyObject *G_thread(G *gp, void *unused UNUSED)
{
    return PyLong_FromUnsignedLong(gp->sleep != NULL ? gp->sleep->thread : 0);
}

/* The channel of gp's plain send or receive; NULL if it waits for anything else, or for nothing. */
static Chan *waited_chan(G *gp)
{
    WaitQueue *q = gp->queue;
    PyObject *reason = gp->reason;
    if (q == NULL || reason == NULL || reason == mutex_lock || reason == rwmutex_lock || reason == rwmutex_rlock ||
        reason == group_wait || reason == cond_wait || reason == semacquire)
        return NULL;
    return reason == chan_send ? CONTAINER(q, Chan, sendq) : CONTAINER(q, Chan, recvq);
}

/* Put the channels that gp waits for, and that were made outside its bubble, into `found`, if that is not NULL; return
   how many there are. */
static Py_ssize_t find_outside_channels(G *gp, PyObject **found)
{
    Py_ssize_t n = 0;
    Chan *ch = waited_chan(gp);
    if (ch != NULL && ch->bubble != gp->bubble) {
        if (found != NULL)
            found[n] = OBJECT(ch);
        n++;
    }
    for (Case *c = gp->cases; c != NULL; c = c->link)
        if (c->chan != NULL && c->chan->bubble != gp->bubble) {
            if (found != NULL)
                found[n] = OBJECT(c->chan);
            n++;
        }
    return n;
}

/* Return a list of n borrowed objects. Making it may run the collector, and so Python code: they are held before. */
static PyObject *list_of(PyObject **objects, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        Py_INCREF(objects[i]);
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; i < n; i++)
        if (list != NULL)
            PyList_SET_ITEM(list, i, objects[i]);
        else
            Py_DECREF(objects[i]);
    return list;
}

static PyObject *G_outside_channels(G *gp, void *unused UNUSED)
{
    Py_ssize_t n = gp->bubble != NULL ? find_outside_channels(gp, NULL) : 0;
    PyObject **found = PyMem_Malloc((n + 1) * sizeof *found);
    if (found == NULL)
        return PyErr_NoMemory();
    if (n > 0)
        find_outside_channels(gp, found);
    PyObject *list = list_of(found, n);
    PyMem_Free(found);
    return list;
}

_Static_assert(offsetof(Mutex, lock) == offsetof(RWMutex, mutex), "waited_object takes the one for the other");

/* What gp waits for outside of a select; NULL if that is nothing, or not known. */
static PyObject *waited_object(G *gp)
{
    WaitQueue *q = gp->queue;
    PyObject *reason = gp->reason;
    if (q == NULL || reason == NULL)
        return NULL;
    if (reason == mutex_lock)
        /* The lock is at the same place in a Mutex and in an RWMutex. */
        return OBJECT(CONTAINER(q, Mutex, lock.sema.queue));
    if (reason == rwmutex_lock)
        return OBJECT(CONTAINER(q, RWMutex, writing.queue));
    if (reason == rwmutex_rlock)
        return OBJECT(CONTAINER(q, RWMutex, reading.queue));
    if (reason == group_wait)
        return OBJECT(CONTAINER(q, WaitGroup, sema.queue));
    if (reason == cond_wait)
        return OBJECT(CONTAINER(q, NotifyList, queue));
    return reason == chan_receive || reason == chan_send ? OBJECT(waited_chan(gp)) : NULL;
}

/* The objects that gp waits for: of a select its channels, and the case of its timeout. */
static PyObject *G_objects(G *gp, void *unused UNUSED)
{
    Py_ssize_t n = 0;
    for (Case *c = gp->cases; c != NULL; c = c->link)
        n++;
    PyObject **found = PyMem_Malloc((n + 1) * sizeof *found), *object = waited_object(gp);
    if (found == NULL)
        return PyErr_NoMemory();
    Py_ssize_t size = object != NULL ? 1 : n;
    if (object != NULL)
        found[0] = object;
    else
        /* They are linked from the last to the first. */
        for (Case *c = gp->cases; c != NULL; c = c->link)
            found[--n] = c->chan != NULL ? OBJECT(c->chan) : OBJECT(c);
    PyObject *list = list_of(found, size);
    PyMem_Free(found);
    return list;
}

static PyGetSetDef G_getset[] = {
    {"objects", (getter)G_objects, NULL, NULL, NULL},
    {"thread", (getter)G_thread, NULL, NULL, NULL},
    {"waited", (getter)G_waited, NULL, NULL, NULL},
    {"waiting", (getter)G_waiting, NULL, NULL, NULL},
    {"frame", (getter)G_frame, NULL, NULL, NULL},
    {"outside_channels", (getter)G_outside_channels, NULL, NULL, NULL},
    {"scope", (getter)G_scope, (setter)G_set_scope, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef G_methods[] = {
    {"result", (PyCFunction)G_result, METH_NOARGS, NULL},
    {"cancel", (PyCFunction)G_cancel, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* --- the scheduler as Python sees it ------------------------------------------------------------------------------ */

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
    end_hub();
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
    S.moment = Py_MAX(S.moment, S.timers.nodes[0]->when);
    run_timers(&S.timers, S.moment);
    Py_RETURN_TRUE;
}

static PyMethodDef Sched_methods[] = {
    {"attach", Sched_attach, METH_NOARGS, NULL},
    {"reset", Sched_reset, METH_NOARGS, NULL},
    {"end", Sched_end, METH_NOARGS, NULL},
    {"fail_waits", Sched_fail_waits, METH_O, NULL},
    {"unwind", Sched_unwind, METH_NOARGS, NULL},
    {"forget", Sched_forget, METH_NOARGS, NULL},
    {"goroutines", Sched_goroutines, METH_NOARGS, NULL},
    {"threads", Sched_threads, METH_NOARGS, NULL},
    {"post", Sched_post, METH_O, NULL},
    {"drain", Sched_drain, METH_NOARGS, NULL},
    {"runnable", Sched_runnable, METH_NOARGS, NULL},
    {"timeout", Sched_timeout, METH_NOARGS, NULL},
    {"now", Sched_now, METH_NOARGS, NULL},
    {"throw_into_main", Sched_throw_into_main, METH_O, NULL},
    {"main_exited", Sched_main_exited, METH_NOARGS, NULL},
    {"run_queue", Sched_run_queue, METH_NOARGS, NULL},
    {"choose", Sched_choose, METH_O, NULL},
    {"fire_timers", Sched_fire_timers, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

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

#define PLAIN(name) {#name, (getter)Sched_##name, NULL, NULL, NULL}
#define SETTABLE(name) {#name, (getter)Sched_##name, (setter)Sched_set_##name, NULL, NULL}

static PyGetSetDef Sched_getset[] = {
    PLAIN(main),
    PLAIN(curg),
    PLAIN(thread),
    PLAIN(ending),
    PLAIN(live),
    PLAIN(heartbeats),
    PLAIN(tick),
    PLAIN(io_due),
    PLAIN(io_waiters),
    SETTABLE(shared),
    SETTABLE(use_selectors),
    SETTABLE(watched),
    SETTABLE(timed),
    SETTABLE(hub_asleep),
    SETTABLE(loop_due),
    SETTABLE(random),
    SETTABLE(moment),
    SETTABLE(exploring),
    SETTABLE(ready_case),
    {NULL, NULL, NULL, NULL, NULL},
};

#include "trace.c"

/* --- the other tables --------------------------------------------------------------------------------------------- */

#define METHOD(function) ((PyCFunction)(void (*)(void))(function))
#define FASTCALL METH_FASTCALL
#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define UNPICKLABLE {"__reduce__", METHOD(refuse_pickling), METH_NOARGS, NULL}
#define END_METHODS {NULL, NULL, 0, NULL}
#define END_GETSET {NULL, NULL, NULL, NULL, NULL}
#define GENERIC {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL}

static PyMethodDef Chan_methods[] = {
    {"send", METHOD(Chan_send), METH_O, DOC_Chan_send},
    {"recv", METHOD(Chan_recv), METH_NOARGS, DOC_Chan_recv},
    {"recv_ok", METHOD(Chan_recv_ok), METH_NOARGS, DOC_Chan_recv_ok},
    {"close", METHOD(Chan_close), METH_NOARGS, DOC_Chan_close},
    {"_can_recv", METHOD(Chan_can_recv), METH_NOARGS, NULL},
    {"_offer", METHOD(Chan_offer), METH_O, NULL},
    {"_wait", METHOD(Chan_wait), METH_O, NULL},
    {"_give_back", METHOD(Chan_give_back), METH_O, NULL},
    {"_unbubbled", METHOD(Chan_unbubbled), METH_O | METH_STATIC, NULL},
    {"__class_getitem__", METHOD(Chan_class_getitem), METH_O | METH_CLASS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Chan_getset[] = {
    {"cap", (getter)Chan_cap, NULL, DOC_Chan_cap, NULL},
    {"__orig_class__", (getter)Chan_get_orig_class, (setter)Chan_set_orig_class, NULL, NULL},
    END_GETSET,
};

static PyMemberDef Chan_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Chan, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyMethodDef Case_methods[] = {GENERIC, END_METHODS};

static PyMethodDef Timer_methods[] = {
    {"stop", METHOD(Timer_stop), METH_NOARGS, DOC_Timer_stop},
    {"reset", METHOD(Timer_reset), METH_O, DOC_Timer_reset},
    {"__enter__", METHOD(return_self), METH_NOARGS, NULL},
    {"__exit__", METHOD(Timer_exit), METH_VARARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Timer_getset[] = {{"c", (getter)Timer_c, NULL, DOC_Timer_c, NULL}, END_GETSET};

static PyMethodDef Ticker_methods[] = {
    {"stop", METHOD(Ticker_stop), METH_NOARGS, DOC_Ticker_stop},
    {"reset", METHOD(Ticker_reset), METH_O, DOC_Ticker_reset},
    {"__enter__", METHOD(return_self), METH_NOARGS, NULL},
    {"__exit__", METHOD(Ticker_exit), METH_VARARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Ticker_getset[] = {{"c", (getter)Ticker_c, NULL, DOC_Ticker_c, NULL}, END_GETSET};

static PyMethodDef Mutex_methods[] = {
    {"lock", METHOD(Mutex_lock), METH_NOARGS, DOC_Mutex_lock},
    {"try_lock", METHOD(Mutex_try_lock), METH_NOARGS, DOC_Mutex_try_lock},
    {"unlock", METHOD(Mutex_unlock), METH_NOARGS, DOC_Mutex_unlock},
    {"__enter__", METHOD(Mutex_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(Mutex_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef RWMutex_methods[] = {
    {"lock", METHOD(RWMutex_lock), METH_NOARGS, DOC_RWMutex_lock},
    {"try_lock", METHOD(RWMutex_try_lock), METH_NOARGS, DOC_RWMutex_try_lock},
    {"unlock", METHOD(RWMutex_unlock), METH_NOARGS, DOC_RWMutex_unlock},
    {"rlock", METHOD(RWMutex_rlock), METH_NOARGS, DOC_RWMutex_rlock},
    {"try_rlock", METHOD(RWMutex_try_rlock), METH_NOARGS, DOC_RWMutex_try_rlock},
    {"runlock", METHOD(RWMutex_runlock), METH_NOARGS, DOC_RWMutex_runlock},
    {"rlocker", METHOD(RWMutex_rlocker), METH_NOARGS, DOC_RWMutex_rlocker},
    {"__enter__", METHOD(RWMutex_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(RWMutex_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef RLocker_methods[] = {
    {"lock", METHOD(RLocker_lock), METH_NOARGS, DOC_RLocker_lock},
    {"unlock", METHOD(RLocker_unlock), METH_NOARGS, DOC_RLocker_unlock},
    {"__enter__", METHOD(RLocker_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(RLocker_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef WaitGroup_methods[] = {
    {"add", METHOD(WaitGroup_add), METH_O, DOC_WaitGroup_add},
    {"done", METHOD(WaitGroup_done), METH_NOARGS, DOC_WaitGroup_done},
    {"wait", METHOD(WaitGroup_wait), METH_NOARGS, DOC_WaitGroup_wait},
    {"go", METHOD(WaitGroup_go), KEYWORDS, DOC_WaitGroup_go},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef FD_methods[] = {
    {"read", METHOD(FD_read), FASTCALL, DOC_FD_read},
    {"read_into", METHOD(FD_read_into), METH_O, DOC_FD_read_into},
    {"write", METHOD(FD_write), METH_O, DOC_FD_write},
    {"_call", METHOD(FD_call), FASTCALL, NULL},
    {"_close", METHOD(FD_close), METH_NOARGS, NULL},
    {"_detach", METHOD(FD_detach), METH_NOARGS, NULL},
    {"_set_deadline", METHOD(FD_set_deadline), METH_VARARGS, NULL},
    {"fileno", METHOD(FD_fileno), METH_NOARGS, DOC_FD_fileno},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef FD_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(FD, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef FD_getset[] = {
    {"_closing", (getter)FD_closing, NULL, NULL, NULL},
    {"_owner", (getter)FD_owner, NULL, NULL, NULL},
    END_GETSET,
};

static PyMethodDef Await_methods[] = {
    {"begin", METHOD(Await_begin), METH_O, DOC_Await_begin},
    {"start", METHOD(Await_start), METH_NOARGS, DOC_Await_start},
    {"wait", METHOD(Await_wait), METH_NOARGS, DOC_Await_wait},
    {"result", METHOD(Await_result), METH_NOARGS, DOC_Await_result},
    {"outcome", METHOD(Await_outcome), METH_NOARGS, DOC_Await_outcome},
    {"drop", METHOD(Await_drop), METH_NOARGS, DOC_Await_drop},
    {"reset", METHOD(Await_reset), METH_NOARGS, DOC_Await_reset},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef Await_members[] = {
    READ_ONLY(Await, task, T_OBJECT),
    READ_ONLY(Await, coro, T_OBJECT),
    READ_ONLY(Await, context, T_OBJECT),
    READ_ONLY(Await, waiter, T_OBJECT),
    READ_ONLY(Await, started, T_BOOL),
    READ_ONLY(Await, done, T_BOOL),
    {"must_cancel", T_BOOL, offsetof(Await, must_cancel), 0, NULL},
    {"kept", T_BOOL, offsetof(Await, kept), 0, NULL},
    {"orphan", T_BOOL, offsetof(Await, orphan), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef Await_getset[] = {{"ended", (getter)Await_ended, NULL, DOC_Await_ended, NULL}, END_GETSET};

static PyMethodDef NotifyList_methods[] = {
    {"add", METHOD(NotifyList_add), METH_NOARGS, NULL},
    {"wait", METHOD(NotifyList_wait), METH_O, NULL},
    {"notify_one", METHOD(NotifyList_notify_one), METH_NOARGS, NULL},
    {"notify_all", METHOD(NotifyList_notify_all), METH_NOARGS, NULL},
    {"discard", METHOD(NotifyList_discard), METH_O, NULL},
    {"waiters", METHOD(NotifyList_waiters), METH_NOARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Bubble_methods[] = {
    {"enter", METHOD(Bubble_enter), METH_NOARGS, NULL},
    {"start", METHOD(Bubble_start), METH_O, NULL},
    {"run", METHOD(Bubble_run), METH_NOARGS, NULL},
    {"unwind", METHOD(Bubble_unwind), METH_NOARGS, NULL},
    {"leave", METHOD(Bubble_leave), METH_NOARGS, NULL},
    {"wait", METHOD(Bubble_wait), METH_NOARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef Bubble_members[] = {
    READ_ONLY(Bubble, id, T_LONGLONG),
    READ_ONLY(Bubble, total, T_PYSSIZET),
    READ_ONLY(Bubble, done, T_BOOL),
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef Bubble_getset[] = {{"root", (getter)Bubble_root, NULL, NULL, NULL}, END_GETSET};

#define INTEGER_METHODS(type)                                                                                        \
    static PyMethodDef type##_methods[] = {                                                                          \
        {"load", METHOD(Integer_load), METH_NOARGS, DOC_##type##_load},                                              \
        {"store", METHOD(Integer_store), METH_O, DOC_##type##_store},                                                \
        {"swap", METHOD(Integer_swap), METH_O, DOC_##type##_swap},                                                   \
        {"compare_and_swap", METHOD(Integer_compare_and_swap), FASTCALL, DOC_##type##_compare_and_swap},             \
        {"add", METHOD(Integer_add), METH_O, DOC_##type##_add},                                                      \
        {"and_", METHOD(Integer_and), METH_O, DOC_##type##_and_},                                                    \
        {"or_", METHOD(Integer_or), METH_O, DOC_##type##_or_},                                                       \
        UNPICKLABLE,                                                                                                 \
        END_METHODS,                                                                                                 \
    }

INTEGER_METHODS(Int32);
INTEGER_METHODS(Int64);
INTEGER_METHODS(Uint32);
INTEGER_METHODS(Uint64);

static PyMethodDef Bool_methods[] = {
    {"load", METHOD(Bool_load), METH_NOARGS, DOC_Bool_load},
    {"store", METHOD(Bool_store), METH_O, DOC_Bool_store},
    {"swap", METHOD(Bool_swap), METH_O, DOC_Bool_swap},
    {"compare_and_swap", METHOD(Bool_compare_and_swap), FASTCALL, DOC_Bool_compare_and_swap},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Pointer_methods[] = {
    {"load", METHOD(Reference_load), METH_NOARGS, DOC_Pointer_load},
    {"store", METHOD(Pointer_store), METH_O, DOC_Pointer_store},
    {"swap", METHOD(Pointer_swap), METH_O, DOC_Pointer_swap},
    {"compare_and_swap", METHOD(Pointer_compare_and_swap), FASTCALL, DOC_Pointer_compare_and_swap},
    GENERIC,
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Value_methods[] = {
    {"load", METHOD(Reference_load), METH_NOARGS, DOC_Value_load},
    {"store", METHOD(Value_store), METH_O, DOC_Value_store},
    {"swap", METHOD(Value_swap), METH_O, DOC_Value_swap},
    {"compare_and_swap", METHOD(Value_compare_and_swap), FASTCALL, DOC_Value_compare_and_swap},
    UNPICKLABLE,
    END_METHODS,
};

#define SLOT(name, value) {Py_##name, (void *)(value)}
#define END_SLOTS {0, NULL}

static PyType_Slot G_slots[] = {
    SLOT(tp_dealloc, G_dealloc), SLOT(tp_traverse, G_traverse), SLOT(tp_clear, G_clear), SLOT(tp_repr, G_repr),
    SLOT(tp_members, G_members), SLOT(tp_getset, G_getset),     SLOT(tp_methods, G_methods), END_SLOTS,
};
static PyType_Slot Sched_slots[] = {SLOT(tp_dealloc, plain_dealloc), SLOT(tp_methods, Sched_methods),
                                    SLOT(tp_getset, Sched_getset), END_SLOTS};
static PyType_Slot Moment_slots[] = {SLOT(tp_dealloc, plain_dealloc), END_SLOTS};
static PyType_Slot Chan_slots[] = {
    SLOT(tp_doc, DOC_Chan),           SLOT(tp_new, Chan_new),       SLOT(tp_dealloc, Chan_dealloc),
    SLOT(tp_traverse, Chan_traverse), SLOT(tp_clear, Chan_clear),   SLOT(tp_iter, PyObject_SelfIter),
    SLOT(tp_iternext, Chan_next),     SLOT(nb_lshift, Chan_lshift), SLOT(nb_bool, Chan_bool),
    SLOT(sq_length, Chan_len),        SLOT(tp_repr, Chan_repr),     SLOT(tp_methods, Chan_methods),
    SLOT(tp_getset, Chan_getset),     SLOT(tp_members, Chan_members), END_SLOTS,
};
/* For gochan.explore, which has to know what a select waits for. */
static PyMemberDef Case_members[] = {
    {"_chan", T_OBJECT, offsetof(Case, chan), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot Case_slots[] = {
    SLOT(tp_members, Case_members),
    SLOT(tp_doc, DOC_Case),   SLOT(tp_dealloc, Case_dealloc), SLOT(tp_traverse, Case_traverse),
    SLOT(tp_repr, Case_repr), SLOT(tp_methods, Case_methods), END_SLOTS,
};
static PyType_Slot Timer_slots[] = {
    SLOT(tp_doc, DOC_Timer),           SLOT(tp_new, Timer_new),     SLOT(tp_dealloc, Timer_dealloc),
    SLOT(tp_traverse, Timer_traverse), SLOT(tp_clear, Timer_clear), SLOT(tp_methods, Timer_methods),
    SLOT(tp_getset, Timer_getset),     SLOT(tp_repr, Timer_repr),   END_SLOTS,
};
static PyType_Slot Ticker_slots[] = {
    SLOT(tp_doc, DOC_Ticker),           SLOT(tp_new, Ticker_new),         SLOT(tp_dealloc, Ticker_dealloc),
    SLOT(tp_traverse, Ticker_traverse), SLOT(tp_methods, Ticker_methods), SLOT(tp_getset, Ticker_getset),
    SLOT(tp_repr, Ticker_repr),         END_SLOTS,
};
static PyType_Slot Mutex_slots[] = {SLOT(tp_doc, DOC_Mutex), SLOT(tp_new, new_plain), SLOT(tp_dealloc, Mutex_dealloc),
                                    SLOT(tp_repr, Mutex_repr), SLOT(tp_methods, Mutex_methods), END_SLOTS};
static PyType_Slot RWMutex_slots[] = {SLOT(tp_doc, DOC_RWMutex), SLOT(tp_new, RWMutex_new),
                                      SLOT(tp_dealloc, RWMutex_dealloc), SLOT(tp_repr, RWMutex_repr),
                                      SLOT(tp_methods, RWMutex_methods), END_SLOTS};
static PyType_Slot RLocker_slots[] = {SLOT(tp_doc, DOC_RLocker), SLOT(tp_new, RLocker_new),
                                      SLOT(tp_dealloc, RLocker_dealloc), SLOT(tp_repr, RLocker_repr),
                                      SLOT(tp_methods, RLocker_methods), END_SLOTS};
static PyType_Slot WaitGroup_slots[] = {SLOT(tp_doc, DOC_WaitGroup), SLOT(tp_new, new_plain),
                                        SLOT(tp_dealloc, WaitGroup_dealloc), SLOT(tp_repr, WaitGroup_repr),
                                        SLOT(tp_methods, WaitGroup_methods), END_SLOTS};
static PyType_Slot NotifyList_slots[] = {SLOT(tp_new, new_plain), SLOT(tp_dealloc, NotifyList_dealloc),
                                         SLOT(tp_methods, NotifyList_methods), END_SLOTS};
static PyType_Slot FD_slots[] = {SLOT(tp_doc, DOC_FD),         SLOT(tp_new, FD_new),         SLOT(tp_dealloc, FD_dealloc),
                                 SLOT(tp_repr, FD_repr),       SLOT(tp_methods, FD_methods), SLOT(tp_members, FD_members),
                                 SLOT(tp_getset, FD_getset),   END_SLOTS};
static PyType_Slot Await_slots[] = {
    SLOT(tp_doc, DOC_Await),           SLOT(tp_new, Await_new),     SLOT(tp_dealloc, Await_dealloc),
    SLOT(tp_traverse, Await_traverse), SLOT(tp_clear, Await_clear), SLOT(tp_call, Await_call),
    SLOT(tp_methods, Await_methods),   SLOT(tp_members, Await_members), SLOT(tp_getset, Await_getset), END_SLOTS,
};
static PyType_Slot Bubble_slots[] = {SLOT(tp_new, Bubble_new), SLOT(tp_dealloc, Bubble_dealloc),
                                     SLOT(tp_methods, Bubble_methods), SLOT(tp_members, Bubble_members),
                                     SLOT(tp_getset, Bubble_getset), END_SLOTS};

#define INTEGER_SLOTS(type)                                                                                          \
    static PyType_Slot type##_slots[] = {SLOT(tp_doc, DOC_##type), SLOT(tp_new, Integer_new),                        \
                                         SLOT(tp_dealloc, plain_dealloc), SLOT(tp_repr, Integer_repr),               \
                                         SLOT(tp_methods, type##_methods), END_SLOTS}

INTEGER_SLOTS(Int32);
INTEGER_SLOTS(Int64);
INTEGER_SLOTS(Uint32);
INTEGER_SLOTS(Uint64);

static PyType_Slot Bool_slots[] = {SLOT(tp_doc, DOC_Bool), SLOT(tp_new, Bool_new), SLOT(tp_dealloc, plain_dealloc),
                                   SLOT(tp_repr, Bool_repr), SLOT(tp_methods, Bool_methods), END_SLOTS};
static PyType_Slot Pointer_slots[] = {
    SLOT(tp_doc, DOC_Pointer),         SLOT(tp_new, Pointer_new),      SLOT(tp_dealloc, Reference_dealloc),
    SLOT(tp_traverse, Reference_traverse), SLOT(tp_clear, Reference_clear), SLOT(tp_repr, Reference_repr),
    SLOT(tp_methods, Pointer_methods), END_SLOTS,
};
static PyType_Slot Value_slots[] = {
    SLOT(tp_doc, DOC_Value),           SLOT(tp_new, new_plain),        SLOT(tp_dealloc, Reference_dealloc),
    SLOT(tp_traverse, Reference_traverse), SLOT(tp_clear, Reference_clear), SLOT(tp_repr, Reference_repr),
    SLOT(tp_methods, Value_methods),   END_SLOTS,
};

enum {
    FINAL = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    COLLECTED = FINAL | Py_TPFLAGS_HAVE_GC,
    MADE_HERE = Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

static PyTypeObject *Sched_type;

/* All types: the variable, the public name and so on. */
static const struct {
    PyTypeObject **type;
    PyType_Spec spec;
} types[] = {
    {&G_type, {"gochan.G", sizeof(G), 0, COLLECTED | MADE_HERE, G_slots}},
    {&Sched_type, {"gochan.Sched", 0, 0, FINAL | MADE_HERE, Sched_slots}},
    {&Moment_type, {"gochan.Moment", sizeof(Moment), 0, FINAL | MADE_HERE, Moment_slots}},
    {&Bubble_type, {"gochan.Bubble", sizeof(Bubble), 0, FINAL, Bubble_slots}},
    {&Chan_type, {"gochan.Chan", sizeof(Chan), 0, COLLECTED, Chan_slots}},
    {&Case_type, {"gochan.Case", sizeof(Case), 0, COLLECTED | MADE_HERE, Case_slots}},
    {&Timer_type, {"gochan.time.Timer", sizeof(Timer), 0, COLLECTED, Timer_slots}},
    {&Ticker_type, {"gochan.time.Ticker", sizeof(Ticker), 0, COLLECTED, Ticker_slots}},
    {&Mutex_type, {"gochan.sync.Mutex", sizeof(Mutex), 0, FINAL, Mutex_slots}},
    {&RWMutex_type, {"gochan.sync.RWMutex", sizeof(RWMutex), 0, FINAL, RWMutex_slots}},
    {&RLocker_type, {"gochan.sync.RLocker", sizeof(RLocker), 0, FINAL, RLocker_slots}},
    {&WaitGroup_type, {"gochan.sync.WaitGroup", sizeof(WaitGroup), 0, FINAL, WaitGroup_slots}},
    {&NotifyList_type, {"gochan.sync.NotifyList", sizeof(NotifyList), 0, FINAL, NotifyList_slots}},
    {&Await_type, {"gochan.Await", sizeof(Await), 0, COLLECTED, Await_slots}},
    {&FD_type, {"gochan.net.FD", sizeof(FD), 0, FINAL | Py_TPFLAGS_BASETYPE, FD_slots}},
    {&Int32_type, {"gochan.sync.atomic.Int32", sizeof(Integer), 0, FINAL, Int32_slots}},
    {&Int64_type, {"gochan.sync.atomic.Int64", sizeof(Integer), 0, FINAL, Int64_slots}},
    {&Uint32_type, {"gochan.sync.atomic.Uint32", sizeof(Integer), 0, FINAL, Uint32_slots}},
    {&Uint64_type, {"gochan.sync.atomic.Uint64", sizeof(Integer), 0, FINAL, Uint64_slots}},
    {&Bool_type, {"gochan.sync.atomic.Bool", sizeof(Bool), 0, FINAL, Bool_slots}},
    {&Pointer_type, {"gochan.sync.atomic.Pointer", sizeof(Reference), 0, COLLECTED, Pointer_slots}},
    {&Value_type, {"gochan.sync.atomic.Value", sizeof(Reference), 0, COLLECTED, Value_slots}},
};

/* --- bind --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    PyObject **hook;
} hook_table[] = {
    {"enter", &hooks.enter},
    {"spawner", &hooks.spawner},
    {"poll", &hooks.poll},
    {"goroutine_ended", &hooks.goroutine_ended},
    {"program_ended", &hooks.program_ended},
    {"check_result", &hooks.check_result},
    {"seconds", &hooks.seconds},
    {"make_time", &hooks.make_time},
    {"check", &hooks.check},
    {"element", &hooks.element},
    {"type_name", &hooks.type_name},
    {"check_type", &hooks.check_type},
    {"wake", &hooks.wake},
    {"arm", &hooks.arm},
    {"name_threads", &hooks.name_threads},
    {"trace_value", &hooks.trace_value},
};

/* Set the hooks; they cannot be replaced later. Hooks that only the Python implementation has are ignored. */
static PyObject *engine_bind(PyObject *module UNUSED, PyObject *args, PyObject *kwargs)
{
    if (hooks.enter != NULL)
        return PyErr_Format(PyExc_RuntimeError, "bind: the hooks are bound already");
    for (size_t i = 0; i < sizeof hook_table / sizeof *hook_table; i++) {
        PyObject *hook = kwargs != NULL ? PyDict_GetItemString(kwargs, hook_table[i].name) : NULL;
        if (PyTuple_GET_SIZE(args) > 0 || hook == NULL || !PyCallable_Check(hook))
            return PyErr_Format(PyExc_TypeError,
                                "bind: want a function for each hook, by keyword; %s is missing or not callable",
                                hook_table[i].name);
    }
    for (size_t i = 0; i < sizeof hook_table / sizeof *hook_table; i++)
        *hook_table[i].hook = Py_NewRef(PyDict_GetItemString(kwargs, hook_table[i].name));
    Py_RETURN_NONE;
}

/* --- the module --------------------------------------------------------------------------------------------------- */

/* The functions, by the public module that exports them. */
static PyMethodDef language_functions[] = {
    {"go", METHOD(engine_go), KEYWORDS, DOC_go},
    {"recv", METHOD(engine_recv), METH_O, DOC_recv},
    {"send", METHOD(engine_send), FASTCALL, DOC_send},
    {"timeout", METHOD(engine_timeout), METH_O, DOC_timeout},
    {"select", METHOD(engine_select), FASTCALL, DOC_select},
    END_METHODS,
};
static PyMethodDef runtime_functions[] = {{"gosched", METHOD(engine_gosched), METH_NOARGS, DOC_gosched}, END_METHODS};
static PyMethodDef time_functions[] = {
    {"sleep", METHOD(engine_sleep), METH_O, DOC_sleep},
    {"after", METHOD(engine_after), METH_O, DOC_after},
    {"after_func", METHOD(engine_after_func), FASTCALL, DOC_after_func},
    {"new_timer", METHOD(engine_new_timer), METH_O, DOC_new_timer},
    {"new_ticker", METHOD(engine_new_ticker), METH_O, DOC_new_ticker},
    {"tick", METHOD(engine_tick), METH_O, DOC_tick},
    END_METHODS,
};
static PyMethodDef port_functions[] = {
    {"to_int8", METHOD(engine_to_int8), METH_O, DOC_to_int8},
    {"to_int16", METHOD(engine_to_int16), METH_O, DOC_to_int16},
    {"to_int32", METHOD(engine_to_int32), METH_O, DOC_to_int32},
    {"to_int64", METHOD(engine_to_int64), METH_O, DOC_to_int64},
    END_METHODS,
};
static PyMethodDef run_def = {"run", METHOD(engine_run), KEYWORDS, NULL};
static PyMethodDef test_def = {"test", METHOD(engine_test), KEYWORDS, NULL};

/* without_frames(fn, home): make the public `run` or `test` of the module home, which calls fn. */
static PyObject *engine_without_frames(PyObject *module UNUSED, PyObject *args)
{
    PyObject *fn, *home;
    if (!PyArg_ParseTuple(args, "OU:without_frames", &fn, &home))
        return NULL;
    int is_run = PyUnicode_CompareWithASCIIString(home, "gochan") == 0;
    PyMethodDef *def = is_run ? &run_def : &test_def;
    PyObject **function = is_run ? &run_function : &test_function;
    if (*function != NULL)
        return PyErr_Format(PyExc_RuntimeError, "without_frames: %U.%s is made already", home, def->ml_name);
    /* The text is kept forever, as the function refers to it. */
    PyObject *text = PyObject_GetAttrString(fn, "__doc__");
    PyObject *doc = text != NULL ? PyUnicode_FromFormat("%s(fn, /, *args, **kwargs)\n--\n\n%S", def->ml_name, text) : NULL;
    Py_XDECREF(text);
    def->ml_doc = doc != NULL ? PyUnicode_AsUTF8(doc) : NULL;
    PyObject *made = def->ml_doc != NULL ? PyCFunction_NewEx(def, NULL, home) : NULL;
    if (made != NULL)
        *function = Py_NewRef(fn);
    return made;
}

static PyMethodDef engine_functions[] = {
    {"bind", METHOD(engine_bind), METH_VARARGS | METH_KEYWORDS, NULL},
    {"getg", METHOD(engine_getg), METH_NOARGS, NULL},
    {"running", METHOD(engine_running), METH_NOARGS, NULL},
    {"thread_g", METHOD(engine_thread_g), METH_NOARGS, NULL},
    {"poll_point", METHOD(engine_poll_point), METH_NOARGS, NULL},
    {"block", METHOD(engine_block), METH_O, NULL},
    {"spawn", METHOD(engine_spawn), METH_VARARGS, NULL},
    {"spawn_global", METHOD(engine_spawn_global), METH_VARARGS, NULL},
    {"clock", METHOD(engine_clock), METH_NOARGS, NULL},
    {"without_frames", METHOD(engine_without_frames), METH_VARARGS, NULL},
    {"netpoll_wait", METHOD(engine_netpoll_wait), METH_O, NULL},
    {"netpoll_wake", METHOD(engine_netpoll_wake), METH_NOARGS, NULL},
    {"netpoll_fileno", METHOD(engine_netpoll_fileno), METH_NOARGS, NULL},
    {"netpoll_ready", METHOD(engine_netpoll_ready), METH_O, NULL},
    {"select_async", METHOD(engine_select_async), METH_VARARGS, NULL},
    {"trace_start", METHOD(engine_trace_start), METH_VARARGS, NULL},
    {"trace_stop", METHOD(engine_trace_stop), METH_NOARGS, NULL},
    {"trace_threads", METHOD(engine_trace_threads), METH_NOARGS, NULL},
    {"trace_event", METHOD(engine_trace_event), METH_VARARGS, NULL},
    {"trace_number", METHOD(engine_trace_number), METH_O, NULL},
    {"count_ready", METHOD(engine_count_ready), METH_O, NULL},
    END_METHODS,
};
static PyMethodDef work_def = {"work", METHOD(engine_work), METH_NOARGS, NULL};
static PyMethodDef hub_def = {"hub", METHOD(engine_hub), METH_NOARGS, NULL};

static int add_functions(PyObject *module, PyMethodDef *functions, const char *home)
{
    PyObject *name = PyUnicode_FromString(home);
    for (PyMethodDef *def = functions; name != NULL && def->ml_name != NULL; def++) {
        PyObject *function = PyCFunction_NewEx(def, NULL, name);
        if (function == NULL || PyModule_AddObjectRef(module, def->ml_name, function) < 0) {
            Py_XDECREF(function);
            Py_CLEAR(name);
            break;
        }
        Py_DECREF(function);
    }
    Py_XDECREF(name);
    return name == NULL ? -1 : 0;
}

static int intern_all(void)
{
    static const struct {
        PyObject **where;
        const char *text;
    } texts[] = {
        {&chan_receive, "chan receive"},
        {&chan_send, "chan send"},
        {&select_, "select"},
        {&select_no_cases, "select (no cases)"},
        {&sleep_, "sleep"},
        {&nil_receive, "chan receive (nil chan)"},
        {&cond_wait, "sync.Cond.Wait"},
        {&synctest_run, "synctest.Run"},
        {&synctest_wait, "synctest.Wait"},
        {&mutex_lock, "sync.Mutex.Lock"},
        {&rwmutex_lock, "sync.RWMutex.Lock"},
        {&rwmutex_rlock, "sync.RWMutex.RLock"},
        {&group_wait, "sync.WaitGroup.Wait"},
        {&io_wait, "IO wait"},
        {&semacquire, "semacquire"},
    };
    reasons = PyDict_New();
    program_has_ended = PyUnicode_FromString("the program has ended");
    thread_key = PyUnicode_FromString("gochan.G");
    if (reasons == NULL || program_has_ended == NULL || thread_key == NULL)
        return -1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        PyObject *text = PyUnicode_InternFromString(texts[i].text);
        if (text == NULL || PyDict_SetItem(reasons, text, text) < 0)
            return -1;
        *texts[i].where = text;
    }
    return 0;
}

static PyObject *imported(const char *module_name, const char *name)
{
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *found = module != NULL ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return found;
}

/* Set own_folder, the folder of the package: error.py is in gochan/_engine/. */
static int find_own_folder(void)
{
    PyObject *file = imported("gochan._engine.error", "__file__");
    if (file == NULL)
        return -1;
    Py_ssize_t end = PyUnicode_GET_LENGTH(file);
    for (int levels = 0; levels < 2 && end > 0;) {
        Py_UCS4 c = PyUnicode_READ_CHAR(file, --end);
        levels += c == '/' || c == '\\';
    }
    own_folder = PyUnicode_Substring(file, 0, end + 1);
    Py_DECREF(file);
    return own_folder == NULL ? -1 : 0;
}

static int exec_module(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "gochan works only in the main interpreter: a process has one scheduler");
        return -1;
    }
    if (G_type != NULL) {
        PyErr_SetString(PyExc_ImportError, "gochan._engine._c is already loaded: a process has one scheduler");
        return -1;
    }
    PyGreenlet_Import();
    if (_PyGreenlet_API == NULL || check_greenlet() < 0 || load_clocks() < 0 || load_weakrefs() < 0 ||
        intern_all() < 0 || load_await() < 0 || find_own_folder() < 0)
        return -1;
    Any = imported("typing", "Any");
    Nanoseconds = imported("gochan._engine.seconds", "Nanoseconds");
    Panic = imported("gochan._engine.error", "Panic");
    Unwind = imported("gochan._engine.error", "Unwind");
    ErrClosed = imported("gochan._engine.error", "ErrClosed");
    work_function = PyCFunction_New(&work_def, NULL);
    hub_function = PyCFunction_New(&hub_def, NULL);
    if (Any == NULL || Nanoseconds == NULL || Panic == NULL || Unwind == NULL || ErrClosed == NULL ||
        work_function == NULL || hub_function == NULL)
        return -1;
    wall_offset = wall_now() - monotonic_now();
    S.random = 1;
    S.goid = 1;
    S.tick = 5;
    S.use_selectors = !HAVE_EPOLL_POLLER;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        PyType_Spec spec = types[i].spec;
        PyObject *type = PyType_FromSpec(&spec);
        if (type == NULL)
            return -1;
        *types[i].type = (PyTypeObject *)type;
        const char *name = strrchr(spec.name, '.') + 1;
        if (strcmp(name, "Moment") != 0 && strcmp(name, "Sched") != 0 && PyModule_AddObjectRef(module, name, type) < 0)
            return -1;
    }
    PyObject *sched = PyType_GenericAlloc(Sched_type, 0);
    PyObject *fallback = OBJECT(new_case(DEFAULT, NULL, NULL, 0));
    if (sched == NULL || fallback == NULL || PyModule_AddObjectRef(module, "sched", sched) < 0 ||
        PyModule_AddObjectRef(module, "default", fallback) < 0 || PyModule_AddObjectRef(module, "COMPILED", Py_True) < 0)
        return -1;
    Py_DECREF(sched);
    Py_DECREF(fallback);
    return add_functions(module, language_functions, "gochan") < 0 ||
                   add_functions(module, runtime_functions, "gochan.runtime") < 0 ||
                   add_functions(module, time_functions, "gochan.time") < 0 ||
                   add_functions(module, port_functions, "gochan.port.lib") < 0 ||
                   add_functions(module, engine_functions, "gochan._engine._c") < 0
               ? -1
               : 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, exec_module},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "gochan._engine._c",
    .m_doc = "The engine in C; see gochan/_engine/c/engine.c.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__c(void)
{
    return PyModuleDef_Init(&module_def);
}

/* Locks and WaitGroup: Go's runtime/sema.go, internal/sync/mutex.go, sync/rwmutex.go, sync/waitgroup.go, and the
   notifyList of sync.Cond.

   Locks and WaitGroup wait with a semaphore. A release makes the first waiter ready, but does not give it the count:
   if another goroutine takes that first, the waiter waits again. With handoff the waiter gets the count and runs at
   once. */

/* After how many ns a waiter asks for the mutex to be handed over. */
enum { STARVATION = 1000000 };

/* --- the semaphore ------------------------------------------------------------------------------------------------ */

/* Decrement s for gp, waiting until it is above 0; `first`: gp waits at the head of the queue. Return -1 for an
   exception. If gp was woken before that, it has taken the count: gp->success is set, and the caller must give the
   count back. */
static int acquire(Sema *s, G *gp, PyObject *reason, int first)
{
    while (s->value == 0) {
        gp->success = 0;
        if (first)
            enqueue_first(&s->queue, (Waiter *)gp);
        else
            enqueue(&s->queue, (Waiter *)gp);
        if (park(gp, reason) < 0) {
            if (!gp->success && gp->chosen && s->value > 0) {
                s->value--;
                gp->success = 1;
            }
            return -1;
        }
        if (gp->success)
            return 0; /* the count was handed over */
    }
    s->value--;
    return 0;
}

/* Increment s and wake the first waiter, which gets the count with handoff. Return 1 if a waiter was woken. */
static int release(Sema *s, int handoff)
{
    s->value++;
    Waiter *w = dequeue(&s->queue);
    if (w == NULL)
        return 0;
    if (handoff) {
        s->value--;
        w->success = 1;
    }
    ready(w->gp);
    return 1;
}

/* Yield to the goroutine that a lock was handed to, unless the caller cannot yield: in a finalizer that runs in the
   hub, at the program's end, in another thread. */
static int run_next(void)
{
    G *gp = blocker();
    return gp != NULL ? yield_local(gp) : 0;
}

/* --- Mutex -------------------------------------------------------------------------------------------------------- */

/* In normal mode a woken waiter competes with running goroutines for the lock; if it does not get the lock, it waits
   again, at the head of the queue. A waiter that has waited for more than 1 ms puts the mutex into starvation mode. In
   this mode unlock hands the lock to the first waiter, and new goroutines go to the end of the queue, even if the lock
   is free. A waiter that gets the lock this way returns to normal mode if it is the last one, or has waited for less
   than 1 ms.

   Invariants
   - `waiters` counts the waiters; not one that was woken in normal mode, but also the one that the lock is being
     handed to.
   - `woken`: a waiter was woken in normal mode and has not run yet; until then unlock wakes no other one.
   - While `starving`, a goroutine waits, and the lock is free only while it is being handed over. */
typedef struct {
    char locked, woken, starving;
    char of_rwmutex;
    unsigned traced; /* its number in recordings; 0: none yet */
    Py_ssize_t waiters;
    Sema sema;
} Lock;

typedef struct {
    PyObject_HEAD
    Lock lock;
} Mutex;

static int lock_again(Lock *m);

/* Wake the first waiter after the lock was unlocked; return 1 if the lock was handed to it. */
static int wake_waiter(Lock *m)
{
    if (m->starving)
        return release(&m->sema, 1);
    if (!m->woken) {
        m->waiters--;
        m->woken = 1;
        release(&m->sema, 0);
    }
    return 0;
}

/* End a wait because of an exception. If the caller was woken, wake the next waiter instead. */
static void stop_waiting(Lock *m, int woken)
{
    if (woken && !m->starving) {
        m->woken = 0;
        if (m->waiters && !m->locked)
            wake_waiter(m);
        return;
    }
    if (--m->waiters == 0)
        m->starving = 0;
    if (woken && m->waiters)
        wake_waiter(m);
}

static NOINLINE int lock_slowly(Lock *m, G *as)
{
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return lock_again(m);
    long long began = 0;
    int starving = 0, woken = 0;
    while (m->locked || m->starving) {
        m->waiters++;
        if (woken) {
            m->woken = 0;
            if (starving && m->locked)
                m->starving = 1;
        }
        int again = began != 0;
        if (!again)
            began = clock_now();
        if (acquire(&m->sema, gp, mutex_lock, again) < 0) {
            stop_waiting(m, gp->success);
            after_step();
            after_throw(gp);
            return -1;
        }
        starving = starving || clock_now() - began > STARVATION;
        if (m->starving) {
            /* The lock was handed over. */
            m->waiters--;
            m->locked = 1;
            if (!starving || m->waiters == 0)
                m->starving = 0;
            return 0;
        }
        woken = 1;
    }
    m->locked = 1;
    if (woken)
        m->woken = 0;
    return 0;
}

static inline int lock_as(Lock *m, G *as)
{
    if (UNLIKELY(m->locked || m->starving))
        return lock_slowly(m, as);
    m->locked = 1;
    return 0;
}

static NOINLINE int lock_again(Lock *m)
{
    G *gp = enter();
    if (gp == NULL)
        return -1;
    int status = lock_as(m, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

static inline int lock(Lock *m)
{
    return lock_as(m, NULL);
}

static int try_lock(Lock *m)
{
    if (m->locked || m->starving)
        return poll_point() < 0 ? -1 : 0;
    m->locked = 1;
    return 1;
}

static inline int unlock(Lock *m)
{
    m->locked = 0;
    if (m->waiters) {
        int handed = wake_waiter(m);
        after_step();
        if (handed && run_next() < 0)
            return -1;
    }
    return poll_point();
}

static PyObject *Mutex_lock(Mutex *m, PyObject *unused UNUSED)
{
    return as_none(lock(&m->lock));
}

static PyObject *Mutex_try_lock(Mutex *m, PyObject *unused UNUSED)
{
    int got = try_lock(&m->lock);
    return got < 0 ? NULL : PyBool_FromLong(got);
}

static PyObject *Mutex_unlock(Mutex *m, PyObject *unused UNUSED)
{
    if (UNLIKELY(!m->lock.locked)) {
        /* When the program ends, a Cond's wait cannot always lock its mutex again. */
        return S.ending ? Py_NewRef(Py_None) : as_none(panic("sync: unlock of unlocked mutex"));
    }
    return as_none(unlock(&m->lock));
}

static PyObject *Mutex_exit(Mutex *m, PyObject *const *args UNUSED, Py_ssize_t n UNUSED)
{
    return Mutex_unlock(m, NULL);
}

static PyObject *Mutex_repr(Mutex *m)
{
    return PyUnicode_FromFormat("<Mutex %s waiters=%zd at %p>", m->lock.locked ? "locked" : "unlocked", m->lock.waiters,
                                m);
}

static void plain_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *new_plain(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) > 0 || (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0))
        return PyErr_Format(PyExc_TypeError, "%s() takes no arguments", short_name(type));
    return type->tp_alloc(type, 0);
}

/* --- RWMutex ------------------------------------------------------------------------------------------------------ */

/* A writer blocks later readers, and waits until the current readers have unlocked. When the writer unlocks, all
   waiting readers get the lock, and the next writer after them. So neither readers nor writers starve.

   Invariants
   - `writer`: a writer holds the lock, or waits for the current readers. It holds `mutex`.
   - `readers` counts the readers that hold the lock and, while `writer` is set, those that wait for it.
   - `departing` counts the readers that the writer waits for; when it is 0, the writer has the lock. */
typedef struct {
    PyObject_HEAD
    Lock mutex;
    char writer;
    Py_ssize_t readers, departing;
    Sema reading, writing; /* what readers wait for, and what the writer waits for */
} RWMutex;

typedef struct {
    PyObject_HEAD
    RWMutex *rw;
} RLocker;

static int rlock_again(RWMutex *rw);

static int runlock_step(RWMutex *rw)
{
    rw->readers--;
    if (rw->writer && --rw->departing == 0)
        release(&rw->writing, 0);
    after_step();
    return 0;
}

static int rlock_as(RWMutex *rw, G *as)
{
    if (!rw->writer) {
        rw->readers++;
        return 0;
    }
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return rlock_again(rw);
    rw->readers++;
    if (acquire(&rw->reading, gp, rwmutex_rlock, 0) < 0) {
        if (gp->success)
            runlock_step(rw);
        else
            rw->readers--;
        after_throw(gp);
        return -1;
    }
    return 0;
}

static NOINLINE int rlock_again(RWMutex *rw)
{
    G *gp = enter();
    if (gp == NULL)
        return -1;
    int status = rlock_as(rw, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

/* Give the lock to the waiting readers, and let the next writer try. */
static int leave_writer(RWMutex *rw)
{
    Py_ssize_t waiting = rw->readers - rw->departing;
    rw->writer = 0;
    rw->departing = 0;
    while (waiting-- > 0)
        release(&rw->reading, 0);
    after_step();
    return unlock(&rw->mutex);
}

static int rw_lock(RWMutex *rw)
{
    if (lock(&rw->mutex) < 0)
        return -1;
    rw->writer = 1;
    rw->departing = rw->readers;
    if (rw->departing == 0)
        return 0;
    G *gp = blocker(), *own = NULL;
    if (gp == NULL) {
        /* This runs Python code. Readers that unlock meanwhile have released `writing` before the writer waits. */
        gp = own = enter();
    }
    int status = gp != NULL ? acquire(&rw->writing, gp, rwmutex_lock, 0) : -1;
    if (status < 0) {
        PyObject *exc = raised();
        if (leave_writer(rw) < 0)
            PyErr_Clear();
        raise_again(exc);
        if (gp != NULL)
            after_throw(gp);
    }
    Py_XDECREF(own);
    return status;
}

static PyObject *RWMutex_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *rw = new_plain(type, args, kwargs);
    if (rw != NULL)
        ((RWMutex *)rw)->mutex.of_rwmutex = 1;
    return rw;
}

static PyObject *RWMutex_rlock(RWMutex *rw, PyObject *unused UNUSED)
{
    return as_none(rlock_as(rw, NULL));
}

static PyObject *RWMutex_try_rlock(RWMutex *rw, PyObject *unused UNUSED)
{
    if (rw->writer) {
        if (poll_point() < 0)
            return NULL;
        Py_RETURN_FALSE;
    }
    rw->readers++;
    Py_RETURN_TRUE;
}

static PyObject *RWMutex_runlock(RWMutex *rw, PyObject *unused UNUSED)
{
    if (rw->readers == 0 || (rw->writer && rw->departing == 0))
        return S.ending ? Py_NewRef(Py_None) : as_none(panic("sync: RUnlock of unlocked RWMutex"));
    runlock_step(rw);
    return as_none(poll_point());
}

static PyObject *RWMutex_lock(RWMutex *rw, PyObject *unused UNUSED)
{
    return as_none(rw_lock(rw));
}

static PyObject *RWMutex_try_lock(RWMutex *rw, PyObject *unused UNUSED)
{
    int got = try_lock(&rw->mutex);
    if (got <= 0)
        return got < 0 ? NULL : Py_NewRef(Py_False);
    if (rw->readers) {
        if (unlock(&rw->mutex) < 0)
            return NULL;
        Py_RETURN_FALSE;
    }
    rw->writer = 1;
    Py_RETURN_TRUE;
}

static PyObject *RWMutex_unlock(RWMutex *rw, PyObject *unused UNUSED)
{
    if (!rw->writer || rw->departing)
        return S.ending ? Py_NewRef(Py_None) : as_none(panic("sync: Unlock of unlocked RWMutex"));
    return as_none(leave_writer(rw));
}

static PyObject *RWMutex_exit(RWMutex *rw, PyObject *const *args UNUSED, Py_ssize_t n UNUSED)
{
    return RWMutex_unlock(rw, NULL);
}

static PyObject *RWMutex_rlocker(RWMutex *rw, PyObject *unused UNUSED)
{
    RLocker *l = (RLocker *)RLocker_type->tp_alloc(RLocker_type, 0);
    if (l != NULL)
        l->rw = (RWMutex *)Py_NewRef(OBJECT(rw));
    return OBJECT(l);
}

static PyObject *rwmutex_repr(const char *name, RWMutex *rw, void *self)
{
    Py_ssize_t holding = rw->writer ? rw->departing : rw->readers;
    Py_ssize_t waiting = rw->mutex.waiters + (rw->readers - holding) + (rw->writer && holding > 0);
    const char *state = holding > 0 ? "rlocked" : rw->writer ? "locked" : "unlocked";
    return PyUnicode_FromFormat("<%s %s readers=%zd waiters=%zd at %p>", name, state, holding, waiting, self);
}

static PyObject *RWMutex_repr(RWMutex *rw)
{
    return rwmutex_repr("RWMutex", rw, rw);
}

static PyObject *RLocker_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *rw;
    if ((kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0) || !PyArg_ParseTuple(args, "O!:RLocker", RWMutex_type, &rw)) {
        PyErr_Clear();
        return PyErr_Format(PyExc_TypeError, "an RLocker is made by RWMutex.rlocker()");
    }
    RLocker *l = (RLocker *)type->tp_alloc(type, 0);
    if (l != NULL)
        l->rw = (RWMutex *)Py_NewRef(rw);
    return OBJECT(l);
}

static PyObject *RLocker_lock(RLocker *l, PyObject *unused UNUSED)
{
    return RWMutex_rlock(l->rw, NULL);
}

static PyObject *RLocker_unlock(RLocker *l, PyObject *unused UNUSED)
{
    return RWMutex_runlock(l->rw, NULL);
}

static PyObject *RLocker_exit(RLocker *l, PyObject *const *args UNUSED, Py_ssize_t n UNUSED)
{
    return RWMutex_runlock(l->rw, NULL);
}

static PyObject *RLocker_repr(RLocker *l)
{
    return rwmutex_repr("RLocker", l->rw, l);
}

static void RLocker_dealloc(RLocker *l)
{
    Py_CLEAR(l->rw);
    plain_dealloc(OBJECT(l));
}

/* --- WaitGroup ---------------------------------------------------------------------------------------------------- */

/* Invariant: goroutines wait only while `count` is above 0; the add that makes it 0 wakes all of them, in order. */
struct waitgroup {
    PyObject_HEAD
    Py_ssize_t count, waiters;
    unsigned traced; /* its number in recordings; 0: none yet */
    Sema sema; /* the bubble of its queue, which is owned, is the group's */
};

static int group_wait_again(WaitGroup *wg);

/* Assign the group to the bubble, as the first add in a bubble does; raise a Panic if its counter is not 0. */
static int associate(WaitGroup *wg, Bubble *bubble)
{
    if (wg->count)
        return panic(bubble != NULL && wg->sema.queue.bubble != NULL
                         ? "sync: WaitGroup.Add called from multiple synctest bubbles"
                         : "sync: WaitGroup.Add called from inside and outside synctest bubble");
    Bubble *before = wg->sema.queue.bubble;
    wg->sema.queue.bubble = (Bubble *)Py_XNewRef(OBJECT(bubble));
    Py_XDECREF(before);
    return 0;
}

static int group_too_large(void)
{
    PyErr_SetString(PyExc_OverflowError, "WaitGroup.add: the counter is too large");
    return -1;
}

static int group_add(WaitGroup *wg, Py_ssize_t delta)
{
    Bubble *bubble = bubble_here();
    if (UNLIKELY(bubble != wg->sema.queue.bubble) && associate(wg, bubble) < 0)
        return -1;
    if (delta > 0 && wg->count > PY_SSIZE_T_MAX - delta)
        return group_too_large();
    Py_ssize_t count = wg->count + delta;
    if (count < 0)
        return panic("sync: negative WaitGroup counter");
    if (wg->waiters && delta > 0 && wg->count == 0)
        return panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    wg->count = count;
    if (count == 0) {
        if (UNLIKELY(bubble != NULL)) {
            wg->sema.queue.bubble = NULL;
            Py_DECREF(bubble); /* not the last reference: the running goroutine has one */
        }
        while (wg->waiters) {
            wg->waiters--;
            release(&wg->sema, 0);
        }
        after_step();
    }
    return 0;
}

static int group_wait_as(WaitGroup *wg, G *as)
{
    if (wg->count == 0)
        return 0;
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return group_wait_again(wg);
    wg->waiters++;
    if (acquire(&wg->sema, gp, group_wait, 0) < 0) {
        if (!gp->success)
            wg->waiters--; /* it is not there for the add that reaches 0 */
        after_throw(gp);
        return -1;
    }
    if (wg->count || wg->waiters)
        return panic("sync: WaitGroup is reused before previous Wait has returned");
    return 0;
}

static NOINLINE int group_wait_again(WaitGroup *wg)
{
    G *gp = enter();
    if (gp == NULL)
        return -1;
    int status = group_wait_as(wg, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

static PyObject *WaitGroup_add(WaitGroup *wg, PyObject *delta)
{
    if (!PyLong_CheckExact(delta))
        return PyErr_Format(PyExc_TypeError, "WaitGroup.add: %R is not a number of goroutines; give an int", delta);
    int overflow;
    long long n = PyLong_AsLongLongAndOverflow(delta, &overflow);
    if (overflow < 0 || n < -PY_SSIZE_T_MAX)
        return as_none(panic("sync: negative WaitGroup counter"));
    if (overflow > 0 || n > PY_SSIZE_T_MAX)
        return as_none(group_too_large());
    return as_none(group_add(wg, (Py_ssize_t)n));
}

static PyObject *WaitGroup_done(WaitGroup *wg, PyObject *unused UNUSED)
{
    return as_none(group_add(wg, -1));
}

static PyObject *WaitGroup_wait(WaitGroup *wg, PyObject *unused UNUSED)
{
    return as_none(group_wait_as(wg, NULL));
}

static PyObject *WaitGroup_go(WaitGroup *wg, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    if (n < 1)
        return PyErr_Format(PyExc_TypeError, "WaitGroup.go() missing 1 required positional argument: 'fn'");
    if (!PyCallable_Check(args[0]))
        return PyErr_Format(PyExc_TypeError,
                            "WaitGroup.go: %R is not callable; give the function and its arguments", args[0]);
    int last;
    G *gp = new_g_for_call(args, n, names, &last);
    if (gp == NULL)
        return NULL;
    if (group_add(wg, 1) < 0) {
        Py_DECREF(gp);
        return NULL;
    }
    gp->group = (WaitGroup *)Py_NewRef(OBJECT(wg));
    return start_or_drop(gp, last);
}

static PyObject *WaitGroup_repr(WaitGroup *wg)
{
    return PyUnicode_FromFormat("<WaitGroup counter=%zd waiters=%zd at %p>", wg->count, wg->waiters, wg);
}

static void WaitGroup_dealloc(WaitGroup *wg)
{
    abandon_queue(&wg->sema.queue);
    Py_CLEAR(wg->sema.queue.bubble);
    plain_dealloc(OBJECT(wg));
}

static void Mutex_dealloc(Mutex *m)
{
    abandon_queue(&m->lock.sema.queue);
    plain_dealloc(OBJECT(m));
}

static void RWMutex_dealloc(RWMutex *rw)
{
    abandon_queue(&rw->mutex.sema.queue);
    abandon_queue(&rw->reading.queue);
    abandon_queue(&rw->writing.queue);
    plain_dealloc(OBJECT(rw));
}

/* --- NotifyList --------------------------------------------------------------------------------------------------- */

/* Invariants
   - The tickets below `called` have been called; those of the waiters in the queue, in G.timer.seq, have not.
   - `gone` holds tickets that have not been called and whose waiters have given up. It has room for every ticket that
     has not been called: room >= tickets - called. */
typedef struct {
    PyObject_HEAD
    unsigned long long tickets, called;
    unsigned long long *gone;
    Py_ssize_t gone_count, room;
    unsigned traced; /* its number in recordings; 0: none yet */
    WaitQueue queue;
} NotifyList;

static int check_wake(G *gp)
{
    if (gp->bubble == NULL || gp->bubble == bubble_here())
        return 0;
    return panic("semaphore wake of synctest goroutine from outside bubble");
}

static int forget_gone(NotifyList *l, unsigned long long ticket)
{
    for (Py_ssize_t i = 0; i < l->gone_count; i++)
        if (l->gone[i] == ticket) {
            l->gone[i] = l->gone[--l->gone_count];
            return 1;
        }
    return 0;
}

static int notify_one(NotifyList *l)
{
    while (l->called != l->tickets) {
        Waiter *w = l->queue.first;
        while (w != NULL && w->gp->timer.seq != l->called)
            w = w->next;
        if (w != NULL && check_wake(w->gp) < 0)
            return -1;
        unsigned long long ticket = l->called++;
        if (w != NULL) {
            unqueue_waiter(w);
            /* Only this one was notified: if an exception ends its wait, it notifies another. */
            w->success = 1;
            ready(w->gp);
            after_step();
            return 0;
        }
        /* The ticket's owner does not wait yet; it will see that it was called, unless it has given up. */
        if (!forget_gone(l, ticket))
            return 0;
    }
    return 0;
}

static PyObject *NotifyList_add(NotifyList *l, PyObject *unused UNUSED)
{
    Py_ssize_t out = (Py_ssize_t)(l->tickets - l->called) + 1;
    if (out > l->room) {
        unsigned long long *gone = PyMem_Realloc(l->gone, 2 * out * sizeof *gone);
        if (gone == NULL)
            return PyErr_NoMemory();
        l->gone = gone;
        l->room = 2 * out;
    }
    PyObject *ticket = PyLong_FromUnsignedLongLong(l->tickets);
    if (ticket != NULL)
        l->tickets++;
    return ticket;
}

/* Give up a ticket. If notify_one has called it, notify another waiter instead. */
static void give_up_ticket(NotifyList *l, unsigned long long ticket, int called_alone)
{
    if (ticket >= l->called) {
        if (ticket < l->tickets && l->gone_count < l->room)
            l->gone[l->gone_count++] = ticket;
    } else if (called_alone && notify_one(l) < 0)
        PyErr_Clear();
}

static int ticket_of(PyObject *o, unsigned long long *ticket)
{
    if (!PyLong_Check(o)) {
        PyErr_Format(PyExc_TypeError, "NotifyList: got %R as the ticket, want what add() returned", o);
        return -1;
    }
    *ticket = PyLong_AsUnsignedLongLong(o);
    return PyErr_Occurred() ? -1 : 0;
}

static int notify_wait_as(NotifyList *l, unsigned long long ticket, G *as);

static NOINLINE int notify_wait_again(NotifyList *l, unsigned long long ticket)
{
    G *gp = enter();
    if (gp == NULL) {
        PyObject *exc = raised();
        give_up_ticket(l, ticket, 1);
        raise_again(exc);
        return -1;
    }
    int status = notify_wait_as(l, ticket, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

static int notify_wait_as(NotifyList *l, unsigned long long ticket, G *as)
{
    if (ticket < l->called)
        return 0;
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return notify_wait_again(l, ticket);
    gp->timer.seq = ticket;
    gp->success = 0;
    enqueue(&l->queue, (Waiter *)gp);
    if (park(gp, cond_wait) < 0) {
        PyObject *exc = raised();
        give_up_ticket(l, ticket, gp->success);
        raise_again(exc);
        after_throw(gp);
        return -1;
    }
    return 0;
}

static PyObject *NotifyList_wait(NotifyList *l, PyObject *o)
{
    unsigned long long ticket;
    return ticket_of(o, &ticket) < 0 ? NULL : as_none(notify_wait_as(l, ticket, NULL));
}

static PyObject *NotifyList_discard(NotifyList *l, PyObject *o)
{
    unsigned long long ticket;
    if (ticket_of(o, &ticket) < 0)
        return NULL;
    give_up_ticket(l, ticket, 1);
    Py_RETURN_NONE;
}

static PyObject *NotifyList_notify_one(NotifyList *l, PyObject *unused UNUSED)
{
    return as_none(notify_one(l));
}

static PyObject *NotifyList_notify_all(NotifyList *l, PyObject *unused UNUSED)
{
    for (Waiter *w = l->queue.first; w != NULL; w = w->next)
        if (check_wake(w->gp) < 0)
            return NULL;
    l->called = l->tickets;
    l->gone_count = 0;
    Waiter *w;
    while ((w = dequeue(&l->queue)) != NULL)
        ready(w->gp);
    after_step();
    Py_RETURN_NONE;
}

static PyObject *NotifyList_waiters(NotifyList *l, PyObject *unused UNUSED)
{
    return PyLong_FromLongLong((long long)(l->tickets - l->called) - l->gone_count);
}

static void NotifyList_dealloc(NotifyList *l)
{
    abandon_queue(&l->queue);
    PyMem_Free(l->gone);
    plain_dealloc(OBJECT(l));
}

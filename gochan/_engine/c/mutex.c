/* Mutex. Go's internal/sync/mutex.go.

   In normal mode a woken waiter competes with running goroutines for the lock; if it does not get the lock, it waits
   again, at the head of the queue. A waiter that has waited for more than 1 ms puts the mutex into starvation mode. In
   this mode unlock hands the lock to the first waiter, and new goroutines go to the end of the queue, even if the lock
   is free. A waiter that gets the lock this way returns to normal mode if it is the last one, or has waited for less
   than 1 ms.

   Invariants
   - `waiters` counts the waiters; not one that was woken in normal mode, but also the one that the lock is being
     handed to.
   - `woken`: a waiter was woken in normal mode and has not run yet; until then unlock wakes no other one.
   - While `starving`, a goroutine waits, and the lock is free only while it is being handed over. */

/* After how many ns a waiter asks for the mutex to be handed over. */
enum { STARVATION = 1000000 };

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

static void Mutex_dealloc(Mutex *m)
{
    abandon_queue(&m->lock.sema.queue);
    plain_dealloc(OBJECT(m));
}

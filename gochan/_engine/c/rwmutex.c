/* RWMutex. Go's sync/rwmutex.go.

   A writer blocks later readers, and waits until the current readers have unlocked. When the writer unlocks, all
   waiting readers get the lock, and the next writer after them. So neither readers nor writers starve.

   Invariants
   - `writer`: a writer holds the lock, or waits for the current readers. It holds `mutex`.
   - `readers` counts the readers that hold the lock and, while `writer` is set, those that wait for it.
   - `departing` counts the readers that the writer waits for; when it is 0, the writer has the lock.
   - In a forked child, `adopt_rwmutex` drops what waits in the parent before `writer` or a semaphore is relied on. */

typedef struct {
    PyObject_HEAD
    Lock mutex;
    char writer;
    Py_ssize_t readers, departing;
    unsigned process;      /* the first program of the process that it was last adopted in */
    Sema reading, writing; /* what readers wait for, and what the writer waits for */
} RWMutex;

typedef struct {
    PyObject_HEAD
    RWMutex *rw;
} RLocker;

static int rlock_again(RWMutex *rw);

/* In a forked child: drop the readers and the writer that wait for the lock in the parent, or were woken there and have
   not run. What a goroutine held when the process forked stays locked. */
static NOINLINE void adopt_rwmutex_slowly(RWMutex *rw)
{
    Py_ssize_t waiting = rw->writer ? rw->readers - rw->departing : 0;
    rw->process = S.first_program;
    rw->readers -= waiting + rw->reading.value;
    rw->reading.value = 0;
    if (rw->writer && (rw->departing || rw->writing.value)) {
        rw->writer = rw->mutex.locked = 0;
        rw->departing = rw->writing.value = 0;
    }
    rw->mutex.waiters = rw->mutex.sema.value = 0;
    rw->mutex.woken = rw->mutex.starving = 0;
}

static inline void adopt_rwmutex(RWMutex *rw)
{
    if (UNLIKELY(rw->process != S.first_program))
        adopt_rwmutex_slowly(rw);
}

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
    if (rw->writer)
        adopt_rwmutex(rw);
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
    adopt_rwmutex(rw);
    if (lock(&rw->mutex) < 0)
        return -1;
    rw->writer = 1;
    rw->departing = rw->readers;
    if (rw->departing == 0)
        return 0;
    G *gp = blocker(), *own = NULL;
    if (gp == NULL) {
        /* This runs Python code. Readers that unlock in it have released `writing` before the writer waits. */
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
    adopt_rwmutex(rw);
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
    adopt_rwmutex(rw);
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
    adopt_rwmutex(rw);
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
    adopt_rwmutex(rw);
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

static void RWMutex_dealloc(RWMutex *rw)
{
    abandon_queue(&rw->mutex.sema.queue);
    abandon_queue(&rw->reading.queue);
    abandon_queue(&rw->writing.queue);
    plain_dealloc(OBJECT(rw));
}

static void RLocker_dealloc(RLocker *l)
{
    Py_CLEAR(l->rw);
    plain_dealloc(OBJECT(l));
}

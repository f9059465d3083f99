/* G, the object of a goroutine, or of a thread that waits where goroutines do: how it is made and freed, and what Python
   sees of it. Its data is in engine.h.

   Invariant: a wait queue does not own the Gs in it; a G that is freed leaves its queue. */

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

/* The semaphore of the locks and of WaitGroup, and the waiters of a Cond. Go's runtime/sema.go, which has its notifyList,
   too.

   A release makes the first waiter ready, but does not give it the count: if another goroutine takes that first, the
   waiter waits again. With handoff the waiter gets the count and runs at once. */

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

/* --- NotifyList --------------------------------------------------------------------------------------------------- */

/* --- NotifyList --------------------------------------------------------------------------------------------------- */

/* Invariants
   - The tickets below `called` have been called; those of the waiters in the queue, in G.ticket, have not.
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
        while (w != NULL && w->gp->ticket != l->called)
            w = w->next;
        int over = w != NULL && is_over(w);
        if (w != NULL && !over && check_wake(w->gp) < 0)
            return -1;
        unsigned long long ticket = l->called++;
        if (over)
            unqueue_waiter(w);
        else if (w != NULL) {
            unqueue_waiter(w);
            /* Only this one was notified: if an exception ends its wait, it notifies another. */
            w->success = 1;
            ready(w->gp);
            after_step();
            return 0;
        }
        /* The ticket's owner does not wait yet; it will see that it was called, unless it has given up. */
        else if (!forget_gone(l, ticket))
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
    gp->ticket = ticket;
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

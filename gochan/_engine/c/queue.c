/* Wait queues: first-in, first-out lists of waiters, Go's waitq. */

static void enqueue(WaitQueue *q, Waiter *w)
{
    w->queue = q;
    w->prev = q->last;
    w->next = NULL;
    *(q->last ? &q->last->next : &q->first) = w;
    q->last = w;
}

/* Put w at the head: a lock's waiter that was woken and did not get the lock. */
static void enqueue_first(WaitQueue *q, Waiter *w)
{
    w->queue = q;
    w->prev = NULL;
    w->next = q->first;
    *(q->first ? &q->first->prev : &q->last) = w;
    q->first = w;
}

/* Remove w from its queue, if it is in one. */
static void unqueue_waiter(Waiter *w)
{
    WaitQueue *q = w->queue;
    if (q == NULL)
        return;
    *(w->prev ? &w->prev->next : &q->first) = w->next;
    *(w->next ? &w->next->prev : &q->last) = w->prev;
    w->queue = NULL;
    w->next = w->prev = NULL;
}

static inline int is_case(Waiter *w)
{
    return (Waiter *)w->gp != w;
}

/* Return whether w no longer waits: another case of its select has won, its program ended with its thread, or it waits in
   the process that this one was forked from. */
static inline int is_over(Waiter *w)
{
    G *gp = w->gp;
    return gp->selected != NULL || gp->program < (gp->kind == G_GOROUTINE ? S.program : S.first_program);
}

/* Remove and return the first waiter that still waits; if it is a case, it wins its select. Waiters before it, of
   selects that another case has won, are removed. */
static NOINLINE Waiter *dequeue_first(WaitQueue *q)
{
    Waiter *w;
    while ((w = q->first) != NULL) {
        Waiter *next = w->next;
        q->first = next;
        *(next ? &next->prev : &q->last) = NULL;
        w->queue = NULL;
        w->next = NULL; /* prev is NULL already: w was the first */
        if (!is_over(w)) {
            if (is_case(w))
                w->gp->selected = w;
            break;
        }
    }
    return w;
}

static inline Waiter *dequeue(WaitQueue *q)
{
    return q->first != NULL ? dequeue_first(q) : NULL;
}

/* Return whether dequeue would find a waiter. */
static int is_waiting(WaitQueue *q)
{
    while (q->first != NULL && is_over(q->first))
        unqueue_waiter(q->first);
    return q->first != NULL;
}

/* Remove all waiters: the owner of q is being freed. */
static void abandon_queue(WaitQueue *q)
{
    while (q->first != NULL)
        unqueue_waiter(q->first);
}

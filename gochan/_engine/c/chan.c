/* Channels: Go's runtime/chan.go.

   Invariants
   - At least one of recvq and sendq is empty, unless one goroutine waits in both with a select.
   - While the buffer holds values, recvq is empty. While it has room, sendq is empty.
   - A value is handed over directly: a sender that finds a waiting receiver writes into its waiter and makes it ready.
     A receiver that takes a value from a full buffer appends the first waiting sender's value.
   - Whatever may run Python code, such as the check of the element type, comes before the step. */

static int fire_if_due(ChanTimer *timer);
static void begin_waiting(ChanTimer *timer);
static void end_waiting(ChanTimer *timer);
static int reserve(Timers *timers, Py_ssize_t more);
static Timers *timers_of(Bubble *bubble);
static PyObject *to_moment(Chan *ch, PyObject *v);
static int is_current(Chan *ch, PyObject *v);
static void free_chan_timer(ChanTimer *timer);

/* Whether the last receive returned a value of the channel, and not the zero value of a closed one. */
static int received;

/* --- steps -------------------------------------------------------------------------------------------------------- */

/* Raise a Panic outside the channel's bubble; fire the channel's timer if it is due. */
static NOINLINE int guard_slowly(Chan *ch, const char *what)
{
    if (ch->bubble != NULL && bubble_here() != ch->bubble)
        return panic("%s synctest channel from outside bubble", what);
    return ch->timer != NULL ? fire_if_due(ch->timer) : 0;
}

static inline int guard(Chan *ch, const char *what)
{
    return UNLIKELY(ch->guarded) ? guard_slowly(ch, what) : 0;
}

static inline int check(Chan *ch, PyObject *v)
{
    if (ch->cls == NULL || OBJECT(Py_TYPE(v)) == ch->cls)
        return 0;
    return done(call_hook(hooks.check, ch->type, v));
}

/* Make the goroutine or thread of w ready. */
static inline void wake(Waiter *w)
{
    ready(w->gp);
}

/* Enlarge the buffer, which is full and smaller than the capacity. */
static NOINLINE int grow(Chan *ch)
{
    Py_ssize_t size = ch->size == 0 ? Py_MIN(ch->capacity, FIRST_BUFFER)
                      : ch->size <= ch->capacity / 2 ? 2 * ch->size
                                                     : ch->capacity;
    PyObject **buf = PyMem_Calloc(size, sizeof *buf);
    if (buf == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < ch->count; i++)
        buf[i] = ch->buf[(ch->recvx + i) % ch->size];
    PyMem_Free(ch->buf);
    ch->buf = buf;
    ch->recvx = 0;
    ch->sendx = ch->count;
    ch->size = size;
    return 0;
}

/* Append v, whose reference is taken over, to the buffer, which has room. */
static inline void push(Chan *ch, PyObject *v)
{
    ch->buf[ch->sendx] = v;
    if (++ch->sendx == ch->size)
        ch->sendx = 0;
    ch->count++;
}

/* Take the value of a waiting sender, and make the sender ready. */
static inline PyObject *take_from(Waiter *w)
{
    PyObject *v = w->elem;
    w->elem = NULL;
    w->success = 1;
    wake(w);
    return v;
}

/* Give v, whose reference is taken over, to a waiting receiver, and make the receiver ready. */
static inline void give_to(Waiter *w, PyObject *v)
{
    w->elem = v;
    w->success = 1;
    wake(w);
}

/* Take the first value of the buffer; append the value of the first waiting sender. */
static PyObject *pop(Chan *ch)
{
    PyObject *v = ch->buf[ch->recvx];
    ch->buf[ch->recvx] = NULL;
    if (++ch->recvx == ch->size)
        ch->recvx = 0;
    ch->count--;
    if (UNLIKELY(ch->sendq.first != NULL) && ch->count < ch->capacity) {
        Waiter *w = dequeue(&ch->sendq);
        if (w != NULL)
            push(ch, take_from(w));
    }
    return v;
}

/* Send v without blocking. Return 1 if a receiver or the buffer took it, 0 if not, -1 for an exception. */
static inline int try_send(Chan *ch, PyObject *v)
{
    if (UNLIKELY(ch->closed))
        return panic("send on closed channel");
    Waiter *w = dequeue(&ch->recvq);
    if (w != NULL) {
        give_to(w, Py_NewRef(v));
        return 1;
    }
    if (ch->count >= ch->capacity)
        return 0;
    if (UNLIKELY(ch->count == ch->size) && grow(ch) < 0)
        return -1;
    push(ch, Py_NewRef(v));
    return 1;
}

/* Put back a received value, whose reference is taken over, as the next to be received: its receive was canceled. The
   buffer may then hold one more than the capacity, since the sender of the value no longer waits. */
static int give_back(Chan *ch, PyObject *v)
{
    Waiter *w = dequeue(&ch->recvq);
    if (w != NULL) {
        give_to(w, v);
        return 0;
    }
    if (ch->count == ch->size) {
        PyObject **buf = PyMem_Calloc(ch->size + 1, sizeof *buf);
        if (buf == NULL) {
            Py_DECREF(v);
            PyErr_NoMemory();
            return -1;
        }
        for (Py_ssize_t i = 0; i < ch->count; i++)
            buf[i + 1] = ch->buf[(ch->recvx + i) % ch->size];
        PyMem_Free(ch->buf);
        ch->buf = buf;
        ch->size++;
        ch->recvx = 0;
        ch->sendx = 0;
    } else
        ch->recvx = ch->recvx == 0 ? ch->size - 1 : ch->recvx - 1;
    ch->buf[ch->recvx] = v;
    ch->count++;
    return 0;
}

/* Undo the receive of v, whose reference is taken over, because of the current exception. */
static void put_back(Chan *ch, PyObject *v)
{
    PyObject *exc = raised();
    if (ch->timer != NULL && !is_current(ch, v))
        Py_DECREF(v);
    else if (give_back(ch, v) < 0)
        PyErr_Clear();
    after_step();
    raise_again(exc);
}

/* --- send --------------------------------------------------------------------------------------------------------- */

static int send_again(Chan *ch, PyObject *v);

/* Park until a receiver takes v. `as` is the G of the calling thread; NULL: the caller is a goroutine. */
static NOINLINE int park_sending(Chan *ch, PyObject *v, G *as)
{
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return send_again(ch, v);
    gp->elem = Py_NewRef(v);
    enqueue(&ch->sendq, (Waiter *)gp);
    if (park(gp, chan_send) < 0) {
        Py_CLEAR(gp->elem);
        after_throw(gp);
        return -1;
    }
    Py_CLEAR(gp->elem);
    return gp->success ? 0 : panic("send on closed channel");
}

static inline int send_as(Chan *ch, PyObject *v, G *as)
{
    if (guard(ch, "send on") < 0)
        return -1;
    int sent = try_send(ch, v);
    if (sent == 0)
        return park_sending(ch, v, as);
    if (UNLIKELY(S.trace) && sent > 0)
        trace_sent(ch);
    after_step();
    return Py_MIN(sent, 0);
}

static NOINLINE int send_again(Chan *ch, PyObject *v)
{
    G *gp = enter();
    if (gp == NULL)
        return -1;
    int status = send_as(ch, v, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

static inline int chan_send_value(Chan *ch, PyObject *v)
{
    if (check(ch, v) < 0 || (UNLIKELY(S.trace > 1) && trace_sends(v) < 0))
        return -1;
    return send_as(ch, v, NULL);
}

static PyObject *Chan_send(Chan *ch, PyObject *v)
{
    return as_none(chan_send_value(ch, v));
}

static PyObject *Chan_lshift(PyObject *a, PyObject *b)
{
    if (Py_TYPE(a) == Chan_type)
        return as_none(chan_send_value((Chan *)a, b));
    return PyErr_Format(PyExc_TypeError, "%R << ch: the channel stands first; to send, write ch << %R", a, a);
}

/* --- receive ------------------------------------------------------------------------------------------------------ */

static PyObject *receive_again(Chan *ch, PyObject *reason);

/* Return v, a received value or the zero value, as the user gets it; set `received`. */
static inline PyObject *as_result(Chan *ch, PyObject *v, int ok)
{
    if (UNLIKELY(ch->timer != NULL) && ok)
        v = to_moment(ch, v);
    received = ok;
    return v;
}

static NOINLINE PyObject *park_receiving(Chan *ch, PyObject *reason, G *as)
{
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return receive_again(ch, reason);
    if (UNLIKELY(ch->timer != NULL)) {
        if (reserve(timers_of(ch->timer->bubble), 1) < 0)
            return NULL;
        begin_waiting(ch->timer);
    }
    gp->success = 0;
    enqueue(&ch->recvq, (Waiter *)gp);
    int status = park(gp, reason);
    if (UNLIKELY(ch->timer != NULL))
        end_waiting(ch->timer);
    PyObject *v = gp->elem;
    gp->elem = NULL;
    if (status < 0) {
        if (gp->chosen && gp->success && v != NULL)
            put_back(ch, v);
        else
            Py_XDECREF(v);
        return after_throw(gp);
    }
    int ok = gp->success;
    return as_result(ch, v != NULL ? v : Py_NewRef(ch->zero ? ch->zero : Py_None), ok);
}

static NOINLINE PyObject *receive_end(Chan *ch)
{
    if (UNLIKELY(S.trace))
        trace_received(ch);
    /* A loop that receives from a closed channel never parks. */
    if (poll_point() < 0)
        return NULL;
    received = 0;
    return Py_NewRef(ch->zero ? ch->zero : Py_None);
}

static inline PyObject *receive_as(Chan *ch, PyObject *reason, G *as)
{
    if (guard(ch, "receive on") < 0)
        return NULL;
    if (ch->count) {
        PyObject *v = pop(ch);
        if (UNLIKELY(S.trace))
            trace_received(ch);
        after_step();
        if (UNLIKELY(S.trace > 1) && ch->timer == NULL && trace_received_value(ch, v) < 0)
            return NULL;
        return as_result(ch, v, 1);
    }
    Waiter *w = dequeue(&ch->sendq);
    if (w != NULL) {
        PyObject *v = take_from(w);
        if (UNLIKELY(S.trace))
            trace_received(ch);
        after_step();
        if (UNLIKELY(S.trace > 1) && trace_received_value(ch, v) < 0)
            return NULL;
        return as_result(ch, v, 1);
    }
    if (ch->closed)
        return receive_end(ch);
    return park_receiving(ch, reason, as);
}

static NOINLINE PyObject *receive_again(Chan *ch, PyObject *reason)
{
    G *gp = enter();
    if (gp == NULL)
        return NULL;
    PyObject *v = receive_as(ch, reason, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return v;
}

static PyObject *Chan_recv(Chan *ch, PyObject *unused UNUSED)
{
    return receive_as(ch, chan_receive, NULL);
}

static PyObject *Chan_recv_ok(Chan *ch, PyObject *unused UNUSED)
{
    PyObject *pair = PyTuple_New(2); /* first: after a value was received nothing may fail */
    if (pair == NULL)
        return NULL;
    PyObject_GC_UnTrack(pair); /* gc.get_objects must not return it without its items while this goroutine waits */
    PyObject *v = receive_as(ch, chan_receive, NULL);
    if (v == NULL) {
        Py_DECREF(pair);
        return NULL;
    }
    PyTuple_SET_ITEM(pair, 0, v);
    PyTuple_SET_ITEM(pair, 1, Py_NewRef(received ? Py_True : Py_False));
    PyObject_GC_Track(pair);
    return pair;
}

static PyObject *Chan_next(Chan *ch)
{
    PyObject *v = receive_as(ch, chan_receive, NULL);
    if (v != NULL && !received)
        Py_CLEAR(v);
    return v;
}

/* --- close -------------------------------------------------------------------------------------------------------- */

/* Move all waiters of q to a stack, linked by `next`. A sender drops its value itself, later: a value may have a
   finalizer, which must not run in this step. */
static Waiter *collect(WaitQueue *q, Waiter *stack, PyObject *zero)
{
    Waiter *w;
    while ((w = dequeue(q)) != NULL) {
        if (zero != NULL)
            w->elem = Py_NewRef(zero);
        w->success = 0;
        w->next = stack;
        stack = w;
    }
    return stack;
}

static PyObject *Chan_close(Chan *ch, PyObject *unused UNUSED)
{
    if (guard(ch, "close of") < 0)
        return NULL;
    if (ch->closed)
        return as_none(panic("close of closed channel"));
    if (ch->timer != NULL)
        return as_none(panic("close of a timer's channel"));
    ch->closed = 1;
    if (UNLIKELY(S.trace))
        trace_closed(ch);
    /* As in Go, all waiters are collected before any becomes ready, and the last in line becomes ready first. `ready`
       gives each the run-next slot, so the first in line runs first, then the rest from last to second. Only a select
       that waits in both queues is in both; it gets its receive. */
    Waiter *stack = collect(&ch->sendq, collect(&ch->recvq, NULL, ch->zero ? ch->zero : Py_None), NULL);
    while (stack != NULL) {
        Waiter *w = stack;
        stack = w->next;
        w->next = NULL;
        wake(w);
    }
    after_step();
    Py_RETURN_NONE;
}

/* --- for select and for gochan's own Python code ------------------------------------------------------------------ */

/* Return whether a receive would not block. */
static int can_recv(Chan *ch)
{
    if (guard(ch, "select on") < 0)
        return -1;
    return ch->count > 0 || ch->closed || is_waiting(&ch->sendq);
}

/* Return whether a send would not block; on a closed channel it panics. */
static int can_send(Chan *ch)
{
    if (guard(ch, "select on") < 0)
        return -1;
    return ch->closed || ch->count < ch->capacity || is_waiting(&ch->recvq);
}

static PyObject *Chan_can_recv(Chan *ch, PyObject *unused UNUSED)
{
    int can = can_recv(ch);
    return can < 0 ? NULL : PyBool_FromLong(can);
}

static PyObject *Chan_offer(Chan *ch, PyObject *v)
{
    if (check(ch, v) < 0)
        return NULL;
    if (ch->closed || ch->timer != NULL)
        Py_RETURN_FALSE;
    int sent = try_send(ch, v);
    if (UNLIKELY(S.trace) && sent > 0)
        trace_sent(ch);
    after_step();
    return sent < 0 ? NULL : PyBool_FromLong(sent);
}

static PyObject *Chan_wait(Chan *ch, PyObject *reason)
{
    PyObject *known = intern_reason(reason);
    PyObject *v = known != NULL ? receive_as(ch, known, NULL) : NULL;
    return as_none(done(v));
}

static PyObject *Chan_give_back(Chan *ch, PyObject *v)
{
    if (check(ch, v) < 0)
        return NULL;
    if (ch->timer != NULL)
        Py_RETURN_NONE; /* an old time is of no use to the next receiver */
    int status = give_back(ch, Py_NewRef(v));
    after_step();
    return as_none(status);
}

/* --- the class ---------------------------------------------------------------------------------------------------- */

static Py_ssize_t Chan_len(Chan *ch)
{
    /* A loop that polls the length never parks. */
    if (poll_point() < 0)
        return -1;
    return ch->timer != NULL ? 0 : ch->count;
}

static int Chan_bool(PyObject *ch UNUSED)
{
    return 1;
}

/* A timer's channel appears unbuffered, as in Go 1.23: stop and reset discard a buffered value. */
static PyObject *Chan_cap(Chan *ch, void *unused UNUSED)
{
    return PyLong_FromSsize_t(ch->timer != NULL ? 0 : ch->capacity);
}

static PyObject *Chan_repr(Chan *ch)
{
    PyObject *name = ch->type == Any ? NULL : call_hook(hooks.type_name, ch->type, NULL);
    if (name == NULL && PyErr_Occurred())
        return NULL;
    PyObject *kind = name != NULL ? PyUnicode_FromFormat("Chan[%S]", name) : PyUnicode_FromString("Chan");
    Py_XDECREF(name);
    if (kind == NULL)
        return NULL;
    PyObject *cap = Chan_cap(ch, NULL);
    PyObject *text = cap == NULL ? NULL
                                 : PyUnicode_FromFormat("<%U len=%zd cap=%S %s at %p>", kind,
                                                        ch->timer != NULL ? 0 : ch->count, cap,
                                                        ch->closed ? "closed" : "open", ch);
    Py_XDECREF(cap);
    Py_DECREF(kind);
    return text;
}

static Chan *new_chan(Py_ssize_t capacity, Bubble *bubble)
{
    Py_ssize_t size = Py_MIN(capacity, FIRST_BUFFER);
    PyObject **buf = PyMem_Calloc(Py_MAX(size, 1), sizeof *buf);
    if (buf == NULL)
        return (Chan *)PyErr_NoMemory();
    Chan *ch = (Chan *)Chan_type->tp_alloc(Chan_type, 0);
    if (ch == NULL) {
        PyMem_Free(buf);
        return NULL;
    }
    ch->capacity = capacity;
    ch->size = size;
    ch->buf = buf;
    ch->type = Py_NewRef(Any);
    ch->bubble = (Bubble *)Py_XNewRef(OBJECT(bubble));
    ch->recvq.bubble = ch->sendq.bubble = bubble;
    ch->guarded = bubble != NULL;
    return ch;
}

static PyObject *Chan_new(PyTypeObject *type UNUSED, PyObject *args, PyObject *kwargs)
{
    PyObject *capacity = NULL;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Chan() takes no keyword arguments; give the capacity alone: Chan(3)");
    if (!PyArg_ParseTuple(args, "|O:Chan", &capacity))
        return NULL;
    if (capacity != NULL && !PyLong_CheckExact(capacity))
        return PyErr_Format(PyExc_TypeError, "Chan(%R): the capacity is an int, Chan[int](3), not %s", capacity,
                            short_name(Py_TYPE(capacity)));
    int overflow = 0;
    long long n = capacity == NULL ? 0 : PyLong_AsLongLongAndOverflow(capacity, &overflow);
    if (overflow < 0 || (overflow == 0 && n < 0))
        return PyErr_Format(PyExc_ValueError, "Chan(%R): the capacity is 0 or more", capacity);
    if (overflow > 0 || n > PY_SSIZE_T_MAX)
        return PyErr_Format(PyExc_ValueError, "Chan(%R): the capacity is at most %zd", capacity, PY_SSIZE_T_MAX);
    return OBJECT(new_chan((Py_ssize_t)n, bubble_here()));
}

/* Make a channel that belongs to no bubble, even if the caller is in one. */
static PyObject *Chan_unbubbled(PyObject *self UNUSED, PyObject *capacity)
{
    Py_ssize_t n = PyLong_Check(capacity) ? PyLong_AsSsize_t(capacity) : -1;
    if (PyErr_Occurred())
        return NULL;
    if (n < 0)
        return PyErr_Format(PyExc_TypeError, "Chan._unbubbled: got %R, want a capacity of 0 or more", capacity);
    return OBJECT(new_chan(n, NULL));
}

static PyObject *Chan_class_getitem(PyObject *type, PyObject *t)
{
    if (PyTuple_CheckExact(t) && PyTuple_GET_SIZE(t) == 1)
        t = PyTuple_GET_ITEM(t, 0); /* typing subscripts again with the tuple of arguments */
    return done(call_hook(hooks.check_type, t, NULL)) < 0 ? NULL : Py_GenericAlias(type, t);
}

static PyObject *Chan_get_orig_class(Chan *ch, void *unused UNUSED)
{
    return Py_GenericAlias(OBJECT(Chan_type), ch->type);
}

/* `Chan[int](3)` is `Chan(3)`, and then this. */
static int Chan_set_orig_class(Chan *ch, PyObject *alias, void *unused UNUSED)
{
    PyObject *args = alias != NULL ? PyObject_GetAttrString(alias, "__args__") : NULL;
    if (args == NULL || !PyTuple_Check(args) || PyTuple_GET_SIZE(args) != 1) {
        Py_XDECREF(args);
        PyErr_Format(PyExc_TypeError, "Chan.__orig_class__ is a Chan[...], not %R", alias ? alias : Py_None);
        return -1;
    }
    PyObject *type = Py_NewRef(PyTuple_GET_ITEM(args, 0));
    Py_DECREF(args);
    PyObject *pair = call_hook(hooks.element, type, NULL);
    if (pair == NULL || !PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        Py_XDECREF(pair);
        Py_DECREF(type);
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "the hook `element` must return a pair");
        return -1;
    }
    PyObject *cls = PyTuple_GET_ITEM(pair, 0), *zero = PyTuple_GET_ITEM(pair, 1);
    Py_XSETREF(ch->type, type);
    Py_XSETREF(ch->cls, cls == Py_None ? NULL : Py_NewRef(cls));
    Py_XSETREF(ch->zero, zero == Py_None ? NULL : Py_NewRef(zero));
    Py_DECREF(pair);
    return 0;
}

static int Chan_traverse(Chan *ch, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(ch));
    for (Py_ssize_t i = 0; ch->buf != NULL && i < ch->size; i++)
        Py_VISIT(ch->buf[i]);
    Py_VISIT(ch->cls);
    Py_VISIT(ch->type);
    Py_VISIT(ch->zero);
    return 0;
}

static int Chan_clear(Chan *ch)
{
    /* The channel is garbage, but a finalizer may still use it: it remains a valid channel, without values. */
    Py_ssize_t count = ch->count, first = ch->recvx, size = ch->size;
    PyObject **buf = ch->buf;
    ch->count = ch->recvx = ch->sendx = 0;
    ch->size = 0;
    ch->buf = NULL;
    for (Py_ssize_t i = 0; buf != NULL && i < count; i++)
        Py_CLEAR(buf[(first + i) % size]);
    PyMem_Free(buf);
    Py_CLEAR(ch->cls);
    Py_CLEAR(ch->zero);
    return 0;
}

static void Chan_dealloc(Chan *ch)
{
    PyTypeObject *type = Py_TYPE(ch);
    PyObject_GC_UnTrack(ch);
    Py_TRASHCAN_BEGIN(ch, Chan_dealloc)
    if (ch->weakrefs != NULL)
        PyObject_ClearWeakRefs(OBJECT(ch));
    Chan_clear(ch);
    PyMem_Free(ch->buf);
    Py_CLEAR(ch->type);
    abandon_queue(&ch->recvq);
    abandon_queue(&ch->sendq);
    if (ch->timer != NULL)
        free_chan_timer(ch->timer);
    Py_CLEAR(ch->bubble);
    type->tp_free(ch);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

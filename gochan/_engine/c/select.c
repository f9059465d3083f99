/* select and its cases: Go's runtime/select.go.

   A select polls all its cases and runs one of the ready ones, chosen at random. If none is ready it runs the default,
   or else enqueues all cases, in the order given, and parks. The case that is dequeued first wins; when the goroutine
   resumes it removes the other cases from their queues. Goroutines, other threads and asyncio tasks share this code.

   Invariants
   - The poll of the cases and the operation of the chosen one, or the enqueuing of all, are one step.
   - A case waits for at most one goroutine, `gp`. It may be given to several selects: if it already waits, a copy of
     it waits instead. Copies are made before the step.
   - A case that does not wait refers only to its channel and to the value to send. */

static void Case_dealloc(Case *c);
static PyObject *Case_repr(Case *c);

static Case *spare[SPARE_CASES];
static int spares;

static long long deadline(long long now, double seconds);
static void add_timer(Timers *timers, TimerNode *t, long long when);
static int seconds_of(const char *what, PyObject *d, double *seconds);
static Timers *clock_of(G *gp);
static long long now_of(Timers *timers);

/* --- cases -------------------------------------------------------------------------------------------------------- */

static Case *new_case(enum case_kind kind, Chan *ch, PyObject *value, double seconds)
{
    Case *c;
    if (spares > 0) {
        c = spare[--spares];
        _Py_NewReference(OBJECT(c)); /* it has kept its type, and the reference to that */
    } else if ((c = PyObject_GC_New(Case, Case_type)) == NULL)
        return NULL;
    c->next = c->prev = NULL;
    c->queue = NULL;
    c->gp = NULL;
    c->elem = NULL;
    c->link = NULL;
    c->text = 0;
    c->kind = kind;
    c->given = kind == DEFAULT; /* `default`, and copies */
    c->chan = (Chan *)Py_XNewRef(OBJECT(ch));
    c->value = Py_XNewRef(value);
    c->seconds = seconds;
    c->timer.index = -1;
    c->timer.kind = T_TIMEOUT;
    PyObject_GC_Track(c);
    return c;
}

static int Case_traverse(Case *c, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(c));
    Py_VISIT(c->elem);
    Py_VISIT(c->chan);
    Py_VISIT(c->value);
    Py_VISIT(c->link);
    return 0;
}

/* No tp_clear: every cycle through a case contains its channel, its value or a G, and those have one. */
static void free_case(Case *c)
{
    PyTypeObject *type = Py_TYPE(c);
    unqueue_waiter((Waiter *)c);
    remove_timer(&c->timer);
    Py_XDECREF(c->elem);
    Py_XDECREF(c->chan);
    Py_XDECREF(c->value);
    Py_XDECREF(c->link);
    if (spares < SPARE_CASES) {
        spare[spares++] = c;
        return;
    }
    PyObject_GC_Del(c);
    Py_DECREF(type);
}

/* Free a case that sends a case that sends a case ... without recursion. Other values take care of that themselves. */
static NOINLINE void free_chain(Case *c)
{
    Py_TRASHCAN_BEGIN(c, Case_dealloc)
    free_case(c);
    Py_TRASHCAN_END
}

/* Warn that c, which is being freed, was never given to select: `send(ch, 3)` as a statement does nothing. Do not warn
   if something else prevented the select: an exception that unwinds the stack, the end of a program whose goroutine
   never started, or the end of the interpreter. */
static NOINLINE void warn_unused(Case *c)
{
    c->given = 1; /* the trashcan may call Case_dealloc for c again */
    if (PyErr_Occurred() || dropping_queues || interpreter_is_ending())
        return;
    static const char *const advice[] = {
        [RECV] = "to receive, write ch.recv()",
        [SEND] = "to send, write ch.send(v)",
        [TIMEOUT] = "to wait, write time.sleep(seconds)",
    };
    /* A frame whose builtins cannot import cannot show a warning. */
    PyObject *builtins = PyEval_GetBuiltins();
    if (builtins == NULL || PyDict_GetItemString(builtins, "__import__") == NULL)
        return;
    PyObject *text = Case_repr(c);
    if (text == NULL || PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "case %U was never given to select; %s", text,
                                         advice[c->kind]) < 0)
        PyErr_WriteUnraisable(OBJECT(Case_type)); /* not c: it has no references left */
    Py_XDECREF(text);
}

static void Case_dealloc(Case *c)
{
    PyObject_GC_UnTrack(c);
    if (UNLIKELY(!c->given))
        warn_unused(c);
    if (UNLIKELY(c->value != NULL && Py_TYPE(c->value) == Case_type))
        free_chain(c);
    else
        free_case(c);
}

static PyObject *Case_repr(Case *c)
{
    if (c->kind == RECV)
        return PyUnicode_FromFormat("recv(%R)", c->chan != NULL ? OBJECT(c->chan) : Py_None);
    if (c->kind == SEND)
        return PyUnicode_FromFormat("send(%R, ...)", c->chan != NULL ? OBJECT(c->chan) : Py_None);
    if (c->kind == DEFAULT)
        return PyUnicode_FromString("default");
    PyObject *seconds = PyFloat_FromDouble(c->seconds);
    PyObject *text = seconds != NULL ? PyUnicode_FromFormat("timeout(%R)", seconds) : NULL;
    Py_XDECREF(seconds);
    return text;
}

static int check_chan(const char *what, PyObject *ch)
{
    if (ch == Py_None || Py_TYPE(ch) == Chan_type)
        return 0;
    PyErr_Format(PyExc_TypeError, "%s: %R is not a Chan; give a channel, or None for a case that is never ready",
                 what, ch);
    return -1;
}

static inline Chan *chan_or_null(PyObject *ch)
{
    return ch == Py_None ? NULL : (Chan *)ch;
}

static PyObject *engine_recv(PyObject *module UNUSED, PyObject *ch)
{
    return check_chan("recv", ch) < 0 ? NULL : OBJECT(new_case(RECV, chan_or_null(ch), NULL, 0));
}

static PyObject *engine_send(PyObject *module UNUSED, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "send() takes a channel and a value (%zd given)", n);
    Chan *ch = chan_or_null(args[0]);
    if (check_chan("send", args[0]) < 0 || (ch != NULL && check(ch, args[1]) < 0))
        return NULL;
    return OBJECT(new_case(SEND, ch, args[1], 0));
}

static PyObject *engine_timeout(PyObject *module UNUSED, PyObject *d)
{
    double seconds;
    return seconds_of("timeout", d, &seconds) < 0 ? NULL : OBJECT(new_case(TIMEOUT, NULL, NULL, seconds));
}

/* --- the step ----------------------------------------------------------------------------------------------------- */

/* Draw a random number below n. All random choices come from here, so that a seed repeats a program. */
static inline Py_ssize_t choose(Py_ssize_t n)
{
    S.random = S.random * 771645345 % 1073741789;
    return (Py_ssize_t)(S.random % n);
}

/* Mark all cases as given, also those that are not polled because the select raises. */
static NOINLINE void mark_given(PyObject *const *cases, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (Py_TYPE(cases[i]) == Case_type)
            ((Case *)cases[i])->given = 1;
}

static NOINLINE Py_ssize_t raise_bad_case(PyObject *c, Py_ssize_t i)
{
    PyErr_Format(PyExc_TypeError,
                 "select: case %zd is %R; a case is recv(ch), send(ch, v), timeout(seconds) or default", i, c);
    return -2;
}

static NOINLINE Py_ssize_t raise_second_default(Py_ssize_t i, Py_ssize_t j)
{
    PyErr_Format(PyExc_ValueError, "select: cases %zd and %zd are both default; give at most one", i, j);
    return -2;
}

/* Return the index of a case that can run now, or else of the default, or of a timeout of 0 s; -1 if there is none, -2
   for an exception, before any case has run. */
static Py_ssize_t poll_cases(PyObject *const *cases, Py_ssize_t n)
{
    Py_ssize_t chosen = -1, found = 0, fallback = -1, over = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Case *c = (Case *)cases[i];
        if (UNLIKELY(Py_TYPE(c) != Case_type))
            return raise_bad_case(cases[i], i);
        c->given = 1;
        if (c->chan != NULL) {
            int can = c->kind == RECV ? can_recv(c->chan) : can_send(c->chan);
            if (can < 0)
                return -2;
            if (can && (++found == 1 || (S.ready_case ? found <= S.ready_case : choose(found) == 0)))
                chosen = i;
        } else if (c->kind == DEFAULT) {
            if (fallback >= 0)
                return raise_second_default(fallback, i);
            fallback = i;
        } else if (c->kind == TIMEOUT && over < 0 && !(c->seconds > 0))
            over = i;
    }
    return found ? chosen : fallback >= 0 ? fallback : over;
}

/* Return how many of a tuple of cases can run now, default and timeouts not counted, and mark them as given. For
   gochan.explore, which may end the run before the select. */
static PyObject *engine_count_ready(PyObject *module UNUSED, PyObject *cases)
{
    if (!PyTuple_Check(cases))
        return PyErr_Format(PyExc_TypeError, "count_ready: %R is not a tuple of cases", cases);
    long found = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(cases); i++) {
        Case *c = (Case *)PyTuple_GET_ITEM(cases, i);
        if (Py_TYPE(c) != Case_type)
            continue;
        c->given = 1;
        if (c->chan == NULL)
            continue;
        int can = c->kind == SEND ? can_send(c->chan) : can_recv(c->chan);
        if (can < 0)
            return NULL;
        found += can != 0;
    }
    return PyLong_FromLong(found);
}

/* Make the result of a select; the reference to v is taken over. */
static PyObject *triple(Py_ssize_t index, PyObject *v, int ok)
{
    PyObject *number = PyLong_FromSsize_t(index), *result = number != NULL ? PyTuple_New(3) : NULL;
    if (result == NULL) {
        Py_XDECREF(number);
        return NULL;
    }
    PyTuple_SET_ITEM(result, 0, number);
    PyTuple_SET_ITEM(result, 1, v != NULL ? v : Py_NewRef(Py_None));
    PyTuple_SET_ITEM(result, 2, Py_NewRef(ok ? Py_True : Py_False));
    return result;
}

/* Make the result of a receive; the reference to v is taken over. If that fails, v goes back to the channel. */
static PyObject *received_triple(Chan *ch, Py_ssize_t index, PyObject *v, int ok)
{
    PyObject *result = triple(index, NULL, ok);
    if (result == NULL) {
        if (ok)
            put_back(ch, v);
        else
            Py_DECREF(v);
        return NULL;
    }
    if (UNLIKELY(ch->timer != NULL) && ok && (v = to_moment(ch, v)) == NULL) {
        Py_DECREF(result);
        return NULL;
    }
    PyTuple_SET_ITEM(result, 1, v); /* replaces None, which the next line drops */
    Py_DECREF(Py_None);
    return result;
}

/* Run a case that can run now, in the step that polled it. */
static PyObject *run_case(Case *c, Py_ssize_t index)
{
    Chan *ch = c->chan;
    if (ch == NULL)
        return poll_point() < 0 ? NULL : triple(index, NULL, c->kind == TIMEOUT);
    if (c->kind == SEND) {
        if (try_send(ch, c->value) < 0)
            return NULL;
        if (UNLIKELY(S.trace))
            trace_sent(ch);
        after_step();
        if (UNLIKELY(S.trace > 1))
            trace_text(c->text);
        return triple(index, NULL, 1);
    }
    PyObject *v;
    Waiter *w;
    if (ch->count)
        v = pop(ch);
    else if ((w = dequeue(&ch->sendq)) != NULL)
        v = take_from(w);
    else {
        v = receive_end(ch);
        return v != NULL ? received_triple(ch, index, v, 0) : NULL;
    }
    if (UNLIKELY(S.trace))
        trace_received(ch);
    after_step();
    if (UNLIKELY(S.trace > 1) && ch->timer == NULL && trace_received_value(ch, v) < 0)
        return NULL;
    return received_triple(ch, index, v, 1);
}

static void drop_copies(Case **copies)
{
    while (*copies != NULL) {
        Case *c = *copies;
        *copies = c->link;
        c->link = NULL;
        Py_DECREF(c);
    }
}

/* Make n Cases for copies of cases that already wait. */
static int reserve_copies(Case **copies, Py_ssize_t n)
{
    for (Py_ssize_t have = 0; have < n; have++) {
        Case *c = new_case(DEFAULT, NULL, NULL, 0);
        if (c == NULL) {
            drop_copies(copies);
            return -1;
        }
        c->link = *copies;
        *copies = c;
    }
    return 0;
}

/* Return whether a case already waits, or is given twice. To find the latter, each is marked as waiting for a while. */
static int needs_copies(PyObject *const *cases, Py_ssize_t n)
{
    Py_ssize_t marked = 0;
    while (marked < n && ((Case *)cases[marked])->gp == NULL) {
        Case *c = (Case *)cases[marked++];
        c->gp = (G *)c;
    }
    for (Py_ssize_t i = 0; i < marked; i++)
        ((Case *)cases[i])->gp = NULL;
    return marked < n;
}

/* Exchange w, the last in its queue, with a random one of its select's cases in the same queue. Go also enqueues
   the cases in random order, so that of several cases for one channel none is preferred. */
static void permute(Case *w)
{
    Py_ssize_t n = 1;
    for (Waiter *v = w->prev; v != NULL && v->gp == w->gp; v = v->prev)
        n++;
    Case *other = w;
    for (Py_ssize_t i = choose(n); i > 0; i--)
        other = (Case *)other->prev;
    int index = w->index;
    PyObject *elem = w->elem;
    w->index = other->index;
    w->elem = other->elem;
    other->index = index;
    other->elem = elem;
}

/* Make c, or a copy if c already waits, a case that gp waits in, with this index. */
static Case *wait_in(Case *c, G *gp, int index, Case **copies)
{
    if (c->gp != NULL) {
        Case *copy = *copies;
        *copies = copy->link;
        copy->kind = c->kind;
        copy->chan = (Chan *)Py_XNewRef(OBJECT(c->chan));
        copy->value = Py_XNewRef(c->value);
        copy->seconds = c->seconds;
        c = copy;
    } else
        Py_INCREF(c);
    c->gp = gp;
    c->index = index;
    c->success = 0;
    c->link = gp->cases;
    gp->cases = c;
    return c;
}

/* Put each case into its channel's queue, and set the timer of the shortest timeout. `prepare` has allocated
   everything. */
static void enqueue_cases(G *gp, PyObject *const *cases, Py_ssize_t n, Case **copies)
{
    Case *shortest = NULL;
    int index = 0, durable = 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Case *c = (Case *)cases[i];
        Chan *ch = c->chan;
        if (ch != NULL) {
            Case *w = wait_in(c, gp, (int)i, copies);
            w->elem = Py_XNewRef(c->value);
            enqueue(c->kind == RECV ? &ch->recvq : &ch->sendq, (Waiter *)w);
            if (ch->timer != NULL && c->kind == RECV)
                begin_waiting(ch->timer);
            if (w->prev != NULL && w->prev->gp == gp)
                permute(w);
            durable = durable && ch->bubble == gp->bubble;
        } else if (c->kind == TIMEOUT && (shortest == NULL || c->seconds < shortest->seconds)) {
            shortest = c;
            index = (int)i;
        }
    }
    if (shortest != NULL) {
        Case *w = wait_in(shortest, gp, index, copies);
        Timers *timers = clock_of(gp);
        add_timer(timers, &w->timer, deadline(now_of(timers), w->seconds));
    }
    gp->durable = durable && gp->bubble != NULL;
}

/* Remove gp from all queues and stop its timeout. *won becomes the case that won, with the value that it received,
   owned by the caller; NULL if none did. Return 0 if gp waited in no case. */
static int leave_select(G *gp, Case **won)
{
    Case *c = gp->cases;
    Case *kept = (Case *)gp->selected, *garbage = NULL;
    *won = NULL;
    if (c == NULL && kept == NULL)
        return 0;
    gp->cases = NULL;
    while (c != NULL) {
        Case *before = c->link;
        unqueue_waiter((Waiter *)c);
        remove_timer(&c->timer);
        if (c->chan != NULL && c->chan->timer != NULL && c->kind == RECV)
            end_waiting(c->chan->timer);
        c->gp = NULL;
        if (c == kept) {
            c->link = NULL;
            *won = c;
        } else {
            c->link = garbage;
            garbage = c;
        }
        c = before;
    }
    gp->selected = NULL;
    /* The step is over, so the values may be dropped: they may have finalizers. */
    while (garbage != NULL) {
        c = garbage;
        garbage = c->link;
        c->link = NULL;
        Py_CLEAR(c->elem);
        Py_DECREF(c);
    }
    return 1;
}

/* Return the result of c, the case that won; the reference to c is taken over. */
static PyObject *outcome(Case *c)
{
    PyObject *v = c->elem, *result;
    c->elem = NULL;
    if (c->kind == RECV)
        result = received_triple(c->chan, c->index, v != NULL ? v : Py_NewRef(Py_None), c->success);
    else {
        Py_XDECREF(v);
        result = c->kind == SEND && !c->success ? as_none(panic("send on closed channel")) : triple(c->index, NULL, 1);
    }
    Py_DECREF(c);
    return result;
}

/* Undo c, the case that won, whose reference is taken over. A value that was sent stays sent. */
static void undo(Case *c)
{
    PyObject *v = c->elem;
    c->elem = NULL;
    if (c->kind == RECV && c->success && v != NULL)
        put_back(c->chan, v);
    else
        Py_XDECREF(v);
    Py_DECREF(c);
}

/* --- select ------------------------------------------------------------------------------------------------------- */

/* Make room in the heaps for the timers that enqueue_cases may set. */
static int reserve_timers(G *gp, PyObject *const *cases, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        Case *c = (Case *)cases[i];
        Timers *timers = c->kind == TIMEOUT                           ? clock_of(gp)
                         : c->chan != NULL && c->chan->timer != NULL ? timers_of(c->chan->timer->bubble)
                                                                      : NULL;
        if (timers != NULL && reserve(timers, n + 1) < 0)
            return -1;
    }
    return 0;
}

/* Allocate what enqueue_cases needs. Return 0 if it can go on; 1 if Cases were allocated, so that Python code may have
   run and the caller must poll again; -1 for an exception. */
static inline int prepare(G *gp, PyObject *const *cases, Py_ssize_t n, Case **copies, Py_ssize_t *have)
{
    if (reserve_timers(gp, cases, n) < 0)
        return -1;
    if (!needs_copies(cases, n) || *have >= n)
        return 0;
    if (reserve_copies(copies, n) < 0)
        return -1;
    *have = n;
    return 1;
}

/* Have Python keep the texts of the values that may be sent: before anything is done, since Python code may raise. */
static NOINLINE int trace_cases(PyObject *const *cases, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (Py_TYPE(cases[i]) == Case_type && trace_case((Case *)cases[i]) < 0) {
            mark_given(cases, n);
            return -1;
        }
    return 0;
}

enum { TOOK = 1, ENQUEUED = 0, FAILED = -1, NOT_HERE = -2 };

/* Run a case, or enqueue gp in all of them. *gp NULL: the caller's goroutine; NOT_HERE: `enter` must find it first. */
static NOINLINE int begin_select(PyObject *const *cases, Py_ssize_t n, G **gp, PyObject **result)
{
    Case *copies = NULL;
    Py_ssize_t have = 0;
    int status;
    if (UNLIKELY(S.trace > 1) && trace_cases(cases, n) < 0)
        return FAILED;
    for (;;) {
        Py_ssize_t chosen = poll_cases(cases, n);
        if (chosen >= 0) {
            drop_copies(&copies);
            *result = run_case((Case *)cases[chosen], chosen);
            return *result != NULL ? TOOK : FAILED;
        }
        if (chosen == -2) {
            mark_given(cases, n);
            status = FAILED;
            break;
        }
        if (*gp == NULL && (*gp = blocker()) == NULL) {
            status = NOT_HERE;
            break;
        }
        int again = prepare(*gp, cases, n, &copies, &have);
        if (again < 0) {
            status = FAILED;
            break;
        }
        if (again == 0) {
            enqueue_cases(*gp, cases, n, &copies);
            status = ENQUEUED;
            break;
        }
    }
    drop_copies(&copies);
    return status;
}

static NOINLINE PyObject *end_select(G *gp, int status)
{
    Case *won;
    if (status == 0) {
        leave_select(gp, &won);
        if (won != NULL)
            return outcome(won);
        PyErr_SetString(PyExc_SystemError, "select: no case has won");
        return NULL;
    }
    PyObject *exc = raised();
    leave_select(gp, &won);
    if (won != NULL)
        undo(won);
    raise_again(exc);
    return after_throw(gp);
}

static PyObject *select_again(PyObject *const *cases, Py_ssize_t n);

static inline PyObject *select_as(PyObject *const *cases, Py_ssize_t n, G *gp)
{
    PyObject *result;
    int begun = begin_select(cases, n, &gp, &result);
    if (begun == TOOK)
        return result;
    if (begun == FAILED)
        return NULL;
    if (begun == NOT_HERE)
        return select_again(cases, n);
    return end_select(gp, park(gp, n ? select_ : select_no_cases));
}

static NOINLINE PyObject *select_again(PyObject *const *cases, Py_ssize_t n)
{
    G *gp = enter();
    if (gp == NULL)
        return NULL;
    PyObject *result = select_as(cases, n, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return result;
}

static PyObject *engine_select(PyObject *module UNUSED, PyObject *const *cases, Py_ssize_t n)
{
    return select_as(cases, n, NULL);
}

/* --- the select of an asyncio task: the case that wins starts a goroutine ----------------------------------------- */

static PyObject *engine_select_async(PyObject *module UNUSED, PyObject *args)
{
    PyObject *cases, *fn, *result;
    if (!PyArg_ParseTuple(args, "O!O:select_async", &PyTuple_Type, &cases, &fn))
        return NULL;
    if (!PyCallable_Check(fn))
        return PyErr_Format(PyExc_TypeError, "select_async: %R is not callable", fn);
    PyObject *const *items = PySequence_Fast_ITEMS(cases);
    Py_ssize_t n = PyTuple_GET_SIZE(cases);
    G *gp = alloc_g(G_ASYNC);
    if (gp == NULL)
        return NULL;
    gp->program = S.program;
    gp->parent = 1;
    gp->fn = Py_NewRef(fn);
    gp->args = PyTuple_Pack(1, gp);
    PyObject_GC_Track(gp);
    if (gp->args == NULL) {
        Py_DECREF(gp);
        return NULL;
    }
    int begun = begin_select(items, n, &gp, &result);
    if (begun == ENQUEUED) {
        gp->status = G_WAITING;
        gp->reason = select_;
        gp->since = 0; /* it is no goroutine yet */
        after_step();
        return OBJECT(gp);
    }
    Py_CLEAR(gp->args);
    Py_DECREF(gp);
    return begun == TOOK ? result : NULL;
}

static int is_async(G *gp, const char *what)
{
    if (gp->kind == G_ASYNC)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s: this G is not from select_async", what);
    return 0;
}

static PyObject *G_result(G *gp, PyObject *unused UNUSED)
{
    Case *won;
    if (!is_async(gp, "G.result"))
        return NULL;
    if (gp->selected == NULL)
        return PyErr_Format(PyExc_RuntimeError, "G.result: no case has won");
    leave_select(gp, &won);
    return outcome(won);
}

static PyObject *G_cancel(G *gp, PyObject *unused UNUSED)
{
    Case *won;
    if (!is_async(gp, "G.cancel"))
        return NULL;
    if (!leave_select(gp, &won))
        Py_RETURN_FALSE;
    if (won != NULL)
        undo(won);
    else {
        /* It will never start. */
        gp->status = G_DEAD;
        Py_CLEAR(gp->fn);
        Py_CLEAR(gp->args);
    }
    Py_RETURN_TRUE;
}

/* Timers: the heap and its clocks, and what happens when a timer is due. Go's runtime/time.go.

   Times are in nanoseconds on the monotonic clock. The heap is Go's: each node has four children, and each timer knows
   its index, so that a stop takes O(log n) and removes the timer at once.

   Invariants
   - entries[t->index].timer == t for every timer in a heap, and t->index == -1 for every other.
   - Firing a timer runs no Python code and cannot fail: the goroutine of an after_func is made when the timer is set,
     and a channel gets a reading of the clocks, which the receiver turns into a Time.
   - The heap owns the Timer of an after_func. The owner of any other timer is kept alive by the call that waits. */

/* The latest time: a timer that is due later never fires. */
static const long long MAX_WHEN = (1LL << 62) - 1;
/* After how many ns to try again to fire a timer when memory was exhausted. */
enum { RETRY = 1000000 };
/* The difference between the wall clock and the monotonic clock, for bubbles: there it is constant. */
static long long wall_offset;

static void fire_func(Timer *t);

/* --- the heap ----------------------------------------------------------------------------------------------------- */

static inline int is_before(const TimerEntry *a, const TimerEntry *b)
{
    return a->when < b->when || (a->when == b->when && a->seq < b->seq);
}

static inline void put_entry(Timers *h, Py_ssize_t i, const TimerEntry *e)
{
    h->entries[i] = *e;
    e->timer->index = (int)i;
}

static void sift_up(Timers *h, Py_ssize_t i, TimerEntry e)
{
    while (i > 0) {
        Py_ssize_t parent = (i - 1) >> 2;
        if (!is_before(&e, &h->entries[parent]))
            break;
        put_entry(h, i, &h->entries[parent]);
        i = parent;
    }
    put_entry(h, i, &e);
}

static void sift_down(Timers *h, Py_ssize_t i, TimerEntry e)
{
    for (;;) {
        Py_ssize_t child = 4 * i + 1;
        if (child >= h->count)
            break;
        const TimerEntry *least = &h->entries[child];
        const TimerEntry *end = &h->entries[Py_MIN(child + 4, h->count)];
        for (const TimerEntry *other = least + 1; other < end; other++)
            if (is_before(other, least))
                least = other;
        if (!is_before(least, &e))
            break;
        put_entry(h, i, least);
        i = least - h->entries;
    }
    put_entry(h, i, &e);
}

/* Make room for more timers, before the step that adds them. */
static int reserve(Timers *h, Py_ssize_t more)
{
    if (h->count + more <= h->room)
        return 0;
    if (h->count + more > INT_MAX / 2) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t room = Py_MAX(2 * h->room, h->count + more + 15);
    TimerEntry *entries = PyMem_Realloc(h->entries, room * sizeof *entries);
    if (entries == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    h->entries = entries;
    h->room = room;
    return 0;
}

/* Return the rank of a timer that is set now. Of the timers due at the same time the one of the lowest rank fires
   first. On the real clock that is the one that was set first; in a bubble ranks are random, as in Go, so that no test
   relies on an order. */
static unsigned long long next_rank(Timers *h)
{
    if (!h->is_virtual)
        return ++h->seq;
    h->seq = h->seq * 48271 % 2147483647;
    return h->seq;
}

/* Remove t from its heap; return 0 if it is in none. The caller takes over the heap's reference to an after_func's
   Timer. */
static int remove_timer(TimerNode *t)
{
    Timers *h = t->heap;
    Py_ssize_t i = t->index;
    if (i < 0)
        return 0;
    TimerEntry last = h->entries[--h->count];
    if (last.timer != t) {
        if (i > 0 && is_before(&last, &h->entries[(i - 1) >> 2]))
            sift_up(h, i, last);
        else
            sift_down(h, i, last);
    }
    t->index = -1;
    return 1;
}

/* Make t, which is in no heap, due at `when`. There is room. */
static void add_timer(Timers *h, TimerNode *t, long long when)
{
    t->heap = h;
    h->count++;
    sift_up(h, h->count - 1, (TimerEntry){Py_MIN(when, MAX_WHEN), next_rank(h), t});
    if (h == &S.timers)
        S.wake |= S.hub_asleep;
}

/* Return when t, which is in a heap, is due. */
static long long when_of(TimerNode *t)
{
    return t->heap->entries[t->index].when;
}

static inline long long now_of(Timers *h)
{
    return h->is_virtual ? h->moment : clock_now();
}

static long long wall_of(Timers *h)
{
    return h->is_virtual ? h->moment + wall_offset : S.frozen ? S.moment + wall_offset : wall_now();
}

static inline Timers *timers_of(Bubble *bubble)
{
    return bubble != NULL ? &bubble->timers : &S.timers;
}

static inline Timers *clock_of(G *gp)
{
    return timers_of(gp != NULL ? gp->bubble : NULL);
}

/* Fire the timers that are due at `now`, in the order of their times, up to BURST ns after the first. If several are
   late, the goroutine that the first one makes ready runs before the next one fires. Go fires all at once; then a
   message that was due a millisecond before a timeout may come too late. */
static void run_timers(Timers *h, long long now)
{
    if (h->count == 0)
        return;
    long long until = Py_MIN(now, h->entries[0].when + BURST);
    while (h->count > 0 && h->entries[0].when <= until) {
        TimerNode *t = h->entries[0].timer;
        remove_timer(t);
        fire(t, now);
    }
}

static void latest_within(Timers *h, Py_ssize_t i, long long limit, long long *latest)
{
    if (i >= h->count || h->entries[i].when > limit)
        return;
    *latest = Py_MAX(*latest, h->entries[i].when);
    for (Py_ssize_t child = 4 * i + 1; child < 4 * i + 5; child++)
        latest_within(h, child, limit, latest);
}

/* Return the time of the last timer that is due at most `within` ns after the first. */
static long long next_wakeup(Timers *h, long long within)
{
    long long latest = h->entries[0].when;
    latest_within(h, 0, latest + within, &latest);
    return latest;
}

/* Remove all timers without firing them. */
static void clear_timers(Timers *h)
{
    TimerEntry *entries = h->entries;
    Py_ssize_t count = h->count;
    h->entries = NULL;
    h->count = h->room = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        entries[i].timer->index = -1;
    for (Py_ssize_t i = 0; i < count; i++)
        if (entries[i].timer->kind == T_FUNC)
            Py_DECREF(CONTAINER(entries[i].timer, Timer, node));
    PyMem_Free(entries);
}

/* --- durations ---------------------------------------------------------------------------------------------------- */

/* Convert a duration, a number of seconds, a timedelta or ported code's Nanoseconds, to seconds. `what` is the function
   that it was passed to. */
static int seconds_of(const char *what, PyObject *d, double *seconds)
{
    if (PyFloat_CheckExact(d)) {
        *seconds = PyFloat_AS_DOUBLE(d);
        return 0;
    }
    if (PyLong_CheckExact(d)) {
        *seconds = PyLong_AsDouble(d);
        if (*seconds != -1.0 || !PyErr_Occurred())
            return 0;
        PyErr_Clear(); /* too large for a float: the hook returns infinity */
    } else if (PyLong_Check(d) && PyObject_TypeCheck(d, (PyTypeObject *)Nanoseconds)) {
        int overflow;
        *seconds = (double)PyLong_AsLongLongAndOverflow(d, &overflow) / 1e9;
        if (!overflow)
            return 0;
    }
    PyObject *name = PyUnicode_FromString(what);
    PyObject *number = name != NULL ? call_hook(hooks.seconds, name, d) : NULL;
    Py_XDECREF(name);
    if (number == NULL)
        return -1;
    *seconds = PyFloat_AsDouble(number);
    Py_DECREF(number);
    return *seconds == -1.0 && PyErr_Occurred() ? -1 : 0;
}

/* Return when a wait of so many seconds ends: now if it is negative or NaN, never if it is too long for the clock. */
static long long deadline(long long now, double seconds)
{
    if (!(seconds > 0))
        return now;
    if (seconds > 4e9)
        return MAX_WHEN;
    /* Round: 0.0023 * 1e9 is a bit less than 2300000. */
    return now + (long long)(seconds * 1e9 + 0.5);
}

/* --- firing ------------------------------------------------------------------------------------------------------- */

static void fire_chan(ChanTimer *t, long long now)
{
    Timers *h = timers_of(t->bubble);
    Chan *ch = t->chan;
    Moment *m = PyObject_New(Moment, Moment_type);
    if (m == NULL) {
        PyErr_Clear();
        if (is_waiting(&ch->recvq))
            add_timer(h, &t->node, now + RETRY);
        return;
    }
    long long due = t->due;
    m->wall = wall_of(h) - (now - due);
    m->mono = due;
    m->generation = t->generation;
    if (t->period) {
        /* As in Go, missed ticks are skipped: the next one is in the future. */
        t->due = due + t->period * (1 + (now - due) / t->period);
        if (t->due > MAX_WHEN)
            t->due = STOPPED; /* no clock will show that, not even a bubble's */
        else if (is_waiting(&ch->recvq))
            add_timer(h, &t->node, t->due);
    } else {
        t->due = STOPPED;
        t->fired = 1;
    }
    Waiter *w = dequeue(&ch->recvq);
    if (w != NULL)
        give_to(w, OBJECT(m));
    else if (ch->count < ch->capacity)
        push(ch, OBJECT(m));
    else
        Py_DECREF(m);
}

static void fire(TimerNode *t, long long now)
{
    if (UNLIKELY(S.trace))
        trace_fire(t);
    switch (t->kind) {
    case T_SLEEP:
        ready(CONTAINER(t, G, timer));
        break;
    case T_TIMEOUT: {
        Case *c = CONTAINER(t, Case, timer);
        if (c->gp != NULL && c->gp->selected == NULL) {
            c->gp->selected = (Waiter *)c;
            ready(c->gp);
        }
        break;
    }
    case T_CHAN:
        fire_chan(CONTAINER(t, ChanTimer, node), now);
        break;
    case T_FUNC:
        fire_func(CONTAINER(t, Timer, node));
        break;
    }
    if (UNLIKELY(S.trace))
        trace_fired();
}

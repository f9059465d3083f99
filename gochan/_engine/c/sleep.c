/* sleep, and the timers and tickers of package time. Go's time/sleep.go and time/tick.go.

   The channels of timers and tickers behave as in Go 1.23 and newer: they look unbuffered, no value from before a stop or
   reset is received after it, and a timer without references is garbage, stopped or not.

   Invariant: the timer of a channel is in the heap only while a goroutine waits on the channel. Every other use of the
   channel fires it if it is due. */

/* --- sleep -------------------------------------------------------------------------------------------------------- */

static PyObject *sleep_again(double seconds);

static PyObject *sleep_as(double seconds, G *gp)
{
    if (gp == NULL && (gp = blocker()) == NULL)
        return sleep_again(seconds);
    Timers *h = clock_of(gp);
    if (reserve(h, 1) < 0)
        return NULL;
    add_timer(h, &gp->timer, deadline(now_of(h), seconds));
    int status = park(gp, sleep_);
    if (status < 0) {
        remove_timer(&gp->timer);
        return after_throw(gp);
    }
    Py_RETURN_NONE;
}

static NOINLINE PyObject *sleep_again(double seconds)
{
    G *gp = enter();
    if (gp == NULL)
        return NULL;
    PyObject *result = sleep_as(seconds, gp->kind == G_THREAD ? gp : NULL);
    if (result == NULL)
        remove_timer(&gp->timer);
    Py_DECREF(gp);
    return result;
}

static PyObject *engine_sleep(PyObject *module UNUSED, PyObject *d)
{
    double seconds;
    if (seconds_of("time.sleep", d, &seconds) < 0)
        return NULL;
    if (!(seconds > 0))
        Py_RETURN_NONE;
    return sleep_as(seconds, NULL);
}

/* --- moments ------------------------------------------------------------------------------------------------------ */

static PyObject *call_moment(long long wall, long long mono)
{
    PyObject *w = PyLong_FromLongLong(wall), *m = PyLong_FromLongLong(mono);
    PyObject *time = w != NULL && m != NULL ? call_hook(hooks.make_time, w, m) : NULL;
    Py_XDECREF(w);
    Py_XDECREF(m);
    return time;
}

/* Turn v, received from a timer's channel, into a Time; the reference is taken over. If that fails, v goes back to the
   channel. */
static NOINLINE PyObject *to_moment(Chan *ch, PyObject *v)
{
    if (Py_TYPE(v) != Moment_type)
        return v;
    Moment *m = (Moment *)v;
    PyObject *time = call_moment(m->wall, m->mono);
    if (time != NULL)
        Py_DECREF(v);
    else
        put_back(ch, v);
    return time;
}

/* Return whether v, received from a timer's channel, could still be received: the timer was not stopped or reset
   since, and no other value was sent. */
static int is_current(Chan *ch, PyObject *v)
{
    return Py_TYPE(v) == Moment_type && ((Moment *)v)->generation == ch->timer->generation && ch->count == 0;
}

static PyObject *engine_clock(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    Timers *h = timers_of(bubble_here());
    return Py_BuildValue("LL", wall_of(h), now_of(h));
}

/* --- the timer behind a channel ----------------------------------------------------------------------------------- */

static NOINLINE int fire_if_due(ChanTimer *t)
{
    if (t->due != STOPPED && t->node.index < 0) {
        Timers *h = timers_of(t->bubble);
        long long now = now_of(h);
        if (t->due <= now) {
            if (is_waiting(&t->chan->recvq) && reserve(h, 1) < 0)
                return -1;
            fire_chan(t, now);
        }
    }
    return 0;
}

/* Put the timer into the heap, which has room, before a goroutine waits on the channel. */
static NOINLINE void begin_waiting(ChanTimer *t)
{
    if (t->due != STOPPED && t->node.index < 0)
        add_timer(timers_of(t->bubble), &t->node, t->due);
}

/* Take it out after a wait, if that was the last one. */
static NOINLINE void end_waiting(ChanTimer *t)
{
    if (!is_waiting(&t->chan->recvq))
        remove_timer(&t->node);
}

static void free_chan_timer(ChanTimer *t)
{
    remove_timer(&t->node);
    Py_XDECREF(t->bubble);
    PyMem_Free(t);
}

/* Make a channel that receives the time after so many seconds or, if a period in ns is given, once in each period. */
static Chan *new_timer_chan(double seconds, long long period)
{
    Bubble *bubble = bubble_here();
    ChanTimer *t = PyMem_Calloc(1, sizeof *t);
    Chan *ch = t != NULL ? new_chan(1, bubble) : (Chan *)PyErr_NoMemory();
    if (ch == NULL) {
        PyMem_Free(t);
        return NULL;
    }
    long long now = now_of(timers_of(bubble));
    t->node.index = -1;
    t->node.kind = T_CHAN;
    t->chan = ch;
    t->bubble = (Bubble *)Py_XNewRef(OBJECT(bubble));
    t->due = Py_MIN(period ? now + period : deadline(now, seconds), MAX_WHEN);
    t->period = period;
    ch->timer = t;
    ch->guarded = 1;
    return ch;
}

/* Raise a Panic if the timer belongs to a bubble and the caller is outside of it. */
static int inside(Bubble *bubble, const char *what)
{
    if (bubble == NULL || bubble == bubble_here())
        return 0;
    return panic("%s of synctest timer from outside bubble", what);
}

/* Stop; return 1 if the timer had not fired, or its value was not received. */
static int stop_chan_timer(ChanTimer *t)
{
    Chan *ch = t->chan;
    int pending = t->due != STOPPED;
    t->generation++;
    t->due = STOPPED;
    remove_timer(&t->node);
    while (ch->count) {
        pending = 1;
        Py_DECREF(pop(ch)); /* a Moment: no user object */
    }
    if (pending)
        t->fired = 0;
    return pending;
}

/* Start again; return what stop would, or -1. */
static int reset_chan_timer(ChanTimer *t, long long due, long long period)
{
    Timers *h = timers_of(t->bubble);
    if (reserve(h, 1) < 0)
        return -1;
    int pending = stop_chan_timer(t);
    t->due = Py_MIN(due, MAX_WHEN);
    t->period = period;
    t->fired = 0;
    if (is_waiting(&t->chan->recvq)) {
        /* In a bubble, as in Go, a timer that is due fires at once, and not only when all goroutines are blocked. */
        if (h->is_virtual && due <= h->moment)
            fire_chan(t, h->moment);
        else
            add_timer(h, &t->node, due);
    }
    after_step();
    return pending;
}

/* --- Timer -------------------------------------------------------------------------------------------------------- */

/* Make the goroutine that t starts when it fires, with a copy of the context of the call of after_func. */
static int prepare_func(Timer *t)
{
    if (t->g != NULL)
        return 0;
    PyObject *context = t->context != NULL ? PyContext_Copy(t->context) : NULL;
    if (context == NULL && t->context != NULL)
        return -1;
    PyObject *args = PyTuple_New(0);
    G *gp = args != NULL ? take_g() : NULL;
    if (gp == NULL) {
        Py_XDECREF(args);
        Py_XDECREF(context);
        return -1;
    }
    gp->context = context;
    gp->args = args;
    gp->fn = Py_NewRef(t->fn);
    gp->code = Py_XNewRef(t->code);
    gp->lasti = t->lasti;
    gp->parent = t->parent;
    gp->bubble = (Bubble *)Py_XNewRef(OBJECT(t->bubble));
    if (t->g == NULL)
        t->g = gp;
    else
        Py_DECREF(gp);
    return 0;
}

/* Start the goroutine, and drop the heap's reference to t. That frees no user object: the goroutine refers to them,
   too. */
static void fire_func(Timer *t)
{
    G *gp = t->g;
    t->g = NULL;
    t->fired = 1;
    if (gp != NULL && !S.ending && S.main != NULL)
        start(gp, 0);
    else if (gp != NULL)
        t->g = gp;
    Py_DECREF(t);
}

/* Set an after_func, after its goroutine was made and room was reserved. */
static void set_func(Timer *t, long long due)
{
    Timers *h = timers_of(t->bubble);
    t->fired = 0;
    Py_INCREF(t);
    if (h->is_virtual && due <= h->moment)
        fire_func(t);
    else
        add_timer(h, &t->node, due);
}

static int stop_func(Timer *t)
{
    if (!remove_timer(&t->node))
        return 0;
    Py_DECREF(t); /* the heap's; the caller has its own */
    return 1;
}

static Timer *alloc_timer(void)
{
    Timer *t = (Timer *)Timer_type->tp_alloc(Timer_type, 0);
    if (t != NULL) {
        t->node.index = -1;
        t->node.kind = T_FUNC;
    }
    return t;
}

static PyObject *engine_after_func(PyObject *module UNUSED, PyObject *const *args, Py_ssize_t n)
{
    double seconds;
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "after_func() takes a duration and a function (%zd given)", n);
    if (seconds_of("time.after_func", args[0], &seconds) < 0)
        return NULL;
    if (!PyCallable_Check(args[1]))
        return PyErr_Format(PyExc_TypeError, "time.after_func: %R is not callable; give the function: after_func(seconds, f)",
                            args[1]);
    if (UNLIKELY(is_unusual(args[1])) && check_namespace("time.after_func", args[1], NULL, NULL) < 0)
        return NULL;
    if (running() == NULL) {
        PyObject *found = call_hook(hooks.spawner, NULL, NULL);
        if (found == NULL)
            return NULL;
        Py_DECREF(found);
    }
    Timer *t = alloc_timer();
    if (t == NULL)
        return NULL;
    t->fn = Py_NewRef(args[1]);
    t->parent = 1;
    PyFrameObject *frame = user_frame();
    if (frame != NULL) {
        t->code = OBJECT(PyFrame_GetCode(frame));
        t->lasti = PyFrame_GetLasti(frame);
        Py_DECREF(frame);
    }
    int failed = copy_context(&t->context) < 0;
    G *spawner = running();
    if (spawner != NULL) {
        t->parent = spawner->id;
        t->bubble = (Bubble *)Py_XNewRef(OBJECT(spawner->bubble));
    }
    Timers *h = timers_of(t->bubble);
    if (failed || prepare_func(t) < 0 || reserve(h, 1) < 0) {
        Py_DECREF(t);
        return NULL;
    }
    set_func(t, deadline(now_of(h), seconds));
    after_step();
    return OBJECT(t);
}

static PyObject *engine_new_timer(PyObject *module UNUSED, PyObject *d)
{
    double seconds;
    if (seconds_of("time.new_timer", d, &seconds) < 0)
        return NULL;
    Timer *t = alloc_timer();
    if (t != NULL && (t->chan = new_timer_chan(seconds, 0)) == NULL)
        Py_CLEAR(t);
    return OBJECT(t);
}

static PyObject *engine_after(PyObject *module UNUSED, PyObject *d)
{
    double seconds;
    return seconds_of("time.after", d, &seconds) < 0 ? NULL : OBJECT(new_timer_chan(seconds, 0));
}

static PyObject *Timer_stop(Timer *t, PyObject *unused UNUSED)
{
    Bubble *bubble = t->chan != NULL ? t->chan->timer->bubble : t->bubble;
    if (inside(bubble, "stop") < 0)
        return NULL;
    return PyBool_FromLong(t->chan != NULL ? stop_chan_timer(t->chan->timer) : stop_func(t));
}

static PyObject *Timer_reset(Timer *t, PyObject *d)
{
    double seconds;
    Bubble *bubble = t->chan != NULL ? t->chan->timer->bubble : t->bubble;
    if (seconds_of("Timer.reset", d, &seconds) < 0 || inside(bubble, "reset") < 0)
        return NULL;
    Timers *h = timers_of(bubble);
    if (t->chan != NULL) {
        int pending = reset_chan_timer(t->chan->timer, deadline(now_of(h), seconds), 0);
        return pending < 0 ? NULL : PyBool_FromLong(pending);
    }
    if (prepare_func(t) < 0 || reserve(h, 1) < 0)
        return NULL;
    int pending = stop_func(t);
    set_func(t, deadline(now_of(h), seconds));
    after_step();
    return PyBool_FromLong(pending);
}

static PyObject *Timer_exit(Timer *t, PyObject *args UNUSED)
{
    return as_none(done(Timer_stop(t, NULL)));
}

static PyObject *return_self(PyObject *self, PyObject *unused UNUSED)
{
    return Py_NewRef(self);
}

static PyObject *Timer_c(Timer *t, void *unused UNUSED)
{
    return or_none(t->chan);
}

static PyObject *Timer_new(PyTypeObject *type UNUSED, PyObject *args UNUSED, PyObject *kwargs UNUSED)
{
    return PyErr_Format(PyExc_TypeError, "a Timer is made by new_timer(seconds) or after_func(seconds, f)");
}

/* Return the repr of `self`, a timer or ticker that uses the clock of h; `interval` is what a ticker adds. */
static PyObject *timer_repr(const char *name, const char *interval, long long due, Timers *h, int fired, void *self)
{
    if (due == STOPPED)
        return PyUnicode_FromFormat("<%s %s%s at %p>", name, fired ? "fired" : "stopped", interval, self);
    long long left = due - now_of(h);
    char number[40];
    PyOS_snprintf(number, sizeof number, "%.6g", (double)Py_MAX(0, left) / 1e9);
    return PyUnicode_FromFormat("<%s active%s due=%ss at %p>", name, interval, number, self);
}

static PyObject *Timer_repr(Timer *t)
{
    if (t->chan == NULL)
        return timer_repr("Timer", "", t->node.index >= 0 ? when_of(&t->node) : STOPPED, timers_of(t->bubble), t->fired, t);
    ChanTimer *timer = t->chan->timer;
    Timers *h = timers_of(timer->bubble);
    int fired = timer->fired || (timer->due != STOPPED && timer->due <= now_of(h));
    return timer_repr("Timer", "", fired ? STOPPED : timer->due, h, fired, t);
}

static int Timer_traverse(Timer *t, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(t));
    Py_VISIT(t->chan);
    Py_VISIT(t->fn);
    Py_VISIT(t->context);
    /* t->g holds further references to the same objects. */
    if (t->g != NULL && Py_REFCNT(t->g) == 1) {
        Py_VISIT(t->g->fn);
        Py_VISIT(t->g->context);
    }
    return 0;
}

static int Timer_clear(Timer *t)
{
    G *gp = t->g;
    t->g = NULL;
    if (gp != NULL) {
        empty(gp);
        recycle(gp);
    }
    Py_CLEAR(t->fn);
    Py_CLEAR(t->context);
    return 0;
}

static void Timer_dealloc(Timer *t)
{
    PyTypeObject *type = Py_TYPE(t);
    PyObject_GC_UnTrack(t);
    Py_TRASHCAN_BEGIN(t, Timer_dealloc)
    Timer_clear(t);
    Py_CLEAR(t->chan);
    Py_CLEAR(t->code);
    Py_CLEAR(t->bubble);
    type->tp_free(t);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

/* --- Ticker ------------------------------------------------------------------------------------------------------- */

static int period_of(const char *what, PyObject *d, const char *message, long long *period)
{
    double seconds;
    if (seconds_of(what, d, &seconds) < 0)
        return -1;
    if (!(seconds > 0))
        return panic(message);
    *period = Py_MAX(1, deadline(0, seconds));
    return 0;
}

static PyObject *new_ticker(long long period)
{
    Ticker *t = (Ticker *)Ticker_type->tp_alloc(Ticker_type, 0);
    if (t != NULL && (t->chan = new_timer_chan(0, period)) == NULL)
        Py_CLEAR(t);
    return OBJECT(t);
}

static PyObject *engine_new_ticker(PyObject *module UNUSED, PyObject *d)
{
    long long period = 0;
    return period_of("time.new_ticker", d, "non-positive interval for NewTicker", &period) < 0 ? NULL : new_ticker(period);
}

static PyObject *engine_tick(PyObject *module UNUSED, PyObject *d)
{
    double seconds;
    if (seconds_of("time.tick", d, &seconds) < 0)
        return NULL;
    if (!(seconds > 0))
        return OBJECT(new_chan(0, bubble_here()));
    return OBJECT(new_timer_chan(0, Py_MAX(1, deadline(0, seconds))));
}

static PyObject *Ticker_stop(Ticker *t, PyObject *unused UNUSED)
{
    if (inside(t->chan->timer->bubble, "stop") < 0)
        return NULL;
    stop_chan_timer(t->chan->timer);
    Py_RETURN_NONE;
}

static PyObject *Ticker_reset(Ticker *t, PyObject *d)
{
    long long period = 0;
    ChanTimer *timer = t->chan->timer;
    if (period_of("Ticker.reset", d, "non-positive interval for Ticker.Reset", &period) < 0 ||
        inside(timer->bubble, "reset") < 0)
        return NULL;
    return as_none(reset_chan_timer(timer, now_of(timers_of(timer->bubble)) + period, period));
}

static PyObject *Ticker_exit(Ticker *t, PyObject *args UNUSED)
{
    return Ticker_stop(t, NULL);
}

static PyObject *Ticker_c(Ticker *t, void *unused UNUSED)
{
    return or_none(t->chan);
}

static PyObject *Ticker_new(PyTypeObject *type UNUSED, PyObject *args UNUSED, PyObject *kwargs UNUSED)
{
    return PyErr_Format(PyExc_TypeError, "a Ticker is made by new_ticker(seconds)");
}

static PyObject *Ticker_repr(Ticker *t)
{
    ChanTimer *timer = t->chan->timer;
    char interval[40];
    PyOS_snprintf(interval, sizeof interval, " interval=%.6gs", (double)timer->period / 1e9);
    return timer_repr("Ticker", interval, timer->due, timers_of(timer->bubble), 0, t);
}

static int Ticker_traverse(Ticker *t, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(t));
    Py_VISIT(t->chan);
    return 0;
}

static void Ticker_dealloc(Ticker *t)
{
    PyTypeObject *type = Py_TYPE(t);
    PyObject_GC_UnTrack(t);
    Py_CLEAR(t->chan);
    type->tp_free(t);
    Py_DECREF(type);
}

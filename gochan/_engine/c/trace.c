/* The recorder of gochan.trace: what goroutines do, as records of fixed size. Go's runtime/trace.go.

   The hooks are where a goroutine starts, parks, becomes ready, runs and ends; each is behind `S.trace`, which is 0
   while nothing is recorded. A record is written within the step that it is about: that runs no Python code and
   allocates no object. A full block of records is written to a file, or the oldest records are overwritten.
   gochan/trace reads them: the layout and the numbers are in gochan/_engine/events.py.

   Invariants
   - Records refer to no object: a code object, function name or element type is an index in T.held, which keeps it
     alive until the recording is dropped. Channels and locks have a number, `traced`, that is never used again.
   - The first thing that a record says of a goroutine is true at that time, also in a ring whose first records are
     lost: each run repeats the goroutine's function, each wait its object's type. */

#ifdef _WIN32
#include <io.h>
#define write_file(fd, data, size) _write(fd, data, (unsigned)(size))
#else
#define write_file(fd, data, size) write(fd, data, size)
#endif

enum event {
    E_GO = 1, E_READY, E_RUN, E_PARK, E_CASE, E_YIELD, E_END, E_SEND, E_RECV, E_CLOSE, E_TIMER,
    /* From here on Python records them, by trace_event. */
    E_FIRST_OF_PYTHON = 32,
    /* Those below are the scheduler's. */
    E_FIRST_OF_GOROUTINES = 38,
    E_VALUE = 44
};
/* What an event's object is. */
enum what { W_NONE, W_CHAN, W_TIMER, W_MUTEX, W_RWMUTEX, W_GROUP, W_COND, W_FD };
enum { THREAD_LANES = 1000000, MOST_HELD = 65536, BLOCK = 16384, MOST_EVENTS = 1 << 26 };

typedef struct {
    long long ts;
    unsigned g, other;          /* goroutines or threads */
    unsigned object, type;      /* the object's number; in `held`: its element type, or the goroutine's function */
    int arg;                    /* the capacity of a channel, the number of a descriptor */
    unsigned code;              /* in `held` */
    int lasti;
    unsigned bubble;            /* the number of the bubble whose clock ts is of; 0: none */
    unsigned short reason, program;
    unsigned char kind, what;
    unsigned short flags;
} Event;

static struct {
    Event *events;
    size_t room, count;
    unsigned long long total;
    char ring, wrapped, system; /* system: timers or the poller act, and not the goroutine that runs */
    int fd, error;              /* the errno of the first write that failed */
    unsigned objects;           /* the number of the newest object */
    int value;                  /* the number of the text of the value that is being sent */
    PyObject *io_object;        /* the FD that the goroutine which is about to park waits for; borrowed */
    /* A hash table from objects to their index in `held`, 0 in a free slot. */
    unsigned *slots;
    size_t slot_count;
    PyObject **held;            /* from index 1 on */
    char *own;                  /* of a code object: it is gochan's own */
    unsigned held_count, held_room;
    unsigned long *threads;     /* their idents, by lane */
    unsigned thread_count, thread_room;
} T;

/* --- what is kept alive ------------------------------------------------------------------------------------------- */

static inline size_t slot_of(PyObject *o)
{
    size_t hash = (size_t)o >> 4;
    return (hash ^ hash >> 13) & (T.slot_count - 1);
}

static int grow_held(void)
{
    size_t slot_count = T.slot_count == 0 ? 256 : 2 * T.slot_count;
    unsigned room = (unsigned)(slot_count / 2);
    PyObject **held = PyMem_RawRealloc(T.held, (room + 1) * sizeof *held);
    if (held != NULL)
        T.held = held;
    char *own = PyMem_RawRealloc(T.own, room + 1);
    if (own != NULL)
        T.own = own;
    unsigned *slots = PyMem_RawCalloc(slot_count, sizeof *slots);
    if (held == NULL || own == NULL || slots == NULL) {
        PyMem_RawFree(slots);
        return -1;
    }
    PyMem_RawFree(T.slots);
    T.slots = slots;
    T.slot_count = slot_count;
    T.held_room = room;
    for (unsigned i = 1; i <= T.held_count; i++) {
        size_t slot = slot_of(T.held[i]);
        while (slots[slot] != 0)
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = i;
    }
    return 0;
}

static int is_own_code(PyObject *o)
{
    return PyCode_Check(o) && PyUnicode_Tailmatch(((PyCodeObject *)o)->co_filename, own_folder, 0, PY_SSIZE_T_MAX, -1) > 0;
}

/* Return the index of o in T.held, where it is put if it is new; 0 if there is no room. */
static unsigned hold(PyObject *o)
{
    if (o == NULL)
        return 0;
    size_t slot = 0;
    if (T.slot_count > 0)
        for (slot = slot_of(o); T.slots[slot] != 0; slot = (slot + 1) & (T.slot_count - 1))
            if (T.held[T.slots[slot]] == o)
                return T.slots[slot];
    if (T.held_count == MOST_HELD)
        return 0;
    if (T.held_count == T.held_room) {
        if (grow_held() < 0)
            return 0;
        for (slot = slot_of(o); T.slots[slot] != 0; slot = (slot + 1) & (T.slot_count - 1))
            ;
    }
    unsigned i = ++T.held_count;
    T.held[i] = Py_NewRef(o);
    T.own[i] = (char)is_own_code(o);
    T.slots[slot] = i;
    return i;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* Write the block's records to the file. A failure is reported when the recording stops. */
static NOINLINE void flush_events(void)
{
    const char *data = (const char *)T.events;
    size_t left = T.count * sizeof *T.events;
    while (left > 0 && T.error == 0) {
        long long n = write_file(T.fd, data, Py_MIN(left, 1 << 30));
        if (n < 0) {
            if (errno != EINTR)
                T.error = errno;
            continue;
        }
        data += n;
        left -= (size_t)n;
    }
    T.count = 0;
}

/* The lane of the calling thread, which is not the scheduler's. */
static unsigned thread_lane(unsigned long ident)
{
    for (unsigned i = 0; i < T.thread_count; i++)
        if (T.threads[i] == ident)
            return THREAD_LANES + i + 1;
    if (T.thread_count == T.thread_room) {
        unsigned room = 2 * T.thread_room + 16;
        unsigned long *threads = PyMem_RawRealloc(T.threads, room * sizeof *threads);
        if (threads == NULL)
            return 0;
        T.threads = threads;
        T.thread_room = room;
    }
    T.threads[T.thread_count] = ident;
    S.wake |= NAME_THREADS;
    return THREAD_LANES + ++T.thread_count;
}

static inline unsigned lane_of(G *gp)
{
    if (gp == NULL)
        return 0;
    return gp->kind == G_THREAD ? thread_lane(gp->sleep->thread) : (unsigned)gp->id;
}

/* The goroutine that acts, NULL if there is none; *lane is its lane, or that of the calling thread. */
static G *actor(unsigned *lane)
{
    *lane = 0;
    if (T.system)
        return NULL;
    unsigned long ident = PyThread_get_thread_ident();
    if (ident != S.thread && S.thread != 0) {
        *lane = thread_lane(ident);
        return NULL;
    }
    G *gp = S.curg;
    *lane = gp != NULL ? (unsigned)gp->id : 0;
    return gp;
}

/* Append an event of gp; NULL: of the scheduler. */
static Event *new_event(enum event kind, G *gp)
{
    if (UNLIKELY(T.count == T.room)) {
        if (T.ring) {
            T.count = 0;
            T.wrapped = 1;
        } else
            flush_events();
    }
    Event *e = &T.events[T.count++];
    T.total++;
    memset(e, 0, sizeof *e);
    Bubble *b = gp != NULL ? gp->bubble : NULL;
    if (b != NULL && gp != b->root) {
        e->bubble = (unsigned)b->id;
        e->ts = b->timers.moment;
    } else
        e->ts = clock_now();
    e->kind = (unsigned char)kind;
    e->program = (unsigned short)(S.main != NULL ? S.program : 0);
    e->g = lane_of(gp);
    return e;
}

/* --- places ------------------------------------------------------------------------------------------------------- */

/* Set the place where gp was started. */
static void set_start(Event *e, G *gp)
{
    unsigned i = hold(gp->code);
    if (i != 0 && !T.own[i]) {
        e->code = i;
        e->lasti = gp->lasti;
    }
}

/* Set the place: the innermost frame of the user's, from the given one outward. */
static void set_place_of(Event *e, PyFrameObject *frame)
{
    Py_XINCREF(frame);
    while (frame != NULL) {
        PyCodeObject *code = PyFrame_GetCode(frame);
        unsigned i = hold(OBJECT(code));
        Py_DECREF(code);
        int found = i != 0 && !T.own[i];
        if (found) {
            e->code = i;
            e->lasti = PyFrame_GetLasti(frame);
        }
        PyFrameObject *back = found ? NULL : PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = back;
    }
}

/* The same from the caller's frame outward; where its goroutine was started if there is no frame of the user's. */
static void set_place(Event *e)
{
    G *gp = S.curg;
#if KNOWN_CPYTHON
    for (const Frame *frame = current_frame(); frame != NULL; frame = frame->previous) {
        if (!has_code(frame))
            continue;
        unsigned i = hold(code_of(frame));
        if (i != 0 && !T.own[i]) {
            e->code = i;
            e->lasti = lasti_of(frame);
            return;
        }
    }
#else
    /* To make a frame object may start a collection, which runs Python code. */
    int enabled = PyGC_Disable();
    set_place_of(e, PyEval_GetFrame());
    if (enabled)
        PyGC_Enable();
#endif
    if (e->code == 0 && gp != NULL)
        set_start(e, gp);
}

/* --- functions ---------------------------------------------------------------------------------------------------- */

static PyTypeObject *partial_type;
static PyObject *str_func, *str_call, *str_wrapped;

static int is_users(PyObject *fn)
{
    if (fn == NULL || !PyFunction_Check(fn))
        return 0;
    unsigned i = hold(PyFunction_GET_CODE(fn));
    return i != 0 && !T.own[i];
}

/* A class's method of that name, if a class written in Python has it. Runs no code of the user's. Borrowed. */
static PyObject *method_of(PyTypeObject *type, PyObject *name)
{
    for (Py_ssize_t i = 0; type->tp_mro != NULL && i < PyTuple_GET_SIZE(type->tp_mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, i);
        if (!PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE) || base->tp_dict == NULL)
            continue;
        PyObject *found = PyDict_GetItemWithError(base->tp_dict, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The function behind methods, partials, callable objects and `@defers`; else the object itself. Borrowed. As in
   functions.py. */
static PyObject *plain_function(PyObject *fn)
{
    for (int depth = 0; fn != NULL && depth < 8; depth++) {
        if (PyMethod_Check(fn))
            fn = PyMethod_GET_FUNCTION(fn);
        else if (PyFunction_Check(fn)) {
            PyObject *dict = is_users(fn) ? NULL : ((PyFunctionObject *)fn)->func_dict;
            PyObject *wrapped = dict != NULL ? PyDict_GetItemWithError(dict, str_wrapped) : NULL;
            if (wrapped == NULL)
                break;
            fn = wrapped;
        } else if (Py_TYPE(fn) == partial_type) {
            PyObject *inner = PyObject_GetAttr(fn, str_func);
            if (inner == NULL) {
                PyErr_Clear();
                break;
            }
            Py_DECREF(inner); /* the partial has it */
            fn = inner;
        } else {
            PyObject *call = method_of(Py_TYPE(fn), str_call);
            if (call == NULL || !PyFunction_Check(call))
                break;
            fn = call;
        }
    }
    return fn;
}

/* The function of a goroutine. Those of gochan's own call private functions, which have the user's among their
   arguments or variables. Borrowed. */
static PyObject *function_of(G *gp)
{
    PyObject *fn = plain_function(gp->fn), *given = NULL;
    if (fn == NULL || !PyFunction_Check(fn) || is_users(fn))
        return fn;
    PyObject *name = ((PyFunctionObject *)fn)->func_name, *closure = ((PyFunctionObject *)fn)->func_closure;
    if (closure == NULL && (PyUnicode_GET_LENGTH(name) == 0 || PyUnicode_READ_CHAR(name, 0) != '_'))
        return fn;
    for (Py_ssize_t i = 0; gp->args != NULL && i < PyTuple_GET_SIZE(gp->args); i++) {
        PyObject *arg = PyTuple_GET_ITEM(gp->args, i);
        if (!PyCallable_Check(arg))
            continue;
        arg = plain_function(arg);
        if (is_users(arg))
            return arg;
        given = given != NULL ? given : arg;
    }
    for (Py_ssize_t i = 0; closure != NULL && i < PyTuple_GET_SIZE(closure); i++) {
        PyObject *captured = plain_function(PyCell_GET(PyTuple_GET_ITEM(closure, i)));
        if (is_users(captured))
            return captured;
    }
    return given != NULL ? given : fn;
}

/* Set e's function to gp's: its name in `type`, its code in `code`. */
static void set_function(Event *e, G *gp)
{
    PyObject *fn = function_of(gp);
    if (fn == NULL)
        return;
    if (PyFunction_Check(fn)) {
        e->type = hold(((PyFunctionObject *)fn)->func_qualname);
        if (is_users(fn)) {
            e->code = hold(PyFunction_GET_CODE(fn));
            e->lasti = -1;
        }
        return;
    }
    /* Only strings are made here, which the collector does not track. */
    PyObject *name;
    if (PyCFunction_Check(fn)) {
        PyObject *self = PyCFunction_GET_SELF(fn);
        const char *method = ((PyCFunctionObject *)fn)->m_ml->ml_name;
        name = self == NULL || PyModule_Check(self) ? PyUnicode_FromString(method)
                                                    : PyUnicode_FromFormat("%s.%s", short_name(Py_TYPE(self)), method);
    } else
        name = PyUnicode_FromString(short_name(Py_TYPE(fn)));
    if (name == NULL)
        PyErr_Clear();
    else
        PyUnicode_InternInPlace(&name);
    e->type = hold(name);
    Py_XDECREF(name);
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static inline unsigned number_of(unsigned *traced)
{
    if (*traced == 0)
        *traced = ++T.objects;
    return *traced;
}

static void set_chan(Event *e, Chan *ch)
{
    e->object = number_of(&ch->traced);
    e->what = ch->timer != NULL ? W_TIMER : W_CHAN;
    e->type = ch->type != Any && ch->timer == NULL ? hold(ch->type) : 0;
    e->arg = (int)Py_MIN(ch->capacity, INT_MAX);
}

static void set_fd(Event *e, FD *fd)
{
    e->object = number_of(&fd->traced);
    e->what = W_FD;
    e->arg = fd->sysfd;
}

/* Set e's object to what gp waits for, except for the cases of a select. */
static void set_object(Event *e, G *gp)
{
    PyObject *reason = gp->reason;
    WaitQueue *q = gp->queue;
    if (T.io_object != NULL) {
        set_fd(e, (FD *)T.io_object);
        T.io_object = NULL;
    } else if (q == NULL)
        return;
    else if (reason == mutex_lock) {
        Lock *m = CONTAINER(q, Lock, sema.queue);
        e->object = number_of(&m->traced);
        e->what = m->of_rwmutex ? W_RWMUTEX : W_MUTEX;
    } else if (reason == rwmutex_lock || reason == rwmutex_rlock) {
        RWMutex *rw = reason == rwmutex_lock ? CONTAINER(q, RWMutex, writing.queue) : CONTAINER(q, RWMutex, reading.queue);
        e->object = number_of(&rw->mutex.traced);
        e->what = W_RWMUTEX;
    } else if (reason == group_wait) {
        e->object = number_of(&CONTAINER(q, WaitGroup, sema.queue)->traced);
        e->what = W_GROUP;
    } else if (reason == cond_wait) {
        e->object = number_of(&CONTAINER(q, NotifyList, queue)->traced);
        e->what = W_COND;
    } else if (reason == chan_send)
        set_chan(e, CONTAINER(q, Chan, sendq));
    else if (reason == chan_receive)
        set_chan(e, CONTAINER(q, Chan, recvq));
}

/* --- the hooks ---------------------------------------------------------------------------------------------------- */

static NOINLINE void trace_go(G *gp)
{
    unsigned by;
    actor(&by);
    Event *e = new_event(E_GO, gp);
    e->other = by;
    set_function(e, gp);
    e->code = 0;
    set_start(e, gp);
}

static NOINLINE void trace_ready(G *gp)
{
    unsigned by;
    actor(&by);
    Event *e = new_event(E_READY, gp);
    e->other = by;
    e->arg = T.value;
}

/* The same for a goroutine that the poller makes ready. */
static NOINLINE void trace_polled(G *gp)
{
    new_event(E_READY, gp);
}

static NOINLINE void trace_run(G *gp)
{
    Event *e = new_event(E_RUN, gp);
    if (gp->kind != G_THREAD)
        set_function(e, gp);
}

/* Record that main runs; its first line is the caller's. */
static NOINLINE void trace_main(G *gp)
{
    set_place(new_event(E_RUN, gp));
}

/* Record what gp, which is parked or about to park, waits for. */
static void record_wait(G *gp, PyFrameObject *frame)
{
    for (Case *c = gp->cases; c != NULL; c = c->link)
        if (c->chan != NULL) {
            Event *e = new_event(E_CASE, gp);
            set_chan(e, c->chan);
            e->flags = c->kind == SEND;
        }
    Event *e = new_event(E_PARK, gp);
    e->reason = (unsigned short)hold(gp->reason);
    e->other = (unsigned)T.value;
    T.value = 0;
    set_object(e, gp);
    if (frame != NULL)
        set_place_of(e, frame);
    else
        set_place(e);
}

static NOINLINE void trace_park(G *gp)
{
    record_wait(gp, NULL);
}

static NOINLINE void trace_yield(G *gp)
{
    set_place(new_event(E_YIELD, gp));
}

static NOINLINE void trace_end(G *gp)
{
    new_event(E_END, gp);
}

/* Record a send, receive or close that did not wait. */
static void record_chan(enum event kind, Chan *ch)
{
    unsigned lane;
    G *gp = actor(&lane);
    Event *e = new_event(kind, gp);
    e->g = lane;
    e->other = (unsigned)T.value;
    T.value = 0;
    set_chan(e, ch);
    set_place(e);
}

static NOINLINE void trace_sent(Chan *ch)
{
    record_chan(E_SEND, ch);
}

static NOINLINE void trace_received(Chan *ch)
{
    record_chan(E_RECV, ch);
}

static NOINLINE void trace_closed(Chan *ch)
{
    record_chan(E_CLOSE, ch);
}

/* Have Python keep the text of v; return its number, -1 for an exception. */
static int text_of(PyObject *v)
{
    PyObject *text = call_hook(hooks.trace_value, v, NULL);
    int number = text != NULL ? (int)PyLong_AsLong(text) : -1;
    Py_XDECREF(text);
    return number;
}

/* The caller is about to send v. */
static NOINLINE int trace_sends(PyObject *v)
{
    int number = text_of(v);
    if (number < 0)
        return -1;
    T.value = number;
    return 0;
}

/* The caller may send the value of c, a case of its select. */
static NOINLINE int trace_case(Case *c)
{
    int number = c->kind == SEND ? text_of(c->value) : 0;
    if (number < 0)
        return -1;
    c->text = number;
    return 0;
}

/* The caller has received the value of this text without a wait, or sent it in a select. */
static NOINLINE void trace_text(int number)
{
    if (!S.trace || number == 0)
        return;
    unsigned lane;
    G *gp = actor(&lane);
    Event *e = new_event(E_VALUE, gp);
    e->g = lane;
    e->arg = number;
}

/* The caller has received v from ch without a wait. Return -1 for an exception, a signal handler's: then v, whose
   reference is taken over, goes back. */
static NOINLINE int trace_received_value(Chan *ch, PyObject *v)
{
    int number = text_of(v);
    if (number < 0) {
        put_back(ch, v);
        return -1;
    }
    trace_text(number);
    return 0;
}

/* The goroutine that is about to park waits for fd. */
static NOINLINE void trace_waits_for(PyObject *fd)
{
    T.io_object = fd;
}

/* Record that a timer fires; until trace_fired, it acts and not the goroutine that runs. */
static NOINLINE void trace_fire(TimerNode *t)
{
    Event *e = new_event(E_TIMER, NULL);
    e->arg = t->kind;
    if (t->heap->is_virtual) {
        e->bubble = (unsigned)CONTAINER(t->heap, Bubble, timers)->id;
        e->ts = t->heap->moment;
    }
    if (t->kind == T_CHAN)
        set_chan(e, CONTAINER(t, ChanTimer, node)->chan);
    T.system = 1;
}

static void trace_fired(void)
{
    T.system = 0;
}

/* --- what Python calls -------------------------------------------------------------------------------------------- */

static void drop_recording(void)
{
    S.trace = 0;
    PyMem_RawFree(T.events);
    PyMem_RawFree(T.slots);
    PyMem_RawFree(T.own);
    PyMem_RawFree(T.threads);
    PyObject **held = T.held;
    unsigned held_count = T.held_count, objects = T.objects;
    memset(&T, 0, sizeof T);
    T.objects = objects;
    for (unsigned i = 1; i <= held_count; i++)
        Py_DECREF(held[i]);
    PyMem_RawFree(held);
}

/* Record what the goroutine does now. */
static int record_state(G *gp)
{
    if (gp->status == G_WAITING) {
        PyObject *frame = gp->kind != G_THREAD ? G_frame(gp, NULL) : Py_NewRef(Py_None);
        if (frame == NULL)
            return -1;
        if (gp->reason != NULL)
            record_wait(gp, PyFrame_Check(frame) ? (PyFrameObject *)frame : NULL);
        Py_DECREF(frame);
    } else if (gp->status == G_RUNNABLE)
        set_function(new_event(E_READY, gp), gp);
    else if (gp->status == G_RUNNING)
        trace_run(gp);
    else
        return 0;
    if (T.count > 0)
        T.events[T.count - 1].flags = 2; /* it began before */
    return 0;
}

/* trace_start(fd, room, values): record into the file fd; or, if fd is -1, keep the last `room` events. values: call the
   hook `trace_value` with what is sent and received. Return the time. */
static PyObject *engine_trace_start(PyObject *module UNUSED, PyObject *args)
{
    int fd;
    Py_ssize_t room;
    int values;
    if (!PyArg_ParseTuple(args, "inp:trace_start", &fd, &room, &values))
        return NULL;
    if (S.trace)
        return PyErr_Format(PyExc_RuntimeError, "trace_start: a recording is under way");
    if (room < 1 || room > MOST_EVENTS)
        return PyErr_Format(PyExc_ValueError, "trace_start: got room for %zd events, want 1 to %d", room, (int)MOST_EVENTS);
    if (partial_type == NULL) {
        str_func = PyUnicode_InternFromString("func");
        str_call = PyUnicode_InternFromString("__call__");
        str_wrapped = PyUnicode_InternFromString("__wrapped__");
        if (str_func == NULL || str_call == NULL || str_wrapped == NULL)
            return NULL;
        PyObject *partial = imported("functools", "partial");
        if (partial == NULL)
            return NULL;
        partial_type = (PyTypeObject *)partial;
    }
    drop_recording();
    T.room = room;
    T.events = PyMem_RawMalloc(room * sizeof *T.events);
    if (T.events == NULL)
        return PyErr_NoMemory();
    T.fd = fd;
    T.ring = fd < 0;
    long long now = clock_now();
    PyObject *list = S.main != NULL ? Sched_goroutines(NULL, NULL) : PyList_New(0);
    if (list == NULL)
        return NULL;
    S.trace = values ? 2 : 1;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        if (record_state((G *)PyList_GET_ITEM(list, i)) < 0)
            PyErr_Clear();
    Py_DECREF(list);
    return PyLong_FromLongLong(now);
}

/* trace_stop(): return (time, events, lost, errno, held): the events of the ring, as bytes; how many it has lost; why
   the file could not be written, or 0; the objects that the events refer to. */
static PyObject *engine_trace_stop(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    /* A forked child still has T.events, but not S.trace. To write them would put them into the parent's file. */
    if (T.events == NULL || !S.trace)
        return PyErr_Format(PyExc_RuntimeError, "trace_stop: nothing is recorded");
    long long now = clock_now();
    S.trace = 0;
    PyObject *data = NULL, *held = PyList_New(0);
    if (!T.ring) {
        flush_events();
        data = PyBytes_FromStringAndSize(NULL, 0);
    } else {
        size_t n = T.wrapped ? T.room : T.count, older = T.wrapped ? T.room - T.count : 0;
        data = PyBytes_FromStringAndSize(NULL, n * sizeof(Event));
        if (data != NULL) {
            memcpy(PyBytes_AS_STRING(data), T.events + T.count, older * sizeof(Event));
            memcpy(PyBytes_AS_STRING(data) + older * sizeof(Event), T.events, T.count * sizeof(Event));
        }
    }
    unsigned long long lost = T.ring && T.total > T.room ? T.total - T.room : 0;
    int failed = data == NULL || held == NULL || PyList_Append(held, Py_None) < 0;
    for (unsigned i = 1; !failed && i <= T.held_count; i++)
        failed = PyList_Append(held, T.held[i]) < 0;
    PyObject *result = failed ? NULL : Py_BuildValue("(LOKiO)", now, data, lost, T.error, held);
    Py_XDECREF(data);
    Py_XDECREF(held);
    if (result != NULL)
        drop_recording();
    return result;
}

/* trace_threads(): the idents of the threads that were recorded, by lane. */
static PyObject *engine_trace_threads(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    PyObject *threads = PyList_New(0);
    for (unsigned i = 0; threads != NULL && i < T.thread_count; i++) {
        PyObject *ident = PyLong_FromUnsignedLong(T.threads[i]);
        if (ident == NULL || PyList_Append(threads, ident) < 0)
            Py_CLEAR(threads);
        Py_XDECREF(ident);
    }
    return threads;
}

/* trace_event(kind, object, arg, other): append an event of the caller's. */
static PyObject *engine_trace_event(PyObject *module UNUSED, PyObject *args)
{
    int kind, arg = 0;
    unsigned object = 0, other = 0;
    if (!PyArg_ParseTuple(args, "i|IiI:trace_event", &kind, &object, &arg, &other))
        return NULL;
    if (kind < E_FIRST_OF_PYTHON || kind > 255)
        return PyErr_Format(PyExc_ValueError, "trace_event: %d is not a kind of event that Python records", kind);
    if (!S.trace)
        Py_RETURN_NONE;
    unsigned lane;
    G *gp = actor(&lane);
    int of_scheduler = kind < E_FIRST_OF_GOROUTINES;
    Event *e = new_event((enum event)kind, of_scheduler ? NULL : gp);
    e->g = of_scheduler ? 0 : lane;
    e->object = object;
    e->arg = arg;
    e->other = other;
    if (!of_scheduler)
        set_place(e);
    Py_RETURN_NONE;
}

/* trace_number(object): the number of a channel, lock, WaitGroup, NotifyList or FD. */
static PyObject *engine_trace_number(PyObject *module UNUSED, PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    unsigned *traced = type == Chan_type         ? &((Chan *)o)->traced
                       : type == Mutex_type      ? &((Mutex *)o)->lock.traced
                       : type == RWMutex_type    ? &((RWMutex *)o)->mutex.traced
                       : type == WaitGroup_type  ? &((WaitGroup *)o)->traced
                       : type == NotifyList_type ? &((NotifyList *)o)->traced
                       : PyObject_TypeCheck(o, FD_type) ? &((FD *)o)->traced
                                                        : NULL;
    if (traced == NULL)
        return PyErr_Format(PyExc_TypeError, "trace_number: %R has no number", o);
    return PyLong_FromUnsignedLong(number_of(traced));
}

/* The engine's hot half in C, on greenlet's C interface; accelerate.py tells how it takes its place.

   Each function and class here does what its Python twin of the same name does: runtime2.py has Waiter, WaitQueue,
   G, Worker and Sched, proc.py the run queue, park and go, chan.py Chan, select.py select. The reasons for each
   step are told there. What is rare is left to the twin, or to another function of Python's: see `callbacks`.

   Invariants, besides theirs
   - A field that holds no object is NULL, or None where Python code has set it: see some().
   - A queue owns its waiters; `next`, `prev` and `queue` are borrowed. All other fields own what they point to.
   - The user's code runs only where the twin lets it run. So under the GIL each operation is one step to another
     thread, and no signal's handler comes in between. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <greenlet/greenlet.h>
#include <stddef.h>
#include <structmember.h>

/* What has ended when a goroutine parks should leave nothing on its stack, which is copied then. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

#define NEW(type) ((type *)type##_type->tp_alloc(type##_type, 0))
#define OBJECT(o) ((PyObject *)(o))

#define WAITER                                                                                                       \
    PyObject_HEAD struct waiter *next, *prev;                                                                        \
    struct waitqueue *queue;                                                                                         \
    PyObject *gp, *elem;                                                                                             \
    char success;

typedef struct waiter {
    WAITER
} Waiter;

typedef struct waitqueue {
    PyObject_HEAD
    Waiter *first, *last;
    PyObject *bubble;
} WaitQueue;

typedef struct {
    WAITER
    char durable, idle;
    int lasti;
    long long id, parent;
    _PyStackChunk *stack;
    PyObject *link, *greenlet, *fn, *args, *kwargs, *waiting, *scope, *selected, *context, *bubble, *code;
} G;

#define G_FIRST(g) (&(g)->link)
#define G_LAST(g) (&(g)->code)

typedef struct {
    PyObject_HEAD
    PyObject *gp, *greenlet, *link;
} Worker;

typedef struct {
    PyObject_HEAD
    PyObject *dict;
    char attention, breathe, ending, explicit, idle;
    Py_ssize_t size, gsize, gfree_size, free_size;
    long long goid, live, tick, inherited, slice_end, polls, random;
    PyObject *curg, *runnext, *head, *tail, *ghead, *gtail, *gfree, *handoff, *starting, *hub, *free, *heap;
    PyObject *timers, *poller;
} Sched;

typedef struct {
    PyObject_HEAD
    Py_ssize_t capacity, count, recvx, sendx, size;
    char closed, guarded;
    PyObject **buf;
    WaitQueue *recvq, *sendq;
    PyObject *cls, *type, *zero, *timer;
} Chan;

typedef struct {
    WAITER
    int kind;
    Py_ssize_t index;
    PyObject *chan, *value, *link;
} Case;

enum { RECV, SEND, TIMEOUT, DEFAULT };
enum { LOCAL = 256, FAIRNESS = 61, SLICE = 10000000, IDLE_WORKERS = 1024, FIRST = 16, SPARE_CASES = 64 };

static PyTypeObject *Waiter_type, *WaitQueue_type, *G_type, *Worker_type, *Sched_type, *Chan_type, *Case_type;
static PyObject *Any, *Panic, *Unwind, *GreenletExit;
static Sched *sched;
/* Whether the receive that has just returned found a value, not its channel's end. */
static int received;
static Case *spare[SPARE_CASES];
static int spares;

/* The names of what is parked, and of methods. */
static PyObject *nothing, *chan_send_, *chan_receive, *select_, *select_no_cases;
static PyObject *now_, *run_, *wake_, *check_, *guard_, *blocked_, *park_on_timer_;

/* What Python does: the twins, for their rare cases, and steps that only Python has. */
static PyObject *py_attend, *py_block_in_bubble, *py_blocker, *py_ended, *py_getg, *py_go, *py_new_g, *py_new_hub,
    *py_permute, *py_poll_point, *py_refuse_unrun, *py_retire, *py_set_timer, *py_start, *py_stop_timer, *py_thrown,
    *py_unsettle;

static const struct {
    const char *name;
    PyObject **function;
} callbacks[] = {
    {"attend", &py_attend},
    {"block_in_bubble", &py_block_in_bubble},
    {"blocker", &py_blocker},
    {"ended", &py_ended},
    {"getg", &py_getg},
    {"go", &py_go},
    {"new_g", &py_new_g},
    {"new_hub", &py_new_hub},
    {"permute", &py_permute},
    {"poll_point", &py_poll_point},
    {"refuse_unrun", &py_refuse_unrun},
    {"retire", &py_retire},
    {"set_timer", &py_set_timer},
    {"start", &py_start},
    {"stop_timer", &py_stop_timer},
    {"thrown", &py_thrown},
    {"unsettle", &py_unsettle},
};

/* --- references ------------------------------------------------------------------------------------------- */

static inline int some(const void *o)
{
    return o != NULL && o != Py_None;
}

/* Put v, which the caller gives away, into a field. */
static inline void give(PyObject **field, PyObject *v)
{
    PyObject *before = *field;
    *field = v;
    Py_XDECREF(before);
}

static inline void set(PyObject **field, void *v)
{
    give(field, Py_XNewRef(OBJECT(v)));
}

/* Take what a field holds; NULL if nothing. */
static inline PyObject *take(PyObject **field)
{
    PyObject *v = *field;
    *field = NULL;
    if (v == Py_None) {
        Py_DECREF(v);
        return NULL;
    }
    return v;
}

/* Whether a call went well, whose result nobody wants. */
static inline int done(PyObject *result)
{
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static PyObject *as_none(int status)
{
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static int panic(const char *text)
{
    PyObject *exc = PyObject_CallFunction(Panic, "s", text);
    if (exc != NULL) {
        PyErr_SetObject(Panic, exc);
        Py_DECREF(exc);
    }
    return -1;
}

/* For a class whose tp_new does it all, so that the twin's __init__ is not taken over. */
static int no_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return 0;
}

/* --- wait queues ------------------------------------------------------------------------------------------ */

static void enqueue(WaitQueue *q, Waiter *w)
{
    Py_INCREF(w);
    w->queue = q;
    w->prev = q->last;
    w->next = NULL;
    *(q->last ? &q->last->next : &q->first) = w;
    q->last = w;
}

/* Take w out; what the queue owned is the caller's. */
static void unlink_waiter(WaitQueue *q, Waiter *w)
{
    *(w->prev ? &w->prev->next : &q->first) = w->next;
    *(w->next ? &w->next->prev : &q->last) = w->prev;
    w->queue = NULL;
    w->next = w->prev = NULL;
}

static void drop(Waiter *w)
{
    if (w->queue != NULL) {
        unlink_waiter(w->queue, w);
        Py_DECREF(w);
    }
}

static int is_over(Waiter *w)
{
    return some(w->gp) && some(((G *)w->gp)->selected);
}

static Waiter *dequeue_some(WaitQueue *q)
{
    Waiter *w;
    while ((w = q->first) != NULL) {
        unlink_waiter(q, w);
        if (!some(w->gp))
            break;
        PyObject **selected = &((G *)w->gp)->selected;
        if (!some(*selected)) {
            set(selected, w);
            break;
        }
        Py_DECREF(w);
    }
    return w;
}

static inline Waiter *dequeue(WaitQueue *q)
{
    return q->first != NULL ? dequeue_some(q) : NULL;
}

static int waiting(WaitQueue *q)
{
    while (q->first != NULL && is_over(q->first))
        drop(q->first);
    return q->first != NULL;
}

static PyObject *WaitQueue_enqueue(WaitQueue *q, PyObject *w)
{
    enqueue(q, (Waiter *)w);
    Py_RETURN_NONE;
}

static PyObject *WaitQueue_push(WaitQueue *q, PyObject *arg)
{
    Waiter *w = (Waiter *)Py_NewRef(arg);
    w->queue = q;
    w->prev = NULL;
    w->next = q->first;
    *(q->first ? &q->first->prev : &q->last) = w;
    q->first = w;
    Py_RETURN_NONE;
}

static PyObject *WaitQueue_dequeue(WaitQueue *q, PyObject *unused)
{
    Waiter *w = dequeue(q);
    return w != NULL ? OBJECT(w) : Py_NewRef(Py_None);
}

static PyObject *WaitQueue_waiting(WaitQueue *q, PyObject *unused)
{
    return PyBool_FromLong(waiting(q));
}

static PyObject *WaitQueue_remove(WaitQueue *q, PyObject *w)
{
    if (((Waiter *)w)->queue == q)
        drop((Waiter *)w);
    Py_RETURN_NONE;
}

static int WaitQueue_init(WaitQueue *q, PyObject *args, PyObject *kwargs)
{
    PyObject *bubble = NULL;
    if (!PyArg_ParseTuple(args, "|O", &bubble))
        return -1;
    set(&q->bubble, bubble);
    return 0;
}

static void WaitQueue_dealloc(WaitQueue *q)
{
    while (q->first != NULL)
        drop(q->first);
    Py_XDECREF(q->bubble);
    PyTypeObject *type = Py_TYPE(q);
    type->tp_free(q);
    Py_DECREF(type);
}

static WaitQueue *new_queue(PyObject *bubble)
{
    WaitQueue *q = NEW(WaitQueue);
    if (q != NULL)
        set(&q->bubble, bubble);
    return q;
}

/* --- goroutines and workers ------------------------------------------------------------------------------- */

static void clear_waiter(Waiter *w)
{
    Py_CLEAR(w->gp);
    Py_CLEAR(w->elem);
}

static void Waiter_dealloc(Waiter *w)
{
    PyTypeObject *type = Py_TYPE(w);
    clear_waiter(w);
    type->tp_free(w);
    Py_DECREF(type);
}

static void G_dealloc(G *gp)
{
    PyObject_GC_UnTrack(gp);
    for (PyObject **field = G_FIRST(gp); field <= G_LAST(gp); field++)
        Py_XDECREF(*field);
    Waiter_dealloc((Waiter *)gp);
}

static int G_traverse(G *gp, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(gp));
    Py_VISIT(gp->gp);
    Py_VISIT(gp->elem);
    for (PyObject **field = G_FIRST(gp); field <= G_LAST(gp); field++)
        Py_VISIT(*field);
    return 0;
}

/* The collector does not look at what `go` makes: the scheduler holds it until it has ended, and is empty then. */
static G *new_goroutine(void)
{
    G *gp = PyObject_GC_New(G, G_type);
    if (gp != NULL) {
        memset((char *)gp + sizeof(PyObject), 0, sizeof *gp - sizeof(PyObject));
        gp->waiting = Py_NewRef(nothing);
    }
    return gp;
}

static void set_greenlet(G *gp, PyObject *greenlet)
{
    gp->stack = NULL;
    set(&gp->greenlet, greenlet);
}

static PyObject *G_greenlet(G *gp, void *unused)
{
    return Py_NewRef(gp->greenlet ? gp->greenlet : Py_None);
}

static int G_set_greenlet(G *gp, PyObject *greenlet, void *unused)
{
    set_greenlet(gp, greenlet);
    return 0;
}

/* It must see main's: when a thread ends, greenlet asks the collector who refers to the thread's main greenlet. */
static PyObject *G_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    G *gp = new_goroutine();
    if (gp != NULL)
        PyObject_GC_Track(gp);
    return OBJECT(gp);
}

static void Worker_dealloc(Worker *w)
{
    PyTypeObject *type = Py_TYPE(w);
    Py_XDECREF(w->gp);
    Py_XDECREF(w->greenlet);
    Py_XDECREF(w->link);
    type->tp_free(w);
    Py_DECREF(type);
}

/* The timers, with their heap at hand: each pick looks whether it is empty. */
static int Sched_set_timers(Sched *s, PyObject *timers, void *unused)
{
    PyObject *heap = PyObject_GetAttrString(timers, "heap");
    if (heap == NULL)
        return -1;
    give(&s->heap, heap);
    set(&s->timers, timers);
    return 0;
}

static PyObject *Sched_timers(Sched *s, void *unused)
{
    return Py_NewRef(s->timers);
}

static PyObject *Sched_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *self = type->tp_alloc(type, 0);
    sched = (Sched *)Py_XNewRef(self);
    return self;
}

/* --- the run queue ---------------------------------------------------------------------------------------- */

static void append(PyObject **head, PyObject **tail, Py_ssize_t *size, G *gp)
{
    set(some(*tail) ? &((G *)*tail)->link : head, gp);
    set(tail, gp);
    ++*size;
}

static G *pop_first(PyObject **head, PyObject **tail, Py_ssize_t *size)
{
    G *gp = (G *)take(head);
    *head = take(&gp->link);
    if (*head == NULL)
        Py_CLEAR(*tail);
    --*size;
    return gp;
}

static void put_global(G *gp)
{
    append(&sched->ghead, &sched->gtail, &sched->gsize, gp);
}

static G *get_local(void)
{
    return pop_first(&sched->head, &sched->tail, &sched->size);
}

static G *get_global(void)
{
    return pop_first(&sched->ghead, &sched->gtail, &sched->gsize);
}

static void put(G *gp)
{
    if (sched->size == LOCAL) {
        for (int i = 0; i < LOCAL / 2; i++) {
            G *moved = get_local();
            put_global(moved);
            Py_DECREF(moved);
        }
        put_global(gp);
    } else
        append(&sched->head, &sched->tail, &sched->size, gp);
}

static int ready(G *gp)
{
    set(&gp->waiting, nothing);
    if (gp->idle && done(PyObject_CallOneArg(py_unsettle, OBJECT(gp))) < 0)
        return -1;
    G *kicked = (G *)take(&sched->runnext);
    sched->runnext = Py_NewRef(OBJECT(gp));
    if (kicked != NULL) {
        put(kicked);
        Py_DECREF(kicked);
    }
    return sched->idle ? done(PyObject_CallMethodNoArgs(sched->poller, wake_)) : 0;
}

/* Make ready whoever waits by w, and let go of w. */
static int wake(Waiter *w)
{
    int status = ready(some(w->gp) ? (G *)w->gp : (G *)w);
    Py_DECREF(w);
    return status;
}

static G *fresh_slice(G *gp)
{
    sched->tick++;
    sched->inherited = 0;
    sched->slice_end = 0;
    return gp;
}

static int clock_now(long long *now)
{
    PyObject *reading = PyObject_CallMethodNoArgs(sched->timers, now_);
    if (reading == NULL)
        return -1;
    *now = PyLong_AsLongLong(reading);
    Py_DECREF(reading);
    return *now == -1 && PyErr_Occurred() ? -1 : 0;
}

/* Whether the run-next chain has had its time slice; -1 for an exception. */
static int slice_over(void)
{
    long long now;
    if (++sched->inherited & 7)
        return 0;
    if (clock_now(&now) < 0)
        return -1;
    if (sched->slice_end == 0)
        sched->slice_end = now + SLICE;
    return now >= sched->slice_end;
}

static int run_timers(void)
{
    PyObject *now = PyObject_CallMethodNoArgs(sched->timers, now_);
    if (now == NULL)
        return -1;
    int status = done(PyObject_CallMethodOneArg(sched->timers, run_, now));
    Py_DECREF(now);
    return status;
}

/* Take who is next; NULL, perhaps with an exception, if there is nobody. */
static NOINLINE G *pick(void)
{
    if (sched->attention) {
        if (done(PyObject_CallNoArgs(py_attend)) < 0 || sched->breathe)
            return NULL;
    }
    if (PyList_GET_SIZE(sched->heap) > 0 && run_timers() < 0)
        return NULL;
    if (sched->gsize && sched->tick % FAIRNESS == 0)
        return fresh_slice(get_global());
    G *gp = (G *)take(&sched->runnext);
    if (gp != NULL) {
        int over = some(sched->head) || sched->gsize ? slice_over() : 0;
        if (over == 0)
            return gp;
        put_global(gp);
        Py_DECREF(gp);
        if (over < 0)
            return NULL;
    }
    if (some(sched->head))
        return fresh_slice(get_local());
    if (!sched->gsize)
        return NULL;
    gp = get_global();
    for (Py_ssize_t n = Py_MIN(sched->gsize, LOCAL / 2 - 1); n > 0; n--) {
        G *moved = get_global();
        put(moved);
        Py_DECREF(moved);
    }
    return fresh_slice(gp);
}

/* --- park, and its kin ------------------------------------------------------------------------------------ */

/* Whether the caller runs in gp's greenlet. Python's frames lie on a stack of each greenlet's own, whose first chunk
   stays until the greenlet ends, or its thread. Where a greenlet has no second one, that tells, for a fifth of what it
   costs to ask greenlet. Main may run in a greenlet of the user's, which can end unseen: that one is asked for. */
static int runs(G *gp)
{
    static uint64_t asked_in;
    PyThreadState *thread = PyThreadState_Get();
    _PyStackChunk *stack = thread->datastack_chunk;
    if (stack != NULL && stack == gp->stack && thread->id == asked_in)
        return 1;
    PyGreenlet *current = PyGreenlet_GetCurrent();
    Py_XDECREF(current);
    if (OBJECT(current) != gp->greenlet)
        return 0;
    int of_user = gp->parent == 0 && !PyGreenlet_MAIN(current);
    if (stack != NULL && stack->previous == NULL && !of_user) {
        gp->stack = stack;
        asked_in = thread->id;
    }
    return 1;
}

/* The goroutine that is about to wait; the scheduler owns it. NULL with an exception if the caller may not. */
static G *blocker(void)
{
    G *gp = (G *)sched->curg;
    if (some(gp) && !sched->ending && runs(gp) && gp->queue == NULL && gp->waiting == nothing)
        return gp;
    gp = (G *)PyObject_CallNoArgs(py_blocker);
    Py_XDECREF(gp);
    return gp;
}

/* Take a worker that has nothing to do; NULL if there is none. */
static Worker *idle_worker(void)
{
    Worker *w = (Worker *)take(&sched->free);
    if (w != NULL) {
        sched->free = take(&w->link);
        sched->free_size--;
    }
    return w;
}

/* Make n, which the caller gives away, the running one, and find its greenlet; the hub's for NULL, and where n needs
   a new worker. */
static NOINLINE PyObject *greenlet_for(G *n)
{
    if (n != NULL) {
        Worker *w = some(n->greenlet) ? NULL : idle_worker();
        if (w != NULL) {
            set(&w->gp, n);
            set_greenlet(n, w->greenlet);
            Py_DECREF(w);
        }
        if (some(n->greenlet)) {
            give(&sched->curg, OBJECT(n));
            return Py_NewRef(n->greenlet);
        }
        give(&sched->handoff, OBJECT(n));
    }
    set(&sched->curg, NULL);
    if (!some(sched->hub)) {
        PyObject *hub = PyObject_CallNoArgs(py_new_hub);
        if (hub == NULL)
            return NULL;
        give(&sched->hub, hub);
    }
    return Py_NewRef(sched->hub);
}

/* Hand the thread to a greenlet, which is given away; it may be NULL, with an exception. What the caller has on its
   stack, each parked goroutine keeps a copy of. */
static inline int switch_to(PyObject *greenlet)
{
    if (greenlet == NULL)
        return -1;
    int status = done(PyGreenlet_Switch((PyGreenlet *)greenlet, NULL, NULL));
    Py_DECREF(greenlet);
    return status;
}

/* Tidy up after an exception that was thrown into gp while it was parked. */
static NOINLINE int thrown(G *gp)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (done(PyObject_CallOneArg(py_thrown, OBJECT(gp))) < 0) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
    } else
        PyErr_Restore(type, value, traceback);
    return -1;
}

/* Let whoever is next run; gp is in some queue by now. */
static int yield(G *gp)
{
    G *n = pick();
    if (n == NULL && PyErr_Occurred())
        return -1;
    if (n == gp) {
        Py_DECREF(n);
        return 0;
    }
    Py_INCREF(gp);
    int status = switch_to(greenlet_for(n)) < 0 ? thrown(gp) : 0;
    Py_DECREF(gp);
    return status;
}

static int park(G *gp, PyObject *reason)
{
    set(&gp->waiting, reason);
    if (some(gp->bubble) && done(PyObject_CallOneArg(py_block_in_bubble, OBJECT(gp))) < 0)
        return -1;
    return yield(gp);
}

static PyObject *core_ready(PyObject *module, PyObject *gp)
{
    return as_none(ready((G *)gp));
}

static PyObject *core_put(PyObject *module, PyObject *gp)
{
    put((G *)gp);
    Py_RETURN_NONE;
}

static PyObject *core_put_global(PyObject *module, PyObject *gp)
{
    put_global((G *)gp);
    Py_RETURN_NONE;
}

static PyObject *core_pick(PyObject *module, PyObject *unused)
{
    G *n = pick();
    return n != NULL || PyErr_Occurred() ? OBJECT(n) : Py_NewRef(Py_None);
}

static PyObject *core_blocker(PyObject *module, PyObject *unused)
{
    return Py_XNewRef(OBJECT(blocker()));
}

static PyObject *core_getg(PyObject *module, PyObject *unused)
{
    PyObject *gp = sched->curg;
    return some(gp) && runs((G *)gp) ? Py_NewRef(gp) : PyObject_CallNoArgs(py_getg);
}

static PyObject *core_park(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "park(gp, reason)");
    return as_none(park((G *)args[0], args[1]));
}

static PyObject *core_gosched(PyObject *module, PyObject *unused)
{
    G *gp = blocker();
    if (gp == NULL)
        return NULL;
    put_global(gp);
    return as_none(yield(gp));
}

static PyObject *core_yield_local(PyObject *module, PyObject *gp)
{
    put((G *)gp);
    return as_none(yield((G *)gp));
}

static int poll_point(void)
{
    if (!sched->attention && (sched->polls + 1) & 63) {
        sched->polls++;
        return 0;
    }
    return done(PyObject_CallNoArgs(py_poll_point));
}

static PyObject *core_poll_point(PyObject *module, PyObject *unused)
{
    return as_none(poll_point());
}

/* --- go --------------------------------------------------------------------------------------------------- */

/* Make a goroutine of the running one; args, and kwargs if not NULL, are given away. NULL without an exception if
   this is a case for Python: then nothing was taken. */
static G *spawn(PyObject *fn, PyObject *args, PyObject *kwargs)
{
    G *spawner = (G *)sched->curg;
    if (!some(spawner) || !runs(spawner))
        return NULL;
    G *gp = (G *)take(&sched->gfree);
    if (gp != NULL) {
        sched->gfree = take(&gp->link);
        sched->gfree_size--;
    } else if ((gp = new_goroutine()) == NULL)
        return NULL;
    PyObject *context = PyThreadState_Get()->context;
    if (context != NULL && (context = PyContext_Copy(context)) == NULL) {
        Py_DECREF(gp);
        return NULL;
    }
    give(&gp->context, context);
    PyFrameObject *frame = PyEval_GetFrame();
    if (frame != NULL) {
        give(&gp->code, OBJECT(PyFrame_GetCode(frame)));
        gp->lasti = PyFrame_GetLasti(frame);
    }
    set(&gp->fn, fn);
    give(&gp->args, args);
    give(&gp->kwargs, kwargs);
    set(&gp->bubble, spawner->bubble);
    gp->parent = spawner->id;
    return gp;
}

static int start(G *gp)
{
    if (sched->ending)
        return 0;
    if (some(gp->bubble))
        return done(PyObject_CallOneArg(py_start, OBJECT(gp)));
    gp->id = ++sched->goid;
    sched->live++;
    return ready(gp);
}

static PyObject *core_start(PyObject *module, PyObject *gp)
{
    return as_none(start((G *)gp));
}

static PyObject *core_new_g(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    if (n != 3)
        return PyErr_Format(PyExc_TypeError, "new_g(fn, args, kwargs)");
    PyObject *kwargs = PyDict_GET_SIZE(args[2]) ? args[2] : NULL;
    Py_INCREF(args[1]);
    Py_XINCREF(kwargs);
    G *gp = spawn(args[0], args[1], kwargs);
    if (gp != NULL)
        return OBJECT(gp);
    Py_DECREF(args[1]);
    Py_XDECREF(kwargs);
    return PyErr_Occurred() ? NULL : PyObject_Vectorcall(py_new_g, args, 3, NULL);
}

static PyObject *core_go(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    if (n < 1 || !PyCallable_Check(args[0]))
        return PyObject_Vectorcall(py_go, args, n, names);
    PyObject *positional = PyTuple_New(n - 1), *kwargs = NULL;
    if (positional == NULL)
        return NULL;
    for (Py_ssize_t i = 1; i < n; i++)
        PyTuple_SET_ITEM(positional, i - 1, Py_NewRef(args[i]));
    if (names != NULL && PyTuple_GET_SIZE(names) > 0) {
        kwargs = PyDict_New();
        for (Py_ssize_t i = 0; kwargs != NULL && i < PyTuple_GET_SIZE(names); i++)
            if (PyDict_SetItem(kwargs, PyTuple_GET_ITEM(names, i), args[n + i]) < 0)
                Py_CLEAR(kwargs);
        if (kwargs == NULL) {
            Py_DECREF(positional);
            return NULL;
        }
    }
    G *gp = spawn(args[0], positional, kwargs);
    if (gp == NULL) {
        Py_DECREF(positional);
        Py_XDECREF(kwargs);
        return PyErr_Occurred() ? NULL : PyObject_Vectorcall(py_go, args, n, names);
    }
    int status = start(gp);
    Py_DECREF(gp);
    return as_none(status);
}

/* --- the greenlets that goroutines run in ------------------------------------------------------------------ */

/* Give the running greenlet a context: while it runs, the thread's is its own. */
static void set_context(PyObject *context)
{
    PyThreadState *thread = PyThreadState_Get();
    if (!some(context))
        context = NULL;
    if (thread->context != context) {
        PyObject *before = thread->context;
        thread->context = Py_XNewRef(context);
        /* The caches of context variables go by this number. */
        thread->context_ver++;
        Py_XDECREF(before);
    }
}

/* Take the exception that was raised. */
static PyObject *raised(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* Finish gp; 0 if the program ended with it, -1 for an exception. exc is given away. */
static int finish(G *gp, PyObject *exc)
{
    if (exc == NULL && sched->curg == OBJECT(gp) && !some(gp->scope) && !some(gp->bubble)) {
        sched->live--;
        return !sched->ending;
    }
    PyObject *result = PyObject_CallFunctionObjArgs(py_ended, OBJECT(gp), exc ? exc : Py_None, NULL);
    Py_XDECREF(exc);
    int goes_on = result == Py_True;
    return done(result) < 0 ? -1 : goes_on;
}

static void recycle(G *gp)
{
    set_greenlet(gp, NULL);
    Py_CLEAR(gp->code);
    Py_CLEAR(gp->context);
    if (sched->gfree_size < IDLE_WORKERS) {
        give(&gp->link, take(&sched->gfree));
        sched->gfree = Py_NewRef(OBJECT(gp));
        sched->gfree_size++;
    }
}

/* What a worker does before and after the user's function are functions of their own, which have returned when the
   goroutine parks or the worker switches. So little is left on the stack of an idle one that glibc's malloc has room
   for its copy at hand, in the cache that each thread has for up to 1,032 bytes. */

static NOINLINE Worker *begin_work(void)
{
    Worker *w = (Worker *)take(&sched->starting);
    PyGreenlet *greenlet = (PyGreenlet *)w->greenlet;
    /* The collector would go over each parked greenlet again and again, and the scheduler holds it anyway. (The hub
       still shows who refers to main's.) Nor is the dictionary of use that greenlet makes for each. */
    PyObject_GC_UnTrack(greenlet);
    Py_CLEAR(greenlet->dict);
    return w;
}

/* How gp's function is called: NULL for no faster way than PyObject_Call. gp holds its arguments meanwhile. */
static NOINLINE vectorcallfunc begin_goroutine(G *gp)
{
    set_context(gp->context);
    if (gp->args == NULL)
        gp->args = PyTuple_New(0);
    return gp->kwargs == NULL ? PyVectorcall_Function(gp->fn) : NULL;
}

/* Finish w's goroutine, whose function gave result or raised, and find the greenlet that is next: w's own where it is
   to run another. NULL if w is to end, perhaps with an exception. */
static NOINLINE PyObject *end_goroutine(Worker *w, PyObject *result)
{
    G *gp = (G *)Py_NewRef(w->gp);
    if (some(result) && done(PyObject_CallFunctionObjArgs(py_refuse_unrun, gp->fn, result, NULL)) < 0)
        Py_CLEAR(result);
    PyObject *exc = result == NULL ? raised() : NULL;
    Py_XDECREF(result);
    Py_CLEAR(gp->fn);
    Py_CLEAR(gp->args);
    Py_CLEAR(gp->kwargs);
    int goes_on = finish(gp, exc);
    if (goes_on > 0) {
        set_context(NULL);
        Py_CLEAR(w->gp);
        recycle(gp);
    }
    Py_DECREF(gp);
    if (goes_on <= 0)
        return NULL;
    G *n = pick();
    if (n == NULL && PyErr_Occurred())
        return NULL;
    if (n != NULL && !some(n->greenlet)) {
        set_greenlet(n, w->greenlet);
        set(&w->gp, n);
        give(&sched->curg, OBJECT(n));
        return Py_NewRef(w->greenlet);
    }
    if (sched->free_size >= IDLE_WORKERS) {
        done(PyObject_CallFunctionObjArgs(py_retire, w, n ? OBJECT(n) : Py_None, NULL));
        Py_XDECREF(n);
        return NULL;
    }
    PyObject *next = greenlet_for(n);
    if (next != NULL) {
        give(&w->link, take(&sched->free));
        sched->free = Py_NewRef(OBJECT(w));
        sched->free_size++;
    }
    return next;
}

static NOINLINE PyObject *end_work(Worker *w)
{
    PyObject_GC_Track(w->greenlet);
    Py_DECREF(w);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* Forgive an idle worker that it was thrown out. */
static NOINLINE void thrown_out(void)
{
    if (PyErr_ExceptionMatches(Unwind) || PyErr_ExceptionMatches(GreenletExit))
        PyErr_Clear();
}

static PyObject *core_work(PyObject *module, PyObject *unused)
{
    Worker *w = begin_work();
    for (;;) {
        G *gp = (G *)w->gp;
        vectorcallfunc entry = begin_goroutine(gp);
        PyObject *result = entry != NULL
                               ? entry(gp->fn, &PyTuple_GET_ITEM(gp->args, 0), PyTuple_GET_SIZE(gp->args), NULL)
                               : PyObject_Call(gp->fn, gp->args, gp->kwargs);
        PyObject *next = end_goroutine(w, result);
        if (next == NULL)
            break;
        if (next == w->greenlet)
            Py_DECREF(next);
        else if (switch_to(next) < 0) {
            thrown_out();
            break;
        }
    }
    return end_work(w);
}

/* --- channels --------------------------------------------------------------------------------------------- */

static int guard(Chan *ch, const char *what)
{
    if (!ch->guarded)
        return 0;
    PyObject *text = PyUnicode_FromString(what);
    if (text == NULL)
        return -1;
    int status = done(PyObject_CallMethodOneArg(OBJECT(ch), guard_, text));
    Py_DECREF(text);
    return status;
}

static int check(Chan *ch, PyObject *v)
{
    if (!some(ch->cls) || OBJECT(Py_TYPE(v)) == ch->cls)
        return 0;
    return done(PyObject_CallMethodOneArg(OBJECT(ch), check_, v));
}

/* Make room; the buffer is full and smaller than the capacity. */
static NOINLINE int grow(Chan *ch)
{
    Py_ssize_t size = ch->size <= ch->capacity / 2 ? 2 * ch->size : ch->capacity;
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

/* Append v, which is given away, to the buffer. */
static inline int push(Chan *ch, PyObject *v)
{
    if (ch->count == ch->size && grow(ch) < 0) {
        Py_DECREF(v);
        return -1;
    }
    ch->buf[ch->sendx] = v;
    if (++ch->sendx == ch->size)
        ch->sendx = 0;
    ch->count++;
    return 0;
}

/* Take what a sender brings, and let it go on; w is given away. */
static PyObject *take_from(Waiter *w)
{
    PyObject *v = w->elem;
    w->elem = NULL;
    w->success = 1;
    if (wake(w) < 0)
        Py_CLEAR(v);
    else if (v == NULL)
        v = Py_NewRef(Py_None);
    return v;
}

static PyObject *pop(Chan *ch)
{
    PyObject *v = ch->buf[ch->recvx];
    ch->buf[ch->recvx] = NULL;
    if (++ch->recvx == ch->size)
        ch->recvx = 0;
    ch->count--;
    if (ch->sendq->first != NULL && ch->count < ch->capacity) {
        Waiter *w = dequeue(ch->sendq);
        PyObject *next = w != NULL ? take_from(w) : NULL;
        if (w != NULL && (next == NULL || push(ch, next) < 0))
            Py_CLEAR(v);
    }
    return v;
}

/* 1 if a receiver or the buffer took v, 0 if not, -1 for an exception. */
static int try_send(Chan *ch, PyObject *v)
{
    if (ch->closed)
        return panic("send on closed channel");
    Waiter *w = dequeue(ch->recvq);
    if (w != NULL) {
        set(&w->elem, v);
        w->success = 1;
        return wake(w) < 0 ? -1 : 1;
    }
    if (ch->count >= ch->capacity)
        return 0;
    return push(ch, Py_NewRef(v)) < 0 ? -1 : 1;
}

static NOINLINE int park_sending(Chan *ch, PyObject *v)
{
    G *gp = blocker();
    if (gp == NULL)
        return -1;
    set(&gp->elem, v);
    enqueue(ch->sendq, (Waiter *)gp);
    if (park(gp, chan_send_) < 0)
        return -1;
    Py_CLEAR(gp->elem);
    return gp->success ? 0 : panic("send on closed channel");
}

static int send(Chan *ch, PyObject *v)
{
    if (check(ch, v) < 0 || guard(ch, "send on") < 0)
        return -1;
    int sent = try_send(ch, v);
    return sent == 0 ? park_sending(ch, v) : Py_MIN(sent, 0);
}

static inline PyObject *found(PyObject *v, int ok)
{
    received = ok;
    return v;
}

static NOINLINE PyObject *park_receiving(Chan *ch)
{
    G *gp = blocker();
    if (gp == NULL)
        return NULL;
    enqueue(ch->recvq, (Waiter *)gp);
    int status = some(ch->timer) ? done(PyObject_CallMethodOneArg(OBJECT(ch), park_on_timer_, OBJECT(gp)))
                                 : park(gp, chan_receive);
    if (status < 0)
        return NULL;
    PyObject *v = gp->elem;
    gp->elem = NULL;
    return found(v != NULL ? v : Py_NewRef(Py_None), gp->success);
}

static PyObject *receive(Chan *ch)
{
    if (guard(ch, "receive on") < 0)
        return NULL;
    if (ch->count)
        return found(pop(ch), 1);
    Waiter *w = dequeue(ch->sendq);
    if (w != NULL)
        return found(take_from(w), 1);
    if (ch->closed)
        return found(Py_NewRef(ch->zero ? ch->zero : Py_None), 0);
    return park_receiving(ch);
}

static PyObject *Chan_send(Chan *ch, PyObject *v)
{
    return as_none(send(ch, v));
}

static PyObject *Chan_lshift(PyObject *a, PyObject *b)
{
    if (Py_TYPE(a) == Chan_type)
        return as_none(send((Chan *)a, b));
    return PyErr_Format(PyExc_TypeError, "%R << ch: the channel stands first; to send, write ch << %R", a, a);
}

static PyObject *Chan_recv(Chan *ch, PyObject *unused)
{
    return receive(ch);
}

static PyObject *Chan_recv_ok(Chan *ch, PyObject *unused)
{
    PyObject *v = receive(ch);
    if (v == NULL)
        return NULL;
    PyObject *ok = PyBool_FromLong(received), *pair = PyTuple_Pack(2, v, ok);
    Py_DECREF(v);
    Py_DECREF(ok);
    return pair;
}

static PyObject *Chan_next(Chan *ch)
{
    PyObject *v = receive(ch);
    if (v != NULL && !received)
        Py_CLEAR(v);
    return v;
}

/* Move all who wait in q to the list; elem is what they find. */
static int collect(WaitQueue *q, PyObject *elem, PyObject *waiters)
{
    Waiter *w;
    int status = 0;
    while (status == 0 && (w = dequeue(q)) != NULL) {
        set(&w->elem, elem);
        w->success = 0;
        status = PyList_Append(waiters, OBJECT(w));
        Py_DECREF(w);
    }
    return status;
}

static PyObject *Chan_close(Chan *ch, PyObject *unused)
{
    if (guard(ch, "close of") < 0)
        return NULL;
    if (ch->closed)
        return as_none(panic("close of closed channel"));
    if (some(ch->timer))
        return as_none(panic("close of a timer's channel"));
    PyObject *waiters = PyList_New(0);
    if (waiters == NULL)
        return NULL;
    ch->closed = 1;
    int status = collect(ch->recvq, ch->zero, waiters);
    if (status == 0)
        status = collect(ch->sendq, NULL, waiters);
    for (Py_ssize_t i = PyList_GET_SIZE(waiters); status == 0 && i > 0; i--)
        status = wake((Waiter *)Py_NewRef(PyList_GET_ITEM(waiters, i - 1)));
    Py_DECREF(waiters);
    return as_none(status);
}

static int can_recv(Chan *ch)
{
    if (guard(ch, "select on") < 0)
        return -1;
    return ch->count > 0 || ch->closed || waiting(ch->sendq);
}

static int can_send(Chan *ch)
{
    if (guard(ch, "select on") < 0)
        return -1;
    return ch->closed || ch->count < ch->capacity || waiting(ch->recvq);
}

static PyObject *truth(int status)
{
    return status < 0 ? NULL : PyBool_FromLong(status);
}

static PyObject *Chan_can_recv(Chan *ch, PyObject *unused)
{
    return truth(can_recv(ch));
}

static PyObject *Chan_can_send(Chan *ch, PyObject *unused)
{
    return truth(can_send(ch));
}

static PyObject *Chan_try_send(Chan *ch, PyObject *v)
{
    return truth(try_send(ch, v));
}

static PyObject *Chan_pop(Chan *ch, PyObject *unused)
{
    return pop(ch);
}

static PyObject *Chan_give_back(Chan *ch, PyObject *v)
{
    Waiter *w = dequeue(ch->recvq);
    if (w != NULL) {
        set(&w->elem, v);
        w->success = 1;
        return as_none(wake(w));
    }
    PyObject **buf = PyMem_Calloc(ch->size + 1, sizeof *buf);
    if (buf == NULL)
        return PyErr_NoMemory();
    buf[0] = Py_NewRef(v);
    for (Py_ssize_t i = 0; i < ch->count; i++)
        buf[i + 1] = ch->buf[(ch->recvx + i) % ch->size];
    PyMem_Free(ch->buf);
    ch->buf = buf;
    ch->size++;
    ch->recvx = 0;
    ch->count++;
    ch->sendx = ch->count < ch->size ? ch->count : 0;
    Py_RETURN_NONE;
}

static Py_ssize_t Chan_len(Chan *ch)
{
    /* Nothing else lets the others run in a loop that waits for a length. */
    if (poll_point() < 0)
        return -1;
    return some(ch->timer) ? 0 : ch->count;
}

static int Chan_bool(PyObject *ch)
{
    return 1;
}

static PyObject *Chan_cap(Chan *ch, void *unused)
{
    return PyLong_FromSsize_t(some(ch->timer) ? 0 : ch->capacity);
}

static PyObject *Chan_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *capacity = NULL;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Chan() takes no keyword arguments; give the capacity alone: Chan(3)");
    if (!PyArg_ParseTuple(args, "|O:Chan", &capacity))
        return NULL;
    if (capacity != NULL && !PyLong_CheckExact(capacity))
        return PyErr_Format(PyExc_TypeError, "Chan(%R): the capacity is an int, Chan[int](3), not %s", capacity,
                            Py_TYPE(capacity)->tp_name);
    int overflow = 0;
    long long n = capacity == NULL ? 0 : PyLong_AsLongLongAndOverflow(capacity, &overflow);
    if (n < 0 && overflow <= 0)
        return PyErr_Format(PyExc_ValueError, "Chan(%R): the capacity is 0 or more", capacity);
    Chan *ch = (Chan *)type->tp_alloc(type, 0);
    if (ch == NULL)
        return NULL;
    ch->capacity = overflow > 0 || n > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : (Py_ssize_t)n;
    ch->size = Py_MIN(ch->capacity, FIRST);
    ch->buf = PyMem_Calloc(ch->size, sizeof *ch->buf);
    PyObject *bubble = some(sched->curg) && some(((G *)sched->curg)->bubble) ? ((G *)sched->curg)->bubble : NULL;
    ch->type = Py_NewRef(Any);
    ch->recvq = new_queue(bubble);
    ch->sendq = new_queue(bubble);
    ch->guarded = bubble != NULL;
    if (ch->buf == NULL || ch->recvq == NULL || ch->sendq == NULL) {
        Py_DECREF(ch);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    return OBJECT(ch);
}

static int Chan_traverse(Chan *ch, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(ch));
    for (Py_ssize_t i = 0; ch->buf != NULL && i < ch->size; i++)
        Py_VISIT(ch->buf[i]);
    Py_VISIT(ch->cls);
    Py_VISIT(ch->type);
    Py_VISIT(ch->zero);
    Py_VISIT(ch->timer);
    return 0;
}

static int Chan_clear(Chan *ch)
{
    ch->count = 0;
    for (Py_ssize_t i = 0; ch->buf != NULL && i < ch->size; i++)
        Py_CLEAR(ch->buf[i]);
    Py_CLEAR(ch->cls);
    Py_CLEAR(ch->type);
    Py_CLEAR(ch->zero);
    Py_CLEAR(ch->timer);
    return 0;
}

static void Chan_dealloc(Chan *ch)
{
    PyTypeObject *type = Py_TYPE(ch);
    PyObject_GC_UnTrack(ch);
    Chan_clear(ch);
    PyMem_Free(ch->buf);
    Py_XDECREF(ch->recvq);
    Py_XDECREF(ch->sendq);
    type->tp_free(ch);
    Py_DECREF(type);
}

/* --- select ----------------------------------------------------------------------------------------------- */

static Case *new_case(int kind, PyObject *chan, PyObject *value)
{
    Case *c;
    if (spares > 0) {
        c = spare[--spares];
        PyObject_Init(OBJECT(c), Case_type);
    } else if ((c = PyObject_GC_New(Case, Case_type)) == NULL)
        return NULL;
    memset((char *)c + sizeof(PyObject), 0, sizeof *c - sizeof(PyObject));
    c->kind = kind;
    c->chan = Py_XNewRef(chan);
    c->value = Py_XNewRef(value);
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

static int Case_clear(Case *c)
{
    clear_waiter((Waiter *)c);
    Py_CLEAR(c->chan);
    Py_CLEAR(c->value);
    Py_CLEAR(c->link);
    return 0;
}

static void Case_dealloc(Case *c)
{
    PyTypeObject *type = Py_TYPE(c);
    PyObject_GC_UnTrack(c);
    Case_clear(c);
    if (spares < SPARE_CASES)
        spare[spares++] = c;
    else
        PyObject_GC_Del(c);
    Py_DECREF(type);
}

static PyObject *Case_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    int kind;
    PyObject *chan, *value;
    if (!PyArg_ParseTuple(args, "iOO:Case", &kind, &chan, &value))
        return NULL;
    return OBJECT(new_case(kind, chan, value));
}

static int refuse(const char *what, PyObject *ch)
{
    if (ch == Py_None || Py_TYPE(ch) == Chan_type)
        return 0;
    PyErr_Format(PyExc_TypeError, "%s: %R is not a Chan; give a channel, or None for a case that is never ready",
                 what, ch);
    return -1;
}

static PyObject *core_recv(PyObject *module, PyObject *ch)
{
    return refuse("recv", ch) < 0 ? NULL : OBJECT(new_case(RECV, ch, NULL));
}

static PyObject *core_send(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "send() takes a channel and a value (%zd given)", n);
    if (refuse("send", args[0]) < 0 || (args[0] != Py_None && check((Chan *)args[0], args[1]) < 0))
        return NULL;
    return OBJECT(new_case(SEND, args[0], args[1]));
}

static int is_over_at_once(Case *c)
{
    return !(PyFloat_AsDouble(c->value) > 0);
}

/* Choose a case that can go on now; -1 if there is none, -2 for an exception. */
static Py_ssize_t poll(PyObject *const *cases, Py_ssize_t n)
{
    Py_ssize_t chosen = -1, found = 0, fallback = -1, over = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Case *c = (Case *)cases[i];
        if (Py_TYPE(c) != Case_type) {
            PyErr_Format(PyExc_TypeError,
                         "select: case %zd is %R; a case is recv(ch), send(ch, v), timeout(seconds) or default", i, c);
            return -2;
        }
        if (some(c->chan)) {
            int can = c->kind == RECV ? can_recv((Chan *)c->chan) : can_send((Chan *)c->chan);
            if (can < 0)
                return -2;
            if (can && ++found > 1)
                sched->random = sched->random * 771645345 % 1073741789;
            if (can && (found == 1 || sched->random % found == 0))
                chosen = i;
        } else if (c->kind == DEFAULT) {
            if (fallback >= 0) {
                PyErr_Format(PyExc_ValueError, "select: cases %zd and %zd are both default; give at most one",
                             fallback, i);
                return -2;
            }
            fallback = i;
        } else if (c->kind == TIMEOUT && over < 0 && is_over_at_once(c))
            over = i;
    }
    return found ? chosen : fallback >= 0 ? fallback : over;
}

/* The triple that a select returns; v is given away. */
static PyObject *outcome(Py_ssize_t index, PyObject *v, int ok)
{
    PyObject *place = PyLong_FromSsize_t(index), *triple = PyTuple_New(3);
    if (v == NULL)
        v = Py_NewRef(Py_None);
    if (place == NULL || triple == NULL) {
        Py_XDECREF(place);
        Py_XDECREF(triple);
        Py_DECREF(v);
        return NULL;
    }
    PyTuple_SET_ITEM(triple, 0, place);
    PyTuple_SET_ITEM(triple, 1, v);
    PyTuple_SET_ITEM(triple, 2, PyBool_FromLong(ok));
    return triple;
}

/* Run a case that can go on now. */
static PyObject *take_case(Case *c, Py_ssize_t index)
{
    Chan *ch = (Chan *)c->chan;
    if (!some(ch))
        return poll_point() < 0 ? NULL : outcome(index, NULL, c->kind == TIMEOUT);
    if (c->kind == SEND)
        return try_send(ch, c->value) < 0 ? NULL : outcome(index, NULL, 1);
    PyObject *v = receive(ch);
    return v == NULL ? NULL : outcome(index, v, received);
}

static int block_timer(Case *c, int more)
{
    PyObject *timer = some(c->chan) ? ((Chan *)c->chan)->timer : NULL;
    if (!some(timer) || c->kind != RECV)
        return 0;
    PyObject *count = PyLong_FromLong(more);
    int status = done(PyObject_CallMethodOneArg(timer, blocked_, count));
    Py_DECREF(count);
    return status;
}

/* Make c, or a copy if c is waiting already, the case at this place that gp waits in; *last is the one before. */
static Case *wait_in(Case *c, G *gp, Py_ssize_t index, Case **last)
{
    if (some(c->gp)) {
        c = new_case(c->kind, c->chan, c->value);
        if (c == NULL)
            return NULL;
    } else
        Py_INCREF(c);
    set(&c->gp, gp);
    c->index = index;
    give(&c->link, OBJECT(*last));
    *last = c;
    return c;
}

/* Put each case into its channel's queue; *last, which the caller owns, is the last, linked to those before. */
static int enqueue_all(G *gp, PyObject *const *cases, Py_ssize_t n, Case **last)
{
    Case *shortest = NULL;
    Py_ssize_t place = 0;
    int durable = 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        Case *c = (Case *)cases[i], *w;
        if (some(c->chan)) {
            Chan *ch = (Chan *)c->chan;
            WaitQueue *q = c->kind == RECV ? ch->recvq : ch->sendq;
            if ((w = wait_in(c, gp, i, last)) == NULL)
                return -1;
            set(&w->elem, c->value);
            enqueue(q, (Waiter *)w);
            if (block_timer(w, 1) < 0)
                return -1;
            if (w->prev != NULL && w->prev->gp == OBJECT(gp) && done(PyObject_CallOneArg(py_permute, OBJECT(w))) < 0)
                return -1;
            durable = durable && some(gp->bubble) && ch->recvq->bubble == gp->bubble;
        } else if (c->kind == TIMEOUT &&
                   (shortest == NULL || PyFloat_AsDouble(c->value) < PyFloat_AsDouble(shortest->value))) {
            shortest = c;
            place = i;
        }
    }
    if (shortest != NULL) {
        Case *w = wait_in(shortest, gp, place, last);
        if (w == NULL || done(PyObject_CallOneArg(py_set_timer, OBJECT(w))) < 0)
            return -1;
    }
    gp->durable = durable && some(gp->bubble);
    return 0;
}

/* Take gp out of all queues, and let go of `last`; *won, which the caller owns, is the case that won. */
static int leave(G *gp, Case *last, Case **won)
{
    int status = 0;
    *won = some(gp->selected) ? (Case *)Py_NewRef(gp->selected) : NULL;
    while (last != NULL) {
        Case *c = last;
        last = (Case *)take(&c->link);
        drop((Waiter *)c);
        if (some(c->chan))
            status |= block_timer(c, -1);
        else
            status |= done(PyObject_CallOneArg(py_stop_timer, OBJECT(c)));
        Py_CLEAR(c->gp);
        if (c != *won)
            Py_CLEAR(c->elem);
        Py_DECREF(c);
    }
    set(&gp->selected, NULL);
    return status;
}

/* Leave with the exception that is set, whatever has come in the meantime. */
static PyObject *leave_raising(G *gp, Case *last)
{
    PyObject *type, *value, *traceback;
    Case *won;
    PyErr_Fetch(&type, &value, &traceback);
    leave(gp, last, &won);
    set(&gp->waiting, nothing);
    if (won != NULL) {
        Py_CLEAR(won->elem);
        Py_DECREF(won);
    }
    PyErr_Restore(type, value, traceback);
    return NULL;
}

static PyObject *core_select(PyObject *module, PyObject *const *cases, Py_ssize_t n)
{
    Py_ssize_t chosen = poll(cases, n);
    if (chosen >= 0)
        return take_case((Case *)cases[chosen], chosen);
    G *gp = chosen == -1 ? blocker() : NULL;
    if (gp == NULL)
        return NULL;
    Case *last = NULL, *won;
    PyObject *reason = n ? select_ : select_no_cases;
    set(&gp->waiting, reason);
    if (enqueue_all(gp, cases, n, &last) < 0 || park(gp, reason) < 0)
        return leave_raising(gp, last);
    if (leave(gp, last, &won) < 0 || won == NULL)
        return NULL;
    PyObject *v = take(&won->elem), *result;
    if (won->kind == RECV)
        result = outcome(won->index, v, won->success);
    else {
        Py_XDECREF(v);
        int fails = won->kind == SEND && !won->success;
        result = fails ? as_none(panic("send on closed channel")) : outcome(won->index, NULL, 1);
    }
    Py_DECREF(won);
    return result;
}

/* --- the module ------------------------------------------------------------------------------------------- */

static PyObject *core_fall_back(PyObject *module, PyObject *function)
{
    PyObject *name = PyObject_GetAttrString(function, "__name__");
    if (name == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof callbacks / sizeof *callbacks; i++)
        if (PyUnicode_CompareWithASCIIString(name, callbacks[i].name) == 0)
            set(callbacks[i].function, function);
    Py_DECREF(name);
    Py_RETURN_NONE;
}

#define FIELD(type, name, kind) {#name, kind, offsetof(type, name), 0, NULL}
#define OBJECTS(type, name) FIELD(type, name, T_OBJECT)

static PyMemberDef Waiter_members[] = {
    {"next", T_OBJECT, offsetof(Waiter, next), READONLY, NULL},
    {"prev", T_OBJECT, offsetof(Waiter, prev), READONLY, NULL},
    {"queue", T_OBJECT, offsetof(Waiter, queue), READONLY, NULL},
    OBJECTS(Waiter, gp),
    OBJECTS(Waiter, elem),
    FIELD(Waiter, success, T_BOOL),
    {NULL},
};

static PyMemberDef WaitQueue_members[] = {
    {"first", T_OBJECT, offsetof(WaitQueue, first), READONLY, NULL},
    {"last", T_OBJECT, offsetof(WaitQueue, last), READONLY, NULL},
    OBJECTS(WaitQueue, bubble),
    {NULL},
};

static PyMethodDef WaitQueue_methods[] = {
    {"enqueue", (PyCFunction)WaitQueue_enqueue, METH_O, NULL},
    {"push", (PyCFunction)WaitQueue_push, METH_O, NULL},
    {"dequeue", (PyCFunction)WaitQueue_dequeue, METH_NOARGS, NULL},
    {"waiting", (PyCFunction)WaitQueue_waiting, METH_NOARGS, NULL},
    {"remove", (PyCFunction)WaitQueue_remove, METH_O, NULL},
    {NULL},
};

static PyMemberDef G_members[] = {
    OBJECTS(G, link),
    OBJECTS(G, fn),
    OBJECTS(G, args),
    OBJECTS(G, kwargs),
    OBJECTS(G, waiting),
    OBJECTS(G, scope),
    OBJECTS(G, selected),
    OBJECTS(G, context),
    OBJECTS(G, bubble),
    OBJECTS(G, code),
    FIELD(G, id, T_LONGLONG),
    FIELD(G, parent, T_LONGLONG),
    FIELD(G, lasti, T_INT),
    FIELD(G, durable, T_BOOL),
    FIELD(G, idle, T_BOOL),
    {NULL},
};

static PyGetSetDef G_getset[] = {{"greenlet", (getter)G_greenlet, (setter)G_set_greenlet, NULL, NULL}, {NULL}};

static PyMemberDef Worker_members[] = {OBJECTS(Worker, gp), OBJECTS(Worker, greenlet), OBJECTS(Worker, link), {NULL}};

static PyMemberDef Sched_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(Sched, dict), READONLY, NULL},
    FIELD(Sched, attention, T_BOOL),
    FIELD(Sched, breathe, T_BOOL),
    FIELD(Sched, ending, T_BOOL),
    FIELD(Sched, explicit, T_BOOL),
    FIELD(Sched, idle, T_BOOL),
    FIELD(Sched, size, T_PYSSIZET),
    FIELD(Sched, gsize, T_PYSSIZET),
    FIELD(Sched, gfree_size, T_PYSSIZET),
    FIELD(Sched, free_size, T_PYSSIZET),
    FIELD(Sched, goid, T_LONGLONG),
    FIELD(Sched, live, T_LONGLONG),
    FIELD(Sched, tick, T_LONGLONG),
    FIELD(Sched, inherited, T_LONGLONG),
    FIELD(Sched, slice_end, T_LONGLONG),
    FIELD(Sched, polls, T_LONGLONG),
    FIELD(Sched, random, T_LONGLONG),
    OBJECTS(Sched, curg),
    OBJECTS(Sched, runnext),
    OBJECTS(Sched, head),
    OBJECTS(Sched, tail),
    OBJECTS(Sched, ghead),
    OBJECTS(Sched, gtail),
    OBJECTS(Sched, gfree),
    OBJECTS(Sched, handoff),
    OBJECTS(Sched, starting),
    OBJECTS(Sched, hub),
    OBJECTS(Sched, free),
    OBJECTS(Sched, poller),
    {NULL},
};

static PyGetSetDef Sched_getset[] = {{"timers", (getter)Sched_timers, (setter)Sched_set_timers, NULL, NULL}, {NULL}};

static PyMemberDef Chan_members[] = {
    {"_capacity", T_PYSSIZET, offsetof(Chan, capacity), READONLY, NULL},
    {"_count", T_PYSSIZET, offsetof(Chan, count), READONLY, NULL},
    {"_closed", T_BOOL, offsetof(Chan, closed), READONLY, NULL},
    {"_recvq", T_OBJECT, offsetof(Chan, recvq), READONLY, NULL},
    {"_sendq", T_OBJECT, offsetof(Chan, sendq), READONLY, NULL},
    {"_guarded", T_BOOL, offsetof(Chan, guarded), 0, NULL},
    {"_cls", T_OBJECT, offsetof(Chan, cls), 0, NULL},
    {"_type", T_OBJECT, offsetof(Chan, type), 0, NULL},
    {"_zero", T_OBJECT, offsetof(Chan, zero), 0, NULL},
    {"_timer", T_OBJECT, offsetof(Chan, timer), 0, NULL},
    {NULL},
};

static PyMethodDef Chan_methods[] = {
    {"send", (PyCFunction)Chan_send, METH_O, "send($self, v, /)\n--\n\nSend v: Go's `ch <- v`."},
    {"recv", (PyCFunction)Chan_recv, METH_NOARGS, "recv($self)\n--\n\nReceive the next value: Go's `<-ch`."},
    {"recv_ok", (PyCFunction)Chan_recv_ok, METH_NOARGS,
     "recv_ok($self)\n--\n\nReceive the next value, and whether there was one: Go's `v, ok := <-ch`."},
    {"close", (PyCFunction)Chan_close, METH_NOARGS, "close($self)\n--\n\nClose the channel: Go's `close(ch)`."},
    {"_can_recv", (PyCFunction)Chan_can_recv, METH_NOARGS, NULL},
    {"_can_send", (PyCFunction)Chan_can_send, METH_NOARGS, NULL},
    {"_try_send", (PyCFunction)Chan_try_send, METH_O, NULL},
    {"_give_back", (PyCFunction)Chan_give_back, METH_O, NULL},
    {"_pop", (PyCFunction)Chan_pop, METH_NOARGS, NULL},
    {NULL},
};

static PyGetSetDef Chan_getset[] = {{"cap", (getter)Chan_cap, NULL, NULL, NULL}, {NULL}};

static PyMemberDef Case_members[] = {
    FIELD(Case, kind, T_INT),  OBJECTS(Case, chan), OBJECTS(Case, value),
    FIELD(Case, index, T_PYSSIZET), OBJECTS(Case, link), {NULL},
};

#define SLOT(name, function) {Py_##name, (void *)(function)}

static PyType_Slot Waiter_slots[] = {
    SLOT(tp_new, PyType_GenericNew), SLOT(tp_init, no_init), SLOT(tp_dealloc, Waiter_dealloc),
    SLOT(tp_members, Waiter_members), {0},
};
static PyType_Slot WaitQueue_slots[] = {
    SLOT(tp_new, PyType_GenericNew),       SLOT(tp_init, WaitQueue_init),       SLOT(tp_dealloc, WaitQueue_dealloc),
    SLOT(tp_members, WaitQueue_members), SLOT(tp_methods, WaitQueue_methods), {0},
};
static PyType_Slot G_slots[] = {
    SLOT(tp_new, G_new), SLOT(tp_init, no_init), SLOT(tp_dealloc, G_dealloc),
    SLOT(tp_traverse, G_traverse), SLOT(tp_members, G_members), SLOT(tp_getset, G_getset), {0},
};
static PyType_Slot Worker_slots[] = {
    SLOT(tp_new, PyType_GenericNew), SLOT(tp_init, no_init), SLOT(tp_dealloc, Worker_dealloc),
    SLOT(tp_members, Worker_members), {0},
};
static PyType_Slot Sched_slots[] = {
    SLOT(tp_new, Sched_new), SLOT(tp_members, Sched_members), SLOT(tp_getset, Sched_getset), {0},
};
static PyType_Slot Chan_slots[] = {
    SLOT(tp_new, Chan_new),         SLOT(tp_init, no_init),         SLOT(tp_dealloc, Chan_dealloc),
    SLOT(tp_traverse, Chan_traverse), SLOT(tp_clear, Chan_clear),       SLOT(tp_iter, PyObject_SelfIter),
    SLOT(tp_iternext, Chan_next),     SLOT(nb_lshift, Chan_lshift),     SLOT(nb_bool, Chan_bool),
    SLOT(sq_length, Chan_len),        SLOT(tp_members, Chan_members),   SLOT(tp_methods, Chan_methods),
    SLOT(tp_getset, Chan_getset),     {0},
};
static PyMethodDef Case_methods[] = {{"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL}, {NULL}};

static PyType_Slot Case_slots[] = {
    SLOT(tp_new, Case_new),           SLOT(tp_init, no_init),   SLOT(tp_dealloc, Case_dealloc),
    SLOT(tp_traverse, Case_traverse), SLOT(tp_clear, Case_clear), SLOT(tp_members, Case_members),
    SLOT(tp_methods, Case_methods),   {0},
};

static PyType_Spec specs[] = {
    {"gochan.runtime.runtime2.Waiter", sizeof(Waiter), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, Waiter_slots},
    {"gochan.runtime.runtime2.WaitQueue", sizeof(WaitQueue), 0, Py_TPFLAGS_DEFAULT, WaitQueue_slots},
    {"gochan.runtime.runtime2.G", sizeof(G), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, G_slots},
    {"gochan.runtime.runtime2.Worker", sizeof(Worker), 0, Py_TPFLAGS_DEFAULT, Worker_slots},
    {"gochan.runtime.runtime2.Sched", sizeof(Sched), 0, Py_TPFLAGS_DEFAULT, Sched_slots},
    {"gochan.runtime.chan.Chan", sizeof(Chan), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, Chan_slots},
    {"gochan.runtime.select.Case", sizeof(Case), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, Case_slots},
};
static PyTypeObject **types[] = {&Waiter_type, &WaitQueue_type, &G_type, &Worker_type,
                                 &Sched_type,  &Chan_type,      &Case_type};

static PyMethodDef functions[] = {
    {"fall_back", core_fall_back, METH_O, "Have this function of Python's called for what C leaves to it."},
    {"ready", core_ready, METH_O, NULL},
    {"put", core_put, METH_O, NULL},
    {"put_global", core_put_global, METH_O, NULL},
    {"pick", core_pick, METH_NOARGS, NULL},
    {"blocker", core_blocker, METH_NOARGS, NULL},
    {"getg", core_getg, METH_NOARGS, NULL},
    {"park", (PyCFunction)(void (*)(void))core_park, METH_FASTCALL, NULL},
    {"gosched", core_gosched, METH_NOARGS, "gosched()\n--\n\nLet the others run: Go's runtime.Gosched."},
    {"yield_local", core_yield_local, METH_O, NULL},
    {"poll_point", core_poll_point, METH_NOARGS, NULL},
    {"go", (PyCFunction)(void (*)(void))core_go, METH_FASTCALL | METH_KEYWORDS,
     "go($module, _fn, /, *args, **kwargs)\n--\n\nStart a goroutine that calls `_fn(*args, **kwargs)`: Go's `go` "
     "statement."},
    {"new_g", (PyCFunction)(void (*)(void))core_new_g, METH_FASTCALL, NULL},
    {"start", core_start, METH_O, NULL},
    {"work", core_work, METH_NOARGS, NULL},
    {"recv", core_recv, METH_O,
     "recv($module, ch, /)\n--\n\nMake the case of a select that receives from ch: Go's `case v, ok := <-ch`."},
    {"send", (PyCFunction)(void (*)(void))core_send, METH_FASTCALL,
     "send($module, ch, v, /)\n--\n\nMake the case of a select that sends v into ch: Go's `case ch <- v`."},
    {"select", (PyCFunction)(void (*)(void))core_select, METH_FASTCALL,
     "select($module, /, *cases)\n--\n\nWait until one of the cases can go on, and run that one: Go's `select`."},
    {NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "gochan.runtime.core", "See core.c.", -1, functions,
};

static int intern_all(void)
{
    static const struct {
        PyObject **place;
        const char *text;
    } strings[] = {
        {&nothing, ""},           {&chan_send_, "chan send"},
        {&select_, "select"},     {&chan_receive, "chan receive"},
        {&now_, "now"},           {&select_no_cases, "select (no cases)"},
        {&run_, "run"},           {&wake_, "wake"},
        {&check_, "_check"},       {&guard_, "_guard"},
        {&blocked_, "blocked"},   {&park_on_timer_, "_park_on_timer"},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if ((*strings[i].place = PyUnicode_InternFromString(strings[i].text)) == NULL)
            return -1;
    return 0;
}

static PyObject *imported(const char *module_name, const char *name)
{
    PyObject *m = PyImport_ImportModule(module_name);
    PyObject *found = m != NULL ? PyObject_GetAttrString(m, name) : NULL;
    Py_XDECREF(m);
    return found;
}

PyMODINIT_FUNC PyInit_core(void)
{
    PyGreenlet_Import();
    if (_PyGreenlet_API == NULL || intern_all() < 0)
        return NULL;
    Any = imported("typing", "Any");
    Panic = imported("gochan.runtime.error", "Panic");
    Unwind = imported("gochan.runtime.error", "Unwind");
    GreenletExit = imported("greenlet", "GreenletExit");
    PyObject *m = PyModule_Create(&module);
    if (Any == NULL || Panic == NULL || Unwind == NULL || GreenletExit == NULL || m == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        PyObject *base = specs[i].slots == G_slots || specs[i].slots == Case_slots ? OBJECT(Waiter_type) : NULL;
        PyObject *type = PyType_FromSpecWithBases(&specs[i], base);
        if (type == NULL || PyModule_AddObjectRef(m, strrchr(specs[i].name, '.') + 1, type) < 0)
            return NULL;
        *types[i] = (PyTypeObject *)type;
    }
    if (PyModule_AddObjectRef(m, "COMPILED", Py_True) < 0)
        return NULL;
    return m;
}

/* The data of the C implementation: Go's runtime/runtime2.go.

   Invariants
   - A waiter is in at most one wait queue, and `queue` names it.
   - A goroutine runs (S.curg), is in the run queue (S.runnext, or a list linked by `link`), or waits. It never does
     two of these at once, and `status` says which. A call that would break this raises an exception.
   - At most one case of a select wins: the first that is dequeued becomes `selected`, and the other cases are ignored.
   - Queues, lists and S.curg hold borrowed references. The scheduler owns one reference to each goroutine from its
     start to its end. A thread owns its G, and the caller of select_async owns the G that it gets.
   - A step, from the first change of this data to the last, runs no Python code: it allocates no object that the
     garbage collector tracks, and it drops no reference that may be the last one to a user's object. What a step needs
     is allocated before it. */

#ifndef GOCHAN_ENGINE_H
#define GOCHAN_ENGINE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <greenlet/greenlet.h>
#include <stddef.h>
#include <structmember.h>

#include "docstrings.h"
#include "internals.h"

#define OBJECT(o) ((PyObject *)(o))
#define CONTAINER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

typedef struct g G;
typedef struct cas Case;
typedef struct bubble Bubble;
typedef struct waitgroup WaitGroup;
typedef struct waiter Waiter;

/* --- timers (time.c) ---------------------------------------------------------------------------------------------- */

enum timer_kind { T_SLEEP, T_TIMEOUT, T_CHAN, T_FUNC };

/* A timer, embedded in its owner: a G, a Case, a ChanTimer or a Timer. */
typedef struct {
    struct timers *heap;     /* the heap that it is in */
    int index;               /* its index in the heap; -1: in no heap */
    enum timer_kind kind;
} TimerNode;

/* An entry of a timer heap. The keys are here, and not in the timers, because the heap compares neighbours: with the
   timers in many cache lines, a stop took twice as long. */
typedef struct {
    long long when;          /* ns on the heap's clock */
    unsigned long long seq;  /* the order of timers that are due at the same time */
    TimerNode *timer;
} TimerEntry;

/* A heap of timers, and their clock. */
typedef struct timers {
    TimerEntry *entries;
    Py_ssize_t count, room;
    unsigned long long seq;
    char is_virtual;   /* a bubble's: the clock reads `moment`, which only the bubble's root changes */
    long long moment;
} Timers;

/* --- wait queues -------------------------------------------------------------------------------------------------- */

typedef struct {
    Waiter *first, *last;
    Bubble *bubble;  /* the synctest bubble of the channel or WaitGroup, which owns the reference */
} WaitQueue;

/* An entry of a wait queue: Go's sudog. */
#define WAITER                                                                                                       \
    PyObject_HEAD                                                                                                    \
    Waiter *next, *prev;  /* the entries after and before it */                                                      \
    WaitQueue *queue;     /* the queue it is in; NULL: none */                                                       \
    G *gp;                /* the goroutine that waits; a G's own entry is the G itself */                            \
    PyObject *elem;       /* the value to send, or the one received; owned */                                        \
    char success;         /* whether a value was sent or received; 0 if close() woke it */

struct waiter {
    WAITER
};

/* --- goroutines (proc.c) ------------------------------------------------------------------------------------------ */

enum g_status { G_IDLE, G_RUNNABLE, G_RUNNING, G_WAITING, G_DEAD };
enum g_kind { G_GOROUTINE, G_THREAD, G_ASYNC };

/* The fields that a new goroutine needs are next to each other: with many goroutines each cache line counts. */
struct g {
    WAITER
    unsigned char status; /* enum g_status */
    unsigned char kind;   /* enum g_kind */
    char chosen;          /* an exception ended the wait when another goroutine had already ended it */
    char durable, uncounted;   /* its select is durable; its bubble does not count it as running */
    char ended;           /* of a thread: its wait ends with wait_error; of main: it has called Goexit */
    int lasti;            /* the instruction in `code` that started it */
    unsigned program;     /* the number of its program; goroutines of earlier programs are ignored */
    G *link;              /* the next in the run queue, or in the list of free ones */
    PyObject *fn, *args, *kwargs, *context;
    PyObject *code;       /* the code that started it */
    PyObject *greenlet;   /* NULL until it first runs */
    Mark mark;            /* identifies its greenlet quickly */
    long long id, parent; /* its number, and that of the goroutine that started it; 0: none did */
    PyObject *scope;      /* its deferred calls: see scope.py */
    Bubble *bubble;
    WaitGroup *group;     /* the WaitGroup that counts it: WaitGroup.go */
    PyObject *reason;     /* what it waits for, in Go's words; immortal; NULL: it does not wait */
    long long since;      /* when it began to wait, on the coarse clock; of a thread, too; 0: not known */
    Waiter *selected;     /* the case that won, until the select has handled it */
    Case *cases;          /* the last of the cases that it waits in, linked to those before; owned */
    TimerNode timer;      /* of its sleep */
    unsigned long long ticket; /* its place in the NotifyList that it waits in */
    struct thread_wait *sleep; /* for a thread; NULL for a goroutine */
};

/* What a thread that is not the scheduler's sleeps on. */
struct thread_wait {
    PyThread_type_lock lock;
    unsigned long thread;  /* its ident */
    PyObject *wait_error;  /* the message of the exception that ends its wait; owned */
    G *next;               /* the next in the list of threads that wait */
};

/* A greenlet that runs one goroutine after another. It lives until the greenlet's function returns. */
typedef struct worker {
    PyGreenlet *greenlet;
    G *gp;                      /* the goroutine that it runs; NULL: it is idle */
    struct worker *link;        /* the next idle worker */
    struct worker *next, *prev; /* the ring of all workers */
    char spare;                 /* it is in S.spare, and in no ring */
} Worker;

struct bubble {
    PyObject_HEAD
    long long id;
    G *root;         /* the caller of synctest.test, which moves the clock */
    G *main;         /* runs the test */
    G *waiter;       /* the one that waits in synctest.wait */
    Py_ssize_t total, running; /* its goroutines; those of them that are not durably blocked */
    Py_ssize_t active;         /* goroutines that it has woken and that have not run yet */
    char done;       /* main has ended, and time stands still */
    Timers timers;
};

/* --- channels (chan.c) -------------------------------------------------------------------------------------------- */

enum { STOPPED = -1 };

/* The timer of a channel. It is in the heap only while a goroutine waits on the channel; at any other time the next use
   of the channel fires it if `due` has passed. So a timer without references is garbage, and no heap keeps it alive. */
typedef struct {
    TimerNode node;
    struct chan *chan;
    Bubble *bubble;      /* the bubble whose clock it uses; NULL: the real clock; owned */
    long long due, period;
    unsigned generation; /* counts stops and resets: a value sent before one is stale */
    char fired;          /* it has fired, and was not stopped or reset since; for the repr */
} ChanTimer;

typedef struct chan {
    PyObject_HEAD
    Py_ssize_t capacity, count, recvx, sendx, size; /* size: of the buffer, which grows up to capacity */
    char closed;
    char guarded;      /* every operation must check the bubble or the timer first */
    PyObject **buf;
    WaitQueue recvq, sendq;
    Bubble *bubble;
    PyObject *cls;     /* the class of nearly every value; NULL: any value is allowed */
    PyObject *type, *zero;
    ChanTimer *timer;
    PyObject *weakrefs;
    unsigned traced;   /* its number in recordings; 0: none yet */
} Chan;

enum case_kind { RECV, SEND, TIMEOUT, DEFAULT };

struct cas {
    WAITER
    unsigned char kind; /* enum case_kind */
    char given;         /* it was passed to a select; if never, it warns when it is freed */
    int index;          /* its index in the select, while it waits */
    int text;           /* the number of the text of `value` in a recording of values; 0: none */
    Case *link;         /* the case enqueued before it; owned */
    Chan *chan;
    PyObject *value;    /* the value to send */
    double seconds;     /* of a timeout */
    TimerNode timer;
};

/* --- timers of package time (sleep.c) ----------------------------------------------------------------------------- */

/* A reading of both clocks, which a receiver turns into a Time. Not tracked by the collector. */
typedef struct {
    PyObject_HEAD
    long long wall, mono;
    unsigned generation; /* of its timer, when it was sent */
} Moment;

typedef struct timer {
    PyObject_HEAD
    TimerNode node;   /* an after_func's */
    Chan *chan;       /* a new_timer's channel; NULL for an after_func's */
    PyObject *fn, *context, *code;
    int lasti;
    char fired;       /* it has fired and was not reset since; for the repr */
    long long parent;
    G *g;             /* the goroutine that it starts when it fires, made in advance */
    Bubble *bubble;   /* the bubble whose clock it uses */
} Timer;

typedef struct {
    PyObject_HEAD
    Chan *chan;
} Ticker;

/* --- descriptors (fd.c) ------------------------------------------------------------------------------------------- */

enum mode { READ, WRITE };

/* One direction of a descriptor. */
typedef struct {
    char ready;         /* a try may succeed */
    char locked;        /* an operation is under way */
    G *waiter;          /* the goroutine that is parked until the direction is ready */
    WaitQueue queue;    /* those that wait for the operation under way to end */
    long long deadline; /* ns on the monotonic clock; 0: none */
} Side;

typedef struct {
    PyObject_HEAD
    PyObject *owner;     /* the socket, closed by its method `close`; None: there is nothing to close */
    PyObject *weakrefs;
    int sysfd;
    char stream;         /* TCP: a read that gets less than it asks for has taken all there is */
    char hangup;         /* unless this is set: the peer has hung up, or has sent urgent data */
    char bulk;           /* how many more reads go without a copy: set by one that got more than SMALL bytes */
    char closing;
    unsigned calls;      /* calls under way that let other threads run */
    unsigned poller;     /* the number of the poller that it is registered with; 0: none */
    unsigned process;    /* the number of the process that used it last */
    unsigned traced;     /* its number in recordings; 0: none yet */
    Side side[2];
} FD;

static PyTypeObject *FD_type;

/* --- the semaphore (sema.c) --------------------------------------------------------------------------------------- */

/* A counting semaphore: Go's runtime/sema.go. */
typedef struct {
    Py_ssize_t value;
    WaitQueue queue;
} Sema;

/* --- the scheduler (runq.c, worker.c, proc.c) --------------------------------------------------------------------- */

typedef struct post {
    struct post *next;
    PyObject *fn;
} Post;

static struct {
    /* Of the program that runs. */
    unsigned program;       /* its number */
    unsigned first_program; /* that of this process's first: what waits for a lower one waits in the parent process */
    unsigned long thread;   /* the ident of its thread; 0: no program runs */
    G *main, *last_main;    /* owned; last_main: of the program before, whose last call may not have returned */
    G *curg;                /* the goroutine that runs; NULL: the hub runs, or no program */
    PyObject *hub;          /* the hub's greenlet */
    char hub_parked;        /* the hub waits in its own loop, and in no hook */
    char ending;            /* main has returned, and goroutines are being unwound */
    char forked;            /* this process is a child that was forked while a program ran */
    char threw_into_main;   /* the hub has thrown `fatal` into main, whose wait is not undone yet */
    PyObject *fatal;        /* the exception that ends the program, until the hub throws it into main */
    PyObject *kept;         /* another exception for main, raised by a hook after a step */
    G *handoff;             /* the goroutine that was picked, until the switch to it: the hub may have to start it */
    Worker *starting;       /* the worker whose greenlet is about to start */
    long long goid, live;   /* the id of the newest goroutine; the number of goroutines */
    Worker *workers, *free; /* all workers; the idle ones */
    PyObject *keeper;       /* the greenlet whose programs leave their hub and idle workers to its next one; or NULL */
    PyObject *spare_hub;    /* what they have left */
    Worker *spare;
    Py_ssize_t free_size;
    G *threads;             /* other threads that wait */
    PyObject *no_waiting;   /* why threads may no longer wait: the error's message; NULL: they may */
    /* The run queue: Go's one P and the global queue. */
    G *runnext, *head, *tail, *ghead, *gtail;
    Py_ssize_t size, gsize;
    G *gfree;               /* ended goroutines, to be reused */
    Py_ssize_t gfree_size;
    long long tick;         /* counts the goroutines taken from the queues: every 61st is the global one's */
    long long inherited, slice_end; /* of the run-next chain: its switches, and the end of its time slice */
    unsigned polls;
    /* These outlive the program. */
    char hub_asleep;        /* the hub sleeps, and must be woken if a goroutine becomes ready */
    char wake;              /* the current step made a goroutine ready: wake the hub after it; or NAME_THREADS */
    char trace;             /* what goroutines do is recorded: see trace.c; 2: with values */
    char shared;            /* an event loop shares the thread, and is to run at loop_due */
    char watched;           /* a watchdog reads heartbeats */
    char timed;             /* each wait reads the clock, for a debug page */
    char posted;            /* the inbox is not empty */
    char frozen;            /* for tests: the clock always reads moment */
    long long moment;
    long long loop_due, heartbeats;
    char use_selectors;     /* Python waits for descriptors: see netpoll.c */
    Py_ssize_t io_waiters;  /* how many wait for a descriptor */
    long long io_due;       /* when to poll although goroutines run */
    long long random;
    char exploring;         /* gochan.explore decides what runs next: `pick` returns `chosen`, and the clock is its own */
    G *chosen;              /* the goroutine that it has chosen, taken out of the run queue; NULL: ask it */
    long long ready_case;   /* of the cases that can run, the one that selects are to take, from 1; 0: a random one */
    Timers timers;
    Post *inbox, *inbox_last;
} S;

/* Go's numbers: the local queue's size, the tick at which the global one goes first, the time slice in ns. */
enum { LOCAL = 256, FAIRNESS = 61, SLICE = 10000000 };
/* The most idle greenlets and ended goroutines to keep for the next `go`; a buffer's first size; the most freed Cases
   to keep; within how many ns timers fire together. */
enum { IDLE_WORKERS = 1024, FIRST_BUFFER = 16, SPARE_CASES = 64, BURST = 300000 };

/* A flag of S.wake: the step has recorded a thread whose name is not known yet. */
enum { NAME_THREADS = 2 };

static PyTypeObject *G_type, *Bubble_type, *Chan_type, *Case_type, *Moment_type, *Timer_type, *Ticker_type;
static PyTypeObject *WaitGroup_type, *Mutex_type, *RWMutex_type, *RLocker_type, *NotifyList_type;
static PyObject *Any, *builtins, *partial, *Nanoseconds, *Panic, *Unwind, *work_function, *hub_function;

/* The Python functions that the engine calls between steps: see run.py. */
static struct {
    PyObject *enter, *spawner, *poll, *goroutine_ended, *program_ended, *check_result, *seconds, *make_time, *check,
        *check_namespace, *element, *type_name, *check_type, *wake, *arm, *name_threads, *trace_value;
} hooks;

/* --- recording (trace.c) ------------------------------------------------------------------------------------------ */

static void trace_go(G *gp);
static void trace_ready(G *gp);
static void trace_run(G *gp);
static void trace_main(G *gp);
static void trace_park(G *gp);
static void trace_yield(G *gp);
static void trace_end(G *gp);
static void trace_sent(Chan *ch);
static void trace_received(Chan *ch);
static void trace_closed(Chan *ch);
static void trace_fire(TimerNode *t);
static void trace_fired(void);
static void trace_waits_for(PyObject *fd);
static void trace_polled(G *gp);
static int trace_sends(PyObject *v);
static void trace_text(int number);
static int trace_case(Case *c);
static int trace_received_value(Chan *ch, PyObject *v);

/* --- references --------------------------------------------------------------------------------------------------- */

/* Drop the result of a call; return 0, or -1 for NULL. */
static inline int done(PyObject *result)
{
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static inline PyObject *as_none(int status)
{
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static inline PyObject *or_none(void *o)
{
    return Py_NewRef(o != NULL ? OBJECT(o) : Py_None);
}

/* Return an attribute of a module, which is imported. */
static PyObject *imported(const char *module_name, const char *name)
{
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *found = module != NULL ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return found;
}

/* Raise a Panic; always return -1. */
static NOINLINE int panic(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    PyObject *exc = text != NULL ? PyObject_CallOneArg(Panic, text) : NULL;
    if (exc != NULL)
        PyErr_SetObject(Panic, exc);
    Py_XDECREF(exc);
    Py_XDECREF(text);
    return -1;
}

/* Return the name of a type, without its module. */
static const char *short_name(PyTypeObject *type)
{
    const char *dot = strrchr(type->tp_name, '.');
    return dot != NULL ? dot + 1 : type->tp_name;
}

/* The tp_dealloc of types without references, and the tp_new of types without arguments. */
static void plain_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *new_plain(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) > 0 || (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0))
        return PyErr_Format(PyExc_TypeError, "%s() takes no arguments", short_name(type));
    return type->tp_alloc(type, 0);
}

/* The __reduce__ of all types: they cannot be pickled or copied. */
static PyObject *refuse_pickling(PyObject *self, PyObject *unused UNUSED)
{
    return PyErr_Format(PyExc_TypeError, "%s cannot be pickled or copied: it lives in one process; share it there",
                        short_name(Py_TYPE(self)));
}

#endif

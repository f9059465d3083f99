/* Descriptors, and the poller that goroutines wait in for them. Go's internal/poll/fd_unix.go, fd_mutex.go and
   runtime/netpoll.go, netpoll_epoll.go.

   An operation is tried first, and parks its goroutine only when the system says that it would block. On Linux the poller
   is an epoll, edge-triggered: a descriptor is registered once, when something first waits for it, and its two flags
   `ready` remember the edges. `pick` polls without waiting when nothing is runnable, and every 10 ms otherwise; the hub
   sleeps in `netpoll_wait`. Elsewhere, and if `sched.use_selectors` is set, Python waits with selectors (netpoll.py): the
   hook `arm` asks for one event, and `netpoll_ready` reports it.

   Invariants
   - At most one operation holds each direction of a descriptor: `locked`. So at most one goroutine waits in it: `waiter`.
   - `waiter` is set only while that goroutine is in `wait_ready`, which clears it first of all.
   - `ready` is 0 only if an event will come for what the last try did not get.
   - The socket is closed only while no call is under way that lets other threads run: `calls`. So its number is not used
     again under a call. */

#ifndef _WIN32
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif
/* GOCHAN_NO_EPOLL compiles what other systems have. */
#if defined(__linux__) && !defined(GOCHAN_NO_EPOLL)
#include <sys/epoll.h>
#include <sys/eventfd.h>
#define HAVE_EPOLL_POLLER 1
#else
#define HAVE_EPOLL_POLLER 0
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum mode { READ, WRITE };
/* How many events one poll takes, as in Go; how long goroutines run before the poller is asked, in ns; the size of the
   buffer that reads go through; up to how many bytes it costs less to copy them from there than to receive them into a
   bytes object of full size, which is then shrunk. */
enum { EVENTS = 128, IO_INTERVAL = 10000000, SCRATCH = 65536, SMALL = 16384 };

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
static PyObject *ErrClosed;
/* What a goroutine waits for, in Go's words. */
static PyObject *io_wait, *semacquire;

static struct {
    unsigned number;    /* which poller it is: a descriptor of an earlier one must be registered again */
    unsigned process;   /* counts forks */
#if HAVE_EPOLL_POLLER
    int epfd, wake_fd;  /* -1: not open */
    char woken;         /* the next wait returns at once */
    FD **fds;           /* what is registered, by number; borrowed */
    int room;
#endif
} poller = {
    .number = 1,
#if HAVE_EPOLL_POLLER
    .epfd = -1,
    .wake_fd = -1,
#endif
};

/* --- the poller ------------------------------------------------------------------------------------------------- */

/* Set a direction's flag `ready`, and put the goroutine that waits for it at the head of the list. */
static void take_event(FD *fd, enum mode mode, G **list)
{
    Side *side = &fd->side[mode];
    G *gp = side->waiter;
    side->ready = 1;
    if (gp == NULL || gp->status != G_WAITING)
        return;
    remove_timer(&gp->timer);
    if (gp->kind == G_THREAD) {
        ready_thread(gp);
        return;
    }
    if (UNLIKELY(S.trace))
        trace_polled(gp);
    gp->reason = NULL;
    gp->status = G_RUNNABLE;
    gp->link = *list;
    *list = gp;
}

/* Put what a poll has made ready into a queue: Go's injectglist. */
static void inject(G *list, int global)
{
    while (list != NULL) {
        G *next = list->link;
        if (global)
            put_global(list);
        else
            put(list);
        list = next;
    }
}

#if HAVE_EPOLL_POLLER

static void close_poller(void)
{
    if (poller.epfd >= 0)
        close(poller.epfd);
    if (poller.wake_fd >= 0)
        close(poller.wake_fd);
    PyMem_RawFree(poller.fds);
    poller.epfd = poller.wake_fd = -1;
    poller.woken = 0;
    poller.fds = NULL;
    poller.room = 0;
    poller.number++;
}

static int open_poller(void)
{
    if (poller.epfd >= 0)
        return 0;
    struct epoll_event event = {.events = EPOLLIN};
    poller.epfd = epoll_create1(EPOLL_CLOEXEC);
    poller.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    event.data.fd = poller.wake_fd;
    if (poller.epfd < 0 || poller.wake_fd < 0 || epoll_ctl(poller.epfd, EPOLL_CTL_ADD, poller.wake_fd, &event) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        close_poller();
        return -1;
    }
    return 0;
}

/* Register fd with the poller, which reports its events from now on. */
static int register_fd(FD *fd)
{
    if (open_poller() < 0)
        return -1;
    if (fd->sysfd >= poller.room) {
        int room = Py_MAX(fd->sysfd + 1, 2 * poller.room + 64);
        FD **fds = PyMem_RawRealloc(poller.fds, room * sizeof *fds);
        if (fds == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        memset(fds + poller.room, 0, (room - poller.room) * sizeof *fds);
        poller.fds = fds;
        poller.room = room;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET};
    event.data.fd = fd->sysfd;
    if (epoll_ctl(poller.epfd, EPOLL_CTL_ADD, fd->sysfd, &event) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    poller.fds[fd->sysfd] = fd;
    fd->poller = poller.number;
    return 0;
}

/* Stop reporting fd's events. To close it is not enough: a copy, for example in a child process, may stay open. */
static void unregister_fd(FD *fd)
{
    if (fd->poller == 0)
        return;
    if (fd->poller == poller.number && fd->sysfd < poller.room && poller.fds[fd->sysfd] == fd) {
        struct epoll_event event = {0};
        epoll_ctl(poller.epfd, EPOLL_CTL_DEL, fd->sysfd, &event);
        poller.fds[fd->sysfd] = NULL;
    }
    fd->poller = 0;
}

/* Handle events; return the goroutines that they make ready, the last one first, as in Go's gList. */
static G *take_events(struct epoll_event *events, int n)
{
    G *list = NULL;
    for (int i = 0; i < n; i++) {
        unsigned what = events[i].events;
        int sysfd = events[i].data.fd;
        if (sysfd == poller.wake_fd) {
            uint64_t count;
            poller.woken = 0;
            (void)!read(sysfd, &count, sizeof count); /* if it fails, the next poll tries again */
            continue;
        }
        FD *fd = sysfd < poller.room ? poller.fds[sysfd] : NULL;
        if (fd == NULL)
            continue;
        if (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI))
            fd->hangup = 1;
        if (what & ~EPOLLOUT)
            take_event(fd, READ, &list);
        if (what & (EPOLLOUT | EPOLLHUP | EPOLLERR))
            take_event(fd, WRITE, &list);
    }
    return list;
}

/* Poll without waiting, in a step; return what that makes ready. */
static NOINLINE G *poll_now(void)
{
    struct epoll_event events[EVENTS];
    S.io_due = clock_now() + IO_INTERVAL;
    if (poller.epfd < 0)
        return NULL;
    int n = epoll_wait(poller.epfd, events, EVENTS, 0);
    return n > 0 ? take_events(events, n) : NULL;
}

/* Wait for at most ns, -1 forever; return the number of events. The timeout is exact, where epoll's own is in ms. */
static int wait_events(struct epoll_event *events, long long ns)
{
    if (ns > 0 && ns % 1000000 != 0) {
        struct pollfd both = {.fd = poller.epfd, .events = POLLIN};
        struct timespec timeout = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
        int n = ppoll(&both, 1, &timeout, NULL);
        if (n <= 0)
            return n;
        ns = 0;
    }
    return epoll_wait(poller.epfd, events, EVENTS, ns < 0 ? -1 : (int)Py_MIN(ns / 1000000, INT_MAX));
}

/* Sleep until an event, a wake, or for ns; make ready what the events are for. Whether it was woken. */
static PyObject *engine_netpoll_wait(PyObject *module UNUSED, PyObject *arg)
{
    struct epoll_event events[EVENTS];
    long long ns = PyLong_AsLongLong(arg);
    if ((ns == -1 && PyErr_Occurred()) || open_poller() < 0)
        return NULL;
    int n, woken = poller.woken;
    if (woken)
        ns = 0;
    int epfd = poller.epfd;
    Py_BEGIN_ALLOW_THREADS
    n = wait_events(events, ns);
    Py_END_ALLOW_THREADS
    if (n < 0) {
        if (errno != EINTR)
            return PyErr_SetFromErrno(PyExc_OSError);
        if (PyErr_CheckSignals() < 0)
            return NULL;
        n = 0;
    }
    if (epfd == poller.epfd) {
        woken |= poller.woken;
        inject(take_events(events, n), 0);
        S.io_due = clock_now() + IO_INTERVAL;
    }
    return PyBool_FromLong(woken);
}

/* End the wait that is under way, or the next one: from a thread or a signal handler. */
static PyObject *engine_netpoll_wake(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    if (poller.wake_fd >= 0 && !poller.woken) {
        uint64_t one = 1;
        poller.woken = 1;
        if (write(poller.wake_fd, &one, sizeof one) < 0)
            poller.woken = 0;
    }
    Py_RETURN_NONE;
}

/* The descriptor that is readable while there are events. */
static PyObject *engine_netpoll_fileno(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    return open_poller() < 0 ? NULL : PyLong_FromLong(poller.epfd);
}

#else

static void close_poller(void)
{
    poller.number++;
}

static PyObject *no_epoll(void)
{
    return PyErr_Format(PyExc_NotImplementedError, "netpoll: this system has no epoll");
}

static int register_fd(FD *fd UNUSED)
{
    no_epoll();
    return -1;
}

static void unregister_fd(FD *fd)
{
    fd->poller = 0;
}

static G *poll_now(void)
{
    return NULL;
}

static PyObject *engine_netpoll_wait(PyObject *module UNUSED, PyObject *arg UNUSED)
{
    return no_epoll();
}

static PyObject *engine_netpoll_wake(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    return no_epoll();
}

static PyObject *engine_netpoll_fileno(PyObject *module UNUSED, PyObject *unused UNUSED)
{
    return no_epoll();
}

#endif

/* In a forked child: the poller, and what is registered with it, is the parent's. */
static void forget_poller(void)
{
    close_poller();
    poller.process++;
}

/* Report events that Python has waited for: pairs of an FD and a mode, in the order in which they came. */
static PyObject *engine_netpoll_ready(PyObject *module UNUSED, PyObject *events)
{
    G *list = NULL;
    if (!PyList_Check(events))
        return PyErr_Format(PyExc_TypeError, "netpoll_ready: give a list of (FD, mode)");
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(events); i++) {
        PyObject *event = PyList_GET_ITEM(events, i);
        if (!PyTuple_Check(event) || PyTuple_GET_SIZE(event) != 2 || !PyObject_TypeCheck(PyTuple_GET_ITEM(event, 0), FD_type)) {
            inject(list, 0);
            return PyErr_Format(PyExc_TypeError, "netpoll_ready: %R is not an (FD, mode)", event);
        }
        enum mode mode = PyTuple_GET_ITEM(event, 1) == Py_False ? READ : WRITE;
        FD *fd = (FD *)PyTuple_GET_ITEM(event, 0);
        fd->hangup = 1;
        take_event(fd, mode, &list);
    }
    inject(list, 0);
    S.io_due = clock_now() + IO_INTERVAL;
    Py_RETURN_NONE;
}

/* --- one operation at a time ---------------------------------------------------------------------------------------- */

static NOINLINE int raise_closed(void)
{
    PyErr_SetString(ErrClosed, "use of closed network connection");
    return -1;
}

static NOINLINE int raise_timeout(void)
{
    PyErr_SetString(PyExc_TimeoutError, "i/o timeout");
    return -1;
}

/* Wake the first of those that wait for a direction, if that is free. */
static void wake_next(Side *side)
{
    Waiter *w = side->locked ? NULL : dequeue(&side->queue);
    if (w != NULL)
        ready(w->gp);
}

/* Start afresh in a forked child: the goroutines that used it are the parent's. */
static NOINLINE void adopt(FD *fd)
{
    fd->process = poller.process;
    fd->poller = 0;
    fd->calls = 0;
    for (int mode = READ; mode <= WRITE; mode++) {
        Side *side = &fd->side[mode];
        side->ready = 1;
        side->locked = 0;
        side->waiter = NULL;
        memset(&side->queue, 0, sizeof side->queue);
    }
}

/* Wait until the direction is free. */
static NOINLINE int wait_unlocked(FD *fd, Side *side)
{
    while (side->locked) {
        G *gp = blocker(), *entered = NULL;
        if (gp == NULL && (gp = entered = enter()) == NULL)
            return -1;
        int status = 0;
        if (side->locked && !fd->closing) {
            enqueue(&side->queue, (Waiter *)gp);
            if (UNLIKELY(S.trace))
                trace_waits_for(OBJECT(fd));
            status = park(gp, semacquire);
            if (status < 0) {
                if (gp->chosen)
                    wake_next(side);
                after_throw(gp);
            }
        }
        Py_XDECREF(entered);
        if (status < 0)
            return -1;
        if (fd->closing)
            return raise_closed();
    }
    return 0;
}

/* Free the direction. */
static inline void finish_io(FD *fd, enum mode mode)
{
    Side *side = &fd->side[mode];
    side->locked = 0;
    if (UNLIKELY(side->queue.first != NULL)) {
        wake_next(side);
        after_step();
    }
}

/* Begin an operation: -1 if the descriptor is closed or the deadline has passed, as an exception. */
static inline int begin_io(FD *fd, enum mode mode)
{
    Side *side = &fd->side[mode];
    /* A loop of operations none of which waits must end with its time slice. */
    if (poll_point() < 0)
        return -1;
    if (UNLIKELY(fd->process != poller.process))
        adopt(fd);
    if (UNLIKELY(fd->closing))
        return raise_closed();
    if (UNLIKELY(side->locked) && wait_unlocked(fd, side) < 0)
        return -1;
    if (UNLIKELY(side->deadline != 0) && side->deadline <= clock_now()) {
        /* The next one in the queue has the same deadline. */
        finish_io(fd, mode);
        return raise_timeout();
    }
    side->locked = 1;
    return 0;
}

/* Have the next event of fd reported. Python code may run. */
static NOINLINE int arm(FD *fd, enum mode mode)
{
    if (!S.use_selectors)
        return register_fd(fd);
    /* Before the hook: a signal handler may raise in it after it has asked for the event. */
    fd->poller = poller.number;
    return done(call_hook(hooks.arm, OBJECT(fd), mode == READ ? Py_False : Py_True));
}

/* Park until the direction, which the caller has locked, may be ready: -1 for an exception. */
static NOINLINE int wait_ready(FD *fd, enum mode mode)
{
    Side *side = &fd->side[mode];
    for (;;) {
        if (fd->closing)
            return raise_closed();
        if (side->ready)
            return 0;
        if (side->deadline != 0 && side->deadline <= clock_now())
            return raise_timeout();
        if ((fd->poller != poller.number || S.use_selectors) && arm(fd, mode) < 0)
            return -1;
        G *gp = blocker(), *entered = NULL;
        if (gp == NULL && (gp = entered = enter()) == NULL)
            return -1;
        int status = 0;
        if (side->deadline != 0 && reserve(&S.timers, 1) < 0)
            status = -1;
        else if (!fd->closing && !side->ready) {
            side->waiter = gp;
            S.io_waiters++;
            if (side->deadline != 0)
                add_timer(&S.timers, &gp->timer, side->deadline);
            /* A thread's wait may be the first for which the hub has to sleep in the poller. */
            S.wake |= S.hub_asleep;
            if (UNLIKELY(S.trace))
                trace_waits_for(OBJECT(fd));
            status = park(gp, io_wait);
            S.io_waiters--;
            side->waiter = NULL;
            remove_timer(&gp->timer);
            if (status < 0)
                after_throw(gp);
        }
        Py_XDECREF(entered);
        if (status < 0)
            return -1;
    }
}

/* --- FD ----------------------------------------------------------------------------------------------------------- */

/* FD(owner, fileno, stream) */
static PyObject *FD_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *owner;
    int sysfd, stream;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "FD() takes no keyword arguments");
    if (!PyArg_ParseTuple(args, "Oip:FD", &owner, &sysfd, &stream))
        return NULL;
    if (sysfd < 0)
        return PyErr_Format(PyExc_ValueError, "FD: %d is not a file descriptor", sysfd);
    FD *fd = (FD *)type->tp_alloc(type, 0);
    if (fd == NULL)
        return NULL;
    fd->owner = Py_NewRef(owner);
    fd->sysfd = sysfd;
    fd->stream = (char)stream;
    fd->process = poller.process;
    fd->side[READ].ready = fd->side[WRITE].ready = 1;
    return OBJECT(fd);
}

static void FD_dealloc(FD *fd)
{
    PyTypeObject *type = Py_TYPE(fd);
    /* First, so that `Selectors` forgets the number while it is still open. */
    if (fd->weakrefs != NULL)
        PyObject_ClearWeakRefs(OBJECT(fd));
    if (fd->process == poller.process)
        unregister_fd(fd);
    abandon_queue(&fd->side[READ].queue);
    abandon_queue(&fd->side[WRITE].queue);
    Py_XDECREF(fd->owner);
    type->tp_free(fd);
    Py_DECREF(type);
}

/* Close the socket, once nothing uses its number. */
static int close_owner(FD *fd)
{
    if (fd->calls > 0 || fd->owner == NULL)
        return 0;
    PyObject *owner = fd->owner;
    fd->owner = NULL;
    int status = owner == Py_None ? 0 : done(PyObject_CallMethod(owner, "close", NULL));
    Py_DECREF(owner);
    return status;
}

#ifdef _WIN32
/* Try a method of the socket's; view is given away. */
static Py_ssize_t try_socket(FD *fd, enum mode mode, const char *method, PyObject *view)
{
    fd->side[mode].ready = 0;
    fd->calls++;
    PyObject *result = PyObject_CallMethod(fd->owner, method, "O", view);
    Py_DECREF(view);
    fd->calls--;
    if (result == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_BlockingIOError))
            return -1;
        PyErr_Clear();
        return -2;
    }
    Py_ssize_t n = PyLong_AsSsize_t(result);
    fd->side[mode].ready = 1;
    Py_DECREF(result);
    return n;
}
#endif

/* Receive at most n bytes: their number; -1 for an exception; -2 to try again when the descriptor is ready. */
static Py_ssize_t recv_some(FD *fd, char *into, Py_ssize_t n)
{
#ifndef _WIN32
    Py_ssize_t got = recv(fd->sysfd, into, n, 0);
    if (got >= 0) {
        if (got < n && got > 0 && fd->stream && !fd->hangup)
            fd->side[READ].ready = 0;
        return got;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        fd->side[READ].ready = 0;
        return -2;
    }
    if (errno == EINTR)
        return PyErr_CheckSignals() < 0 ? -1 : -2;
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
#else
    PyObject *view = PyMemoryView_FromMemory(into, n, PyBUF_WRITE);
    return view != NULL ? try_socket(fd, READ, "recv_into", view) : -1;
#endif
}

/* Send some of n bytes: the number of those sent; -1 and -2 as recv_some. */
static Py_ssize_t send_some(FD *fd, const char *from, Py_ssize_t n)
{
#ifndef _WIN32
    Py_ssize_t sent = send(fd->sysfd, from, n, MSG_NOSIGNAL);
    if (sent >= 0)
        return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        fd->side[WRITE].ready = 0;
        return -2;
    }
    if (errno == EINTR)
        return PyErr_CheckSignals() < 0 ? -1 : -2;
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
#else
    PyObject *view = PyMemoryView_FromMemory((char *)from, n, PyBUF_READ);
    return view != NULL ? try_socket(fd, WRITE, "send", view) : -1;
#endif
}

static inline int can_try(FD *fd, enum mode mode)
{
    return fd->side[mode].ready || wait_ready(fd, mode) == 0;
}

/* Raise the current OSError as the exception that a connection's method `_error` makes of it. Always return NULL. */
static NOINLINE PyObject *failed(FD *fd, const char *operation)
{
    PyObject *exc = raised();
    if (Py_TYPE(fd) != FD_type && PyErr_GivenExceptionMatches(exc, PyExc_OSError)) {
        PyObject *made = PyObject_CallMethod(OBJECT(fd), "_error", "sO", operation, exc);
        if (made != NULL && PyExceptionInstance_Check(made)) {
            Py_DECREF(exc);
            PyException_SetCause(made, NULL);
            PyErr_SetObject(OBJECT(Py_TYPE(made)), made);
            Py_DECREF(made);
            return NULL;
        }
        Py_XDECREF(made);
        PyErr_Clear();
    }
    raise_again(exc);
    return NULL;
}

/* The argument of `read`, which has a default. */
static NOINLINE Py_ssize_t size_of(PyObject *const *args, Py_ssize_t n)
{
    if (n > 1) {
        PyErr_Format(PyExc_TypeError, "read() takes at most 1 argument (%zd given)", n);
        return -1;
    }
    Py_ssize_t size = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
    if (size < 0 && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "Conn.read: got %zd, want 0 or more bytes", size);
    return size;
}

/* Remember how much a read got: a large message often comes as large pieces and a small last one. */
static inline void learn(FD *fd, Py_ssize_t got)
{
    if (UNLIKELY(got > SMALL))
        fd->bulk = 2;
    else if (UNLIKELY(fd->bulk > 0))
        fd->bulk--;
}

/* Read at most n bytes without a copy. */
static NOINLINE PyObject *read_bulk(FD *fd, Py_ssize_t n)
{
    PyObject *result = NULL;
    while (can_try(fd, READ)) {
        /* Not before: a goroutine that waits holds no memory for what it waits for. */
        result = PyBytes_FromStringAndSize(NULL, n);
        if (result == NULL)
            break;
        Py_ssize_t got = recv_some(fd, PyBytes_AS_STRING(result), n);
        if (got >= 0) {
            learn(fd, got);
            _PyBytes_Resize(&result, got);
            break;
        }
        Py_CLEAR(result);
        if (got == -1)
            break;
    }
    return result;
}

static PyObject *FD_read(FD *fd, PyObject *const *args, Py_ssize_t n)
{
    static char scratch[SCRATCH];
    Py_ssize_t size = n == 0 ? SCRATCH : size_of(args, n), got = -1;
    if (size < 0)
        return NULL;
    if (begin_io(fd, READ) < 0)
        return failed(fd, "read");
    PyObject *result = NULL;
    if (size > SCRATCH || (UNLIKELY(fd->bulk) && size > SMALL))
        result = read_bulk(fd, size);
    else {
        while (size > 0 && can_try(fd, READ) && (got = recv_some(fd, scratch, size)) == -2)
            ;
        learn(fd, got);
        if (got >= 0 || size == 0)
            result = PyBytes_FromStringAndSize(scratch, size == 0 ? 0 : got);
    }
    finish_io(fd, READ);
    return result != NULL ? result : failed(fd, "read");
}

static PyObject *FD_read_into(FD *fd, PyObject *into)
{
    Py_buffer buffer;
    Py_ssize_t got = -1;
    if (PyObject_GetBuffer(into, &buffer, PyBUF_WRITABLE) < 0)
        return NULL;
    if (begin_io(fd, READ) == 0) {
        if (buffer.len == 0)
            got = 0;
        else
            while (can_try(fd, READ) && (got = recv_some(fd, buffer.buf, buffer.len)) == -2)
                ;
        finish_io(fd, READ);
    }
    PyBuffer_Release(&buffer);
    return got < 0 ? failed(fd, "read") : PyLong_FromSsize_t(got);
}

/* Write all of it. */
static PyObject *FD_write(FD *fd, PyObject *from)
{
    Py_buffer buffer;
    if (PyObject_GetBuffer(from, &buffer, PyBUF_SIMPLE) < 0)
        return NULL;
    Py_ssize_t sent = -1, done = 0;
    if (begin_io(fd, WRITE) == 0) {
        while (done < buffer.len && can_try(fd, WRITE)) {
            sent = send_some(fd, (const char *)buffer.buf + done, buffer.len - done);
            if (sent > 0)
                done += sent;
            else if (sent == -1)
                break;
        }
        finish_io(fd, WRITE);
    } else
        done = -1;
    int all = done == buffer.len;
    PyBuffer_Release(&buffer);
    return all ? PyLong_FromSsize_t(done) : failed(fd, "write");
}

/* Call fn(*args) again and again, until it raises no BlockingIOError, as the one operation in its direction:
   call(mode, fn, *args), where mode is False to read, True to write. */
static PyObject *FD_call(FD *fd, PyObject *const *args, Py_ssize_t n)
{
    if (n < 2)
        return PyErr_Format(PyExc_TypeError, "FD._call: give the mode and a function");
    enum mode mode = args[0] == Py_False ? READ : WRITE;
    Side *side = &fd->side[mode];
    if (begin_io(fd, mode) < 0)
        return NULL;
    PyObject *result = NULL;
    while (can_try(fd, mode)) {
        /* Before the call: during it, another thread may handle the next event. */
        side->ready = 0;
        fd->calls++;
        result = PyObject_Vectorcall(args[1], args + 2, n - 2, NULL);
        fd->calls--;
        int blocked = result == NULL && PyErr_ExceptionMatches(PyExc_BlockingIOError);
        if (!blocked)
            side->ready = 1;
        else
            PyErr_Clear();
        if (UNLIKELY(fd->closing)) {
            PyObject *exc = raised();
            if (close_owner(fd) < 0)
                PyErr_WriteUnraisable(OBJECT(fd));
            raise_again(exc);
        }
        if (!blocked)
            break;
    }
    finish_io(fd, mode);
    return result;
}

/* Let every operation under way end with ErrClosed. */
static void evict(FD *fd)
{
    fd->closing = 1;
    for (int mode = READ; mode <= WRITE; mode++) {
        Waiter *w;
        while ((w = dequeue(&fd->side[mode].queue)) != NULL)
            ready(w->gp);
    }
    for (int mode = READ; mode <= WRITE; mode++) {
        G *gp = fd->side[mode].waiter;
        if (gp != NULL && gp->status == G_WAITING) {
            remove_timer(&gp->timer);
            ready(gp);
        }
    }
}

/* Stop using the descriptor, and let the operations under way end; whether this was the first time. */
static int stop_using(FD *fd)
{
    if (fd->process != poller.process)
        adopt(fd);
    if (fd->closing)
        return 0;
    if (!S.use_selectors)
        unregister_fd(fd);
    else if (fd->poller != 0 && done(call_hook(hooks.arm, OBJECT(fd), Py_None)) < 0)
        return -1;
    evict(fd);
    after_step();
    return 1;
}

static PyObject *FD_close(FD *fd, PyObject *unused UNUSED)
{
    int status = stop_using(fd);
    if (status < 0 || (status > 0 && close_owner(fd) < 0))
        return NULL;
    return PyBool_FromLong(status);
}

/* Stop using the socket, and return it, still open. */
static PyObject *FD_detach(FD *fd, PyObject *unused UNUSED)
{
    if (fd->process != poller.process)
        adopt(fd);
    if (fd->closing) {
        raise_closed();
        return NULL;
    }
    if (fd->calls > 0)
        return PyErr_Format(PyExc_RuntimeError, "detach: another thread is in a call on this connection");
    if (stop_using(fd) < 0)
        return NULL;
    PyObject *owner = fd->owner;
    fd->owner = NULL;
    return owner;
}

/* set_deadline(mode, ns): on the monotonic clock; 0: none. */
static PyObject *FD_set_deadline(FD *fd, PyObject *args)
{
    PyObject *which;
    long long deadline;
    if (!PyArg_ParseTuple(args, "OL:set_deadline", &which, &deadline))
        return NULL;
    if (fd->process != poller.process)
        adopt(fd);
    if (fd->closing) {
        raise_closed();
        return NULL;
    }
    Side *side = &fd->side[which == Py_False ? READ : WRITE];
    G *gp = side->waiter;
    int waits = gp != NULL && gp->status == G_WAITING;
    if (waits && deadline != 0 && reserve(&S.timers, 1) < 0)
        return NULL;
    side->deadline = deadline;
    if (waits) {
        remove_timer(&gp->timer);
        if (deadline != 0 && deadline <= clock_now())
            ready(gp);
        else if (deadline != 0)
            add_timer(&S.timers, &gp->timer, deadline);
        after_step();
    }
    Py_RETURN_NONE;
}

static PyObject *FD_fileno(FD *fd, PyObject *unused UNUSED)
{
    return PyLong_FromLong(fd->closing ? -1 : fd->sysfd);
}

static PyObject *FD_repr(FD *fd)
{
    return PyUnicode_FromFormat("<FD %d%s>", fd->sysfd, fd->closing ? " closed" : "");
}

static PyObject *FD_closing(FD *fd, void *unused UNUSED)
{
    return PyBool_FromLong(fd->closing);
}

static PyObject *FD_owner(FD *fd, void *unused UNUSED)
{
    return or_none(fd->owner);
}

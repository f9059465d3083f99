/* The poller that goroutines wait in for descriptors. Go's runtime/netpoll.go and netpoll_epoll.go.

   On Linux it is an epoll, edge-triggered: a descriptor is registered once, when something first waits for it, and its
   two flags `ready` remember the edges. `pick` polls without waiting when nothing is runnable, and every 10 ms otherwise;
   the hub sleeps in `netpoll_wait`. Elsewhere, and if `sched.use_selectors` is set, Python waits with selectors: the hook
   `arm` asks for one event, and `netpoll_ready` reports it.

   Invariant: an event that the poller has reported is remembered in its descriptor, whether a goroutine waits or not. */

#ifndef _WIN32
#include <errno.h>
#include <poll.h>
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

/* How many events one poll takes, as in Go; how long goroutines run before the poller is asked, in ns. */
enum { EVENTS = 128, IO_INTERVAL = 10000000 };

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

/* Descriptors: reading, writing and waiting for them. Go's internal/poll/fd_unix.go and fd_mutex.go.

   An operation is tried first, and parks its goroutine only when the system says that it would block. What wakes it is
   the poller: see netpoll.c.

   Invariants
   - At most one operation holds each direction of a descriptor: `locked`. So at most one goroutine waits in it: `waiter`.
   - `waiter` is set only while that goroutine is in `wait_ready`, which clears it first of all.
   - `ready` is 0 only if an event will come for what the last try did not get.
   - The socket is closed only while no call is under way that lets other threads run: `calls`. So its number is not used
     again under a call. */

#ifndef _WIN32
#include <errno.h>
#include <sys/socket.h>
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* The size of the buffer that reads go through, in bytes; up to how many bytes it costs less to copy them from there than
   to receive them into a bytes object of full size, which is then shrunk. */
enum { SCRATCH = 65536, SMALL = 16384 };

static PyObject *ErrClosed;
/* What a goroutine waits for, in Go's words. */
static PyObject *io_wait, *semacquire;

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

#ifndef _WIN32
/* What a call that failed with errno returns: -1 for an exception; -2 to try again when the descriptor is ready. */
static Py_ssize_t unsuccessful(FD *fd, int side)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        fd->side[side].ready = 0;
        return -2;
    }
    if (errno == EINTR)
        return PyErr_CheckSignals() < 0 ? -1 : -2;
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
}
#endif

/* Receive at most n bytes: their number; -1 and -2 as above. */
static Py_ssize_t recv_some(FD *fd, char *into, Py_ssize_t n)
{
#ifndef _WIN32
    Py_ssize_t got = recv(fd->sysfd, into, n, 0);
    if (got >= 0) {
        if (got < n && got > 0 && fd->stream && !fd->hangup)
            fd->side[READ].ready = 0;
        return got;
    }
    return unsuccessful(fd, READ);
#else
    PyObject *view = PyMemoryView_FromMemory(into, n, PyBUF_WRITE);
    return view != NULL ? try_socket(fd, READ, "recv_into", view) : -1;
#endif
}

/* Send some of n bytes: the number of those sent; -1 and -2 as above. */
static Py_ssize_t send_some(FD *fd, const char *from, Py_ssize_t n)
{
#ifndef _WIN32
    Py_ssize_t sent = send(fd->sysfd, from, n, MSG_NOSIGNAL);
    if (sent >= 0)
        return sent;
    return unsuccessful(fd, WRITE);
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

/* Await: a coroutine that a goroutine awaits, and the steps that an event loop runs of it. See py/await_.py.

   No signal handler can raise between the coroutine's end and the record of it: all in between is C. */

typedef struct {
    PyObject_HEAD
    PyObject *task;       /* what asyncio.current_task returns in the coroutine */
    PyObject *loop;
    PyObject *enter;      /* makes the task the loop's current one */
    PyObject *leave;      /* ends that */
    PyObject *kick;       /* has the loop let the goroutines run */
    Chan *chan;           /* the goroutine waits in it */
    PyObject *coro;       /* NULL: none */
    PyObject *context;    /* its context */
    PyObject *waiter;     /* the future that it waits for, or NULL */
    PyObject *value;      /* what it has returned, or NULL */
    PyObject *error;      /* what it has raised, or NULL */
    Py_ssize_t references; /* the weak references to the task that don't count: asyncio.all_tasks's; -1: not known */
    char started;         /* the first step has begun */
    char soon;            /* the next step is in the loop's queue, because the coroutine has yielded None */
    char must_cancel;     /* the next step throws a CancelledError */
    char kept;            /* other code may look at the task when the coroutine has ended */
    char orphan;          /* the goroutine no longer waits */
    char done;            /* the coroutine has ended, or none has begun */
} Await;

static PyTypeObject *Await_type;

static PyObject *str_blocking, *str_result, *str_throw, *str_value, *str_close, *str_call_soon, *str_get_loop,
    *str_add_done_callback, *str_cancel_waiter, *str_cancelled_error, *str_finish, *context_name, *await_reason;

static int load_await(void)
{
    const struct {
        PyObject **name;
        const char *text;
    } names[] = {
        {&str_blocking, "_asyncio_future_blocking"},
        {&str_result, "result"},
        {&str_throw, "throw"},
        {&str_value, "value"},
        {&str_close, "close"},
        {&str_call_soon, "call_soon"},
        {&str_get_loop, "get_loop"},
        {&str_add_done_callback, "add_done_callback"},
        {&str_cancel_waiter, "cancel_waiter"},
        {&str_cancelled_error, "_make_cancelled_error"},
        {&str_finish, "finish"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((*names[i].name = PyUnicode_InternFromString(names[i].text)) == NULL)
            return -1;
    context_name = Py_BuildValue("(s)", "context");
    PyObject *reason = PyUnicode_FromString("await");
    await_reason = reason != NULL ? intern_reason(reason) : NULL;
    Py_XDECREF(reason);
    return context_name == NULL || await_reason == NULL ? -1 : 0;
}

static PyObject *Await_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *task, *loop, *enter_task, *leave_task, *kick;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Await() takes no keyword arguments");
    if (!PyArg_ParseTuple(args, "OOOOO:Await", &task, &loop, &enter_task, &leave_task, &kick))
        return NULL;
    Await *a = (Await *)type->tp_alloc(type, 0);
    if (a == NULL)
        return NULL;
    a->task = Py_NewRef(task);
    a->loop = Py_NewRef(loop);
    a->enter = Py_NewRef(enter_task);
    a->leave = Py_NewRef(leave_task);
    a->kick = Py_NewRef(kick);
    a->references = -1;
    a->done = 1;
    a->chan = new_chan(1, NULL);
    if (a->chan == NULL)
        Py_CLEAR(a);
    return OBJECT(a);
}

static int Await_traverse(Await *a, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(a));
    Py_VISIT(a->task);
    Py_VISIT(a->loop);
    Py_VISIT(a->enter);
    Py_VISIT(a->leave);
    Py_VISIT(a->kick);
    Py_VISIT(a->chan);
    Py_VISIT(a->coro);
    Py_VISIT(a->context);
    Py_VISIT(a->waiter);
    Py_VISIT(a->value);
    Py_VISIT(a->error);
    return 0;
}

static int Await_clear(Await *a)
{
    a->done = 1;
    Py_CLEAR(a->task);
    Py_CLEAR(a->loop);
    Py_CLEAR(a->enter);
    Py_CLEAR(a->leave);
    Py_CLEAR(a->kick);
    Py_CLEAR(a->chan);
    Py_CLEAR(a->coro);
    Py_CLEAR(a->context);
    Py_CLEAR(a->waiter);
    Py_CLEAR(a->value);
    Py_CLEAR(a->error);
    return 0;
}

static void Await_dealloc(Await *a)
{
    PyTypeObject *type = Py_TYPE(a);
    PyObject_GC_UnTrack(a);
    Await_clear(a);
    type->tp_free(a);
    Py_DECREF(type);
}

/* Return whether other code holds the task, or may look at it later. */
static int is_kept(Await *a)
{
    return a->kept || Py_REFCNT(a->task) > 1 || count_weakrefs(a->task) > a->references;
}

/* Record that the coroutine has returned value or raised error, and wake the goroutine. Both references are taken
   over. */
static int end_await(Await *a, PyObject *value, PyObject *error)
{
    int status = 0;
    Py_XSETREF(a->value, value);
    Py_XSETREF(a->error, error);
    a->done = 1;
    if (a->orphan || is_kept(a)) {
        a->kept = 1;
        status = done(PyObject_CallMethodNoArgs(a->task, str_finish));
    }
    if (a->orphan)
        return status;
    PyObject *failed = status < 0 ? raised() : NULL;
    int asleep = S.hub_asleep;
    S.hub_asleep = 0; /* not by wake, which is for other threads and costs a write to a socket */
    status = try_send(a->chan, Py_None);
    after_step();
    if (asleep && status >= 0)
        status = done(PyObject_CallNoArgs(a->kick));
    if (failed != NULL) {
        PyErr_Clear();
        raise_again(failed);
    }
    return failed != NULL || status < 0 ? -1 : 0;
}

/* Call a method of the loop or of a future's that takes a callback: `object.method(a, context=a.context)`. */
static int call_back(PyObject *object, PyObject *method, Await *a)
{
    PyObject *args[] = {object, OBJECT(a), a->context};
    return done(PyObject_VectorcallMethod(method, args, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, context_name));
}

/* Have the loop run the next step when a future that the coroutine has yielded is done. */
static int wait_for(Await *a, PyObject *future)
{
    if (future == Py_None) {
        a->soon = 1;
        return call_back(a->loop, str_call_soon, a);
    }
    PyObject *blocking = PyObject_GetAttr(future, str_blocking);
    if (blocking == NULL)
        PyErr_Clear();
    int blocks = blocking == Py_True;
    Py_XDECREF(blocking);
    if (!blocks) {
        PyErr_Format(PyExc_RuntimeError, "the coroutine yielded %R, want a future of asyncio's, or None", future);
        return -1;
    }
    if (future == a->task) {
        PyErr_Format(PyExc_RuntimeError, "task cannot await on itself: %R", future);
        return -1;
    }
    PyObject *loop = PyObject_CallMethodNoArgs(future, str_get_loop);
    if (loop != a->loop) {
        if (loop != NULL)
            PyErr_Format(PyExc_RuntimeError, "the coroutine waits for %R, which is attached to a different loop",
                         future);
        Py_XDECREF(loop);
        return -1;
    }
    Py_DECREF(loop);
    if (PyObject_SetAttr(future, str_blocking, Py_False) < 0)
        return -1;
    Py_XSETREF(a->waiter, Py_NewRef(future));
    if (call_back(future, str_add_done_callback, a) < 0)
        return -1;
    if (a->must_cancel) {
        PyObject *canceled = PyObject_CallMethodNoArgs(a->task, str_cancel_waiter);
        if (canceled == NULL)
            return -1;
        if (PyObject_IsTrue(canceled))
            a->must_cancel = 0;
        Py_DECREF(canceled);
    }
    return 0;
}

/* Let the coroutine go on, or throw error into it; set *result to what it yields or returns. */
static PySendResult advance(Await *a, PyObject *error, PyObject **result)
{
    *result = NULL;
    PyObject *args[] = {NULL, a->loop, a->task};
    if (done(PyObject_Vectorcall(a->enter, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)) < 0)
        return PYGEN_ERROR;
    PySendResult status;
    if (error == NULL)
        status = PyIter_Send(a->coro, Py_None, result);
    else {
        *result = PyObject_CallMethodOneArg(a->coro, str_throw, error);
        status = *result != NULL ? PYGEN_NEXT : PYGEN_ERROR;
    }
    PyObject *exc = status == PYGEN_ERROR ? raised() : NULL;
    if (done(PyObject_Vectorcall(a->leave, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)) < 0)
        PyErr_Clear(); /* the coroutine has made another task the current one */
    if (exc == NULL)
        return status;
    if (PyErr_GivenExceptionMatches(exc, PyExc_StopIteration)) {
        *result = PyObject_GetAttr(exc, str_value);
        Py_DECREF(exc);
        return *result != NULL ? PYGEN_RETURN : PYGEN_ERROR;
    }
    raise_again(exc);
    return PYGEN_ERROR;
}

static int step(Await *a, PyObject *future)
{
    if (a->done || future != a->waiter || (future == NULL && !a->soon))
        return 0; /* the callback of an earlier wait */
    Py_CLEAR(a->waiter);
    a->soon = 0;
    PyObject *error = NULL;
    if (future != NULL && done(PyObject_CallMethodNoArgs(future, str_result)) < 0)
        error = raised();
    for (;;) {
        if (a->must_cancel) {
            a->must_cancel = 0;
            PyObject *canceled = PyObject_CallMethodNoArgs(a->task, str_cancelled_error);
            Py_XSETREF(error, canceled != NULL ? canceled : raised());
        }
        PyObject *result;
        PySendResult status = advance(a, error, &result);
        Py_CLEAR(error);
        if (status == PYGEN_RETURN) {
            if (!a->must_cancel)
                return end_await(a, result, NULL);
            Py_DECREF(result);
            PyObject *canceled = PyObject_CallMethodNoArgs(a->task, str_cancelled_error);
            return end_await(a, NULL, canceled != NULL ? canceled : raised());
        }
        if (status == PYGEN_ERROR) {
            PyObject *exc = raised();
            int leaves = a->orphan && (PyErr_GivenExceptionMatches(exc, PyExc_KeyboardInterrupt) ||
                                       PyErr_GivenExceptionMatches(exc, PyExc_SystemExit));
            PyObject *again = leaves ? Py_NewRef(exc) : NULL;
            int ended = end_await(a, NULL, exc);
            if (again == NULL)
                return ended;
            PyErr_Clear();
            raise_again(again);
            return -1;
        }
        int waits = wait_for(a, result);
        Py_DECREF(result);
        if (waits == 0)
            return 0;
        error = raised();
        Py_CLEAR(a->waiter);
        a->soon = 0;
    }
}

static PyObject *Await_call(Await *a, PyObject *args, PyObject *kwargs)
{
    PyObject *future = NULL;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Await.__call__() takes no keyword arguments");
    if (!PyArg_ParseTuple(args, "|O:__call__", &future))
        return NULL;
    Py_INCREF(a);
    int status = step(a, future);
    Py_DECREF(a);
    return as_none(status);
}

static PyObject *Await_begin(Await *a, PyObject *coro)
{
    if (!a->done)
        return PyErr_Format(PyExc_RuntimeError, "Await.begin: it has another coroutine");
    PyObject *context = PyContext_CopyCurrent();
    if (context == NULL)
        return NULL;
    if (a->references < 0)
        a->references = count_weakrefs(a->task);
    Py_XSETREF(a->context, context);
    Py_XSETREF(a->coro, Py_NewRef(coro));
    a->started = a->done = 0;
    Py_RETURN_NONE;
}

static PyObject *Await_start(Await *a, PyObject *unused UNUSED)
{
    if (a->done || a->started)
        Py_RETURN_NONE;
    PyObject *context = Py_NewRef(a->context);
    if (PyContext_Enter(context) < 0) {
        Py_DECREF(context);
        return NULL;
    }
    a->started = a->soon = 1;
    int status = step(a, NULL);
    PyObject *exc = status < 0 ? raised() : NULL;
    PyContext_Exit(context);
    Py_DECREF(context);
    if (exc != NULL)
        raise_again(exc);
    return as_none(status);
}

static PyObject *Await_wait(Await *a, PyObject *unused UNUSED)
{
    while (!a->done)
        if (done(receive_as(a->chan, await_reason, NULL)) < 0)
            return NULL;
    Py_RETURN_NONE;
}

static PyObject *Await_result(Await *a, PyObject *unused UNUSED)
{
    if (a->error != NULL) {
        raise_again(Py_NewRef(a->error));
        return NULL;
    }
    return or_none(a->value);
}

static PyObject *Await_outcome(Await *a, PyObject *unused UNUSED)
{
    return PyTuple_Pack(2, a->value != NULL ? a->value : Py_None, a->error != NULL ? a->error : Py_None);
}

static PyObject *Await_drop(Await *a, PyObject *unused UNUSED)
{
    a->done = 1;
    return a->coro != NULL ? PyObject_CallMethodNoArgs(a->coro, str_close) : Py_NewRef(Py_None);
}

static PyObject *Await_reset(Await *a, PyObject *unused UNUSED)
{
    if (!a->done || a->orphan)
        Py_RETURN_FALSE;
    Py_CLEAR(a->value);
    Py_CLEAR(a->error);
    if (a->task == NULL || is_kept(a))
        Py_RETURN_FALSE;
    Py_CLEAR(a->coro);
    Py_CLEAR(a->context);
    Py_RETURN_TRUE;
}

static PyObject *Await_ended(Await *a, void *unused UNUSED)
{
    return Py_NewRef(OBJECT(a->chan));
}

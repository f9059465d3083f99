/* The hooks: Python functions that the engine calls between steps. run.py binds them.

   Invariant: an exception of a hook that is called after a step is not the caller's, whose operation has happened: the
   hub throws it into main. */

static PyObject *call_hook(PyObject *hook, PyObject *a, PyObject *b)
{
    if (hook == NULL)
        return PyErr_Format(PyExc_RuntimeError, "gochan's engine was called before gochan was imported");
    return PyObject_CallFunctionObjArgs(hook, a, b, NULL);
}

/* Have the hub throw exc, whose reference is taken over, into main. */
static void keep(PyObject *exc)
{
    if (S.kept == NULL)
        S.kept = exc;
    else
        Py_XDECREF(exc);
}

static NOINLINE void wake_poller(void)
{
    char wake = S.wake;
    S.wake = 0;
    if (wake & NAME_THREADS && done(call_hook(hooks.name_threads, NULL, NULL)) < 0)
        keep(raised());
    if (wake & 1 && done(call_hook(hooks.wake, NULL, NULL)) < 0)
        keep(raised());
}

/* Called after a step: wake the hub if it sleeps and the step has made a goroutine ready. */
static inline void after_step(void)
{
    if (UNLIKELY(S.wake))
        wake_poller();
}

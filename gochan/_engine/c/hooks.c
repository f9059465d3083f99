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

static NOINLINE void wake_hub(void)
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
        wake_hub();
}

static const struct {
    const char *name;
    PyObject **hook;
} hook_table[] = {
    {"enter", &hooks.enter},
    {"spawner", &hooks.spawner},
    {"poll", &hooks.poll},
    {"goroutine_ended", &hooks.goroutine_ended},
    {"program_ended", &hooks.program_ended},
    {"check_result", &hooks.check_result},
    {"seconds", &hooks.seconds},
    {"make_time", &hooks.make_time},
    {"check", &hooks.check},
    {"check_namespace", &hooks.check_namespace},
    {"element", &hooks.element},
    {"type_name", &hooks.type_name},
    {"check_type", &hooks.check_type},
    {"wake", &hooks.wake},
    {"arm", &hooks.arm},
    {"name_threads", &hooks.name_threads},
    {"trace_value", &hooks.trace_value},
};

/* Set the hooks; they cannot be replaced later. Hooks that only the Python implementation has are ignored. */
static PyObject *engine_bind(PyObject *module UNUSED, PyObject *args, PyObject *kwargs)
{
    if (hooks.enter != NULL)
        return PyErr_Format(PyExc_RuntimeError, "bind: the hooks are bound already");
    for (size_t i = 0; i < sizeof hook_table / sizeof *hook_table; i++) {
        PyObject *hook = kwargs != NULL ? PyDict_GetItemString(kwargs, hook_table[i].name) : NULL;
        if (PyTuple_GET_SIZE(args) > 0 || hook == NULL || !PyCallable_Check(hook))
            return PyErr_Format(PyExc_TypeError,
                                "bind: want a function for each hook, by keyword; %s is missing or not callable",
                                hook_table[i].name);
    }
    for (size_t i = 0; i < sizeof hook_table / sizeof *hook_table; i++)
        *hook_table[i].hook = Py_NewRef(PyDict_GetItemString(kwargs, hook_table[i].name));
    Py_RETURN_NONE;
}

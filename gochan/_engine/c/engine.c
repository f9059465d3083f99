/* gochan._engine._c: the C implementation of the engine. The Python one is in gochan/_engine/py.

   Both have the same names and the same behavior; read the Python one first. Most files are named after Go's file for
   the same job. They are one translation unit:

       internals.h  what is used of the internals of CPython and greenlet, with public alternatives
       engine.h     the data
       queue.c      wait queues
       hooks.c      Python functions that the engine calls
       runq.c       the run queue
       worker.c     the greenlets that goroutines run in, the hub
       proc.c       park, yield, go
       thread.c     other threads that wait
       chan.c       channels
       select.c     select
       time.c       timers
       sleep.c      sleep, Timer, Ticker
       netpoll.c    the poller
       fd.c         descriptors
       await.c      coroutines that goroutines await
       sema.c       the semaphore of the locks, the waiters of a Cond
       mutex.c      Mutex
       rwmutex.c    RWMutex
       waitgroup.c  WaitGroup
       synctest.c   bubbles
       atomic.c     package atomic
       integers.c   integers of Go's widths, for ported code
       program.c    a program's start and end
       g.c          G
       interface.c  sched, the scheduler as gochan's other modules see it
       trace.c      what gochan.trace records
       types.c      the tables of the types' methods and attributes
       engine.c     the module

   The rule for all of them is in engine.h: a step runs no Python code. */

#include "engine.h"

#include "queue.c"

#include "hooks.c"

#include "runq.c"

#include "worker.c"

#include "proc.c"

#include "thread.c"

#include "chan.c"

#include "select.c"

#include "time.c"

#include "sleep.c"

#include "netpoll.c"

#include "fd.c"

#include "await.c"

#include "sema.c"

#include "mutex.c"

#include "rwmutex.c"

#include "waitgroup.c"

#include "program.c"

#include "synctest.c"

#include "atomic.c"

#include "integers.c"

#include "g.c"

#include "interface.c"

#include "trace.c"

#include "types.c"

/* --- run and synctest.test, of which a traceback shows nothing ---------------------------------------------------- */

static PyObject *run_function, *test_function; /* those of run.py and synctest.py */

/* Remove gochan's own frames before the first of the user's from a traceback. If there is none of the user's, the only
   frame may be that of the function itself, which is removed, too; with more, the error is gochan's own, and they stay. */
static void skip_own_frames(PyObject *exc)
{
    PyObject *traceback = PyException_GetTraceback(exc);
    PyTracebackObject *tb = (PyTracebackObject *)traceback;
    while (tb != NULL && is_own_frame(tb->tb_frame))
        tb = tb->tb_next;
    if (tb == NULL && traceback != NULL && ((PyTracebackObject *)traceback)->tb_next == NULL)
        PyException_SetTraceback(exc, Py_None);
    else if (tb != NULL && OBJECT(tb) != traceback)
        PyException_SetTraceback(exc, OBJECT(tb));
    Py_XDECREF(traceback);
}

/* A Python function that raises is in the traceback. A function in C isn't, so the public functions are these. */
static PyObject *call_without_frames(PyObject *fn, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    PyObject *result = PyObject_Vectorcall(fn, args, n, names);
    if (result == NULL) {
        PyObject *exc = raised();
        skip_own_frames(exc);
        raise_again(exc);
    }
    return result;
}

static PyObject *engine_run(PyObject *module UNUSED, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    return call_without_frames(run_function, args, n, names);
}

static PyObject *engine_test(PyObject *module UNUSED, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    return call_without_frames(test_function, args, n, names);
}

static PyMethodDef run_def = {"run", METHOD(engine_run), KEYWORDS, NULL};
static PyMethodDef test_def = {"test", METHOD(engine_test), KEYWORDS, NULL};

/* without_frames(fn, home): make the public `run` or `test` of the module home, which calls fn. */
static PyObject *engine_without_frames(PyObject *module UNUSED, PyObject *args)
{
    PyObject *fn, *home;
    if (!PyArg_ParseTuple(args, "OU:without_frames", &fn, &home))
        return NULL;
    int is_run = PyUnicode_CompareWithASCIIString(home, "gochan") == 0;
    PyMethodDef *def = is_run ? &run_def : &test_def;
    PyObject **function = is_run ? &run_function : &test_function;
    if (*function != NULL)
        return PyErr_Format(PyExc_RuntimeError, "without_frames: %U.%s is made already", home, def->ml_name);
    /* The text is kept forever, as the function refers to it. */
    PyObject *text = PyObject_GetAttrString(fn, "__doc__");
    PyObject *doc = text != NULL ? PyUnicode_FromFormat("%s(fn, /, *args, **kwargs)\n--\n\n%S", def->ml_name, text) : NULL;
    Py_XDECREF(text);
    def->ml_doc = doc != NULL ? PyUnicode_AsUTF8(doc) : NULL;
    PyObject *made = def->ml_doc != NULL ? PyCFunction_NewEx(def, NULL, home) : NULL;
    if (made != NULL)
        *function = Py_NewRef(fn);
    return made;
}

/* --- the module --------------------------------------------------------------------------------------------------- */

/* The functions, by the public module that exports them. */
static PyMethodDef language_functions[] = {
    {"go", METHOD(engine_go), KEYWORDS, DOC_go},
    {"recv", METHOD(engine_recv), METH_O, DOC_recv},
    {"send", METHOD(engine_send), FASTCALL, DOC_send},
    {"timeout", METHOD(engine_timeout), METH_O, DOC_timeout},
    {"select", METHOD(engine_select), FASTCALL, DOC_select},
    END_METHODS,
};
static PyMethodDef runtime_functions[] = {{"gosched", METHOD(engine_gosched), METH_NOARGS, DOC_gosched}, END_METHODS};
static PyMethodDef time_functions[] = {
    {"sleep", METHOD(engine_sleep), METH_O, DOC_sleep},
    {"after", METHOD(engine_after), METH_O, DOC_after},
    {"after_func", METHOD(engine_after_func), FASTCALL, DOC_after_func},
    {"new_timer", METHOD(engine_new_timer), METH_O, DOC_new_timer},
    {"new_ticker", METHOD(engine_new_ticker), METH_O, DOC_new_ticker},
    {"tick", METHOD(engine_tick), METH_O, DOC_tick},
    END_METHODS,
};
static PyMethodDef port_functions[] = {
    {"to_int8", METHOD(engine_to_int8), METH_O, DOC_to_int8},
    {"to_int16", METHOD(engine_to_int16), METH_O, DOC_to_int16},
    {"to_int32", METHOD(engine_to_int32), METH_O, DOC_to_int32},
    {"to_int64", METHOD(engine_to_int64), METH_O, DOC_to_int64},
    END_METHODS,
};
static PyMethodDef engine_functions[] = {
    {"bind", METHOD(engine_bind), METH_VARARGS | METH_KEYWORDS, NULL},
    {"getg", METHOD(engine_getg), METH_NOARGS, NULL},
    {"running", METHOD(engine_running), METH_NOARGS, NULL},
    {"thread_g", METHOD(engine_thread_g), METH_NOARGS, NULL},
    {"poll_point", METHOD(engine_poll_point), METH_NOARGS, NULL},
    {"block", METHOD(engine_block), METH_O, NULL},
    {"spawn", METHOD(engine_spawn), METH_VARARGS, NULL},
    {"spawn_global", METHOD(engine_spawn_global), METH_VARARGS, NULL},
    {"clock", METHOD(engine_clock), METH_NOARGS, NULL},
    {"without_frames", METHOD(engine_without_frames), METH_VARARGS, NULL},
    {"netpoll_wait", METHOD(engine_netpoll_wait), METH_O, NULL},
    {"netpoll_wake", METHOD(engine_netpoll_wake), METH_NOARGS, NULL},
    {"netpoll_fileno", METHOD(engine_netpoll_fileno), METH_NOARGS, NULL},
    {"netpoll_ready", METHOD(engine_netpoll_ready), METH_O, NULL},
    {"select_async", METHOD(engine_select_async), METH_VARARGS, NULL},
    {"trace_start", METHOD(engine_trace_start), METH_VARARGS, NULL},
    {"trace_stop", METHOD(engine_trace_stop), METH_NOARGS, NULL},
    {"trace_threads", METHOD(engine_trace_threads), METH_NOARGS, NULL},
    {"trace_event", METHOD(engine_trace_event), METH_VARARGS, NULL},
    {"trace_number", METHOD(engine_trace_number), METH_O, NULL},
    {"count_ready", METHOD(engine_count_ready), METH_O, NULL},
    END_METHODS,
};
static PyMethodDef work_def = {"work", METHOD(engine_work), METH_NOARGS, NULL};
static PyMethodDef hub_def = {"hub", METHOD(engine_hub), METH_NOARGS, NULL};

static int add_functions(PyObject *module, PyMethodDef *functions, const char *home)
{
    PyObject *name = PyUnicode_FromString(home);
    for (PyMethodDef *def = functions; name != NULL && def->ml_name != NULL; def++) {
        PyObject *function = PyCFunction_NewEx(def, NULL, name);
        if (function == NULL || PyModule_AddObjectRef(module, def->ml_name, function) < 0) {
            Py_XDECREF(function);
            Py_CLEAR(name);
            break;
        }
        Py_DECREF(function);
    }
    Py_XDECREF(name);
    return name == NULL ? -1 : 0;
}

static int intern_all(void)
{
    static const struct {
        PyObject **where;
        const char *text;
    } texts[] = {
        {&chan_receive, "chan receive"},
        {&chan_send, "chan send"},
        {&select_, "select"},
        {&select_no_cases, "select (no cases)"},
        {&sleep_, "sleep"},
        {&nil_receive, "chan receive (nil chan)"},
        {&cond_wait, "sync.Cond.Wait"},
        {&synctest_run, "synctest.Run"},
        {&synctest_wait, "synctest.Wait"},
        {&mutex_lock, "sync.Mutex.Lock"},
        {&rwmutex_lock, "sync.RWMutex.Lock"},
        {&rwmutex_rlock, "sync.RWMutex.RLock"},
        {&group_wait, "sync.WaitGroup.Wait"},
        {&io_wait, "IO wait"},
        {&semacquire, "semacquire"},
    };
    reasons = PyDict_New();
    program_has_ended = PyUnicode_FromString("the program has ended");
    thread_key = PyUnicode_FromString("gochan.G");
    if (reasons == NULL || program_has_ended == NULL || thread_key == NULL)
        return -1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        PyObject *text = PyUnicode_InternFromString(texts[i].text);
        if (text == NULL || PyDict_SetItem(reasons, text, text) < 0)
            return -1;
        *texts[i].where = text;
    }
    return 0;
}

/* Set own_folder, the folder of the package: error.py is in gochan/_engine/. */
static int find_own_folder(void)
{
    PyObject *file = imported("gochan._engine.error", "__file__");
    if (file == NULL)
        return -1;
    Py_ssize_t end = PyUnicode_GET_LENGTH(file);
    for (int levels = 0; levels < 2 && end > 0;) {
        Py_UCS4 c = PyUnicode_READ_CHAR(file, --end);
        levels += c == '/' || c == '\\';
    }
    own_folder = PyUnicode_Substring(file, 0, end + 1);
    Py_DECREF(file);
    return own_folder == NULL ? -1 : 0;
}

static int exec_module(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "gochan works only in the main interpreter: a process has one scheduler");
        return -1;
    }
    if (G_type != NULL) {
        PyErr_SetString(PyExc_ImportError, "gochan._engine._c is already loaded: a process has one scheduler");
        return -1;
    }
    PyGreenlet_Import();
    if (_PyGreenlet_API == NULL || check_greenlet() < 0 || load_clocks() < 0 || load_weakrefs() < 0 ||
        intern_all() < 0 || load_await() < 0 || find_own_folder() < 0)
        return -1;
    Any = imported("typing", "Any");
    partial = imported("functools", "partial");
    builtins = PyImport_ImportModule("builtins");
    Nanoseconds = imported("gochan._engine.seconds", "Nanoseconds");
    Panic = imported("gochan._engine.error", "Panic");
    Unwind = imported("gochan._engine.error", "Unwind");
    ErrClosed = imported("gochan._engine.error", "ErrClosed");
    work_function = PyCFunction_New(&work_def, NULL);
    hub_function = PyCFunction_New(&hub_def, NULL);
    if (Any == NULL || partial == NULL || builtins == NULL || Nanoseconds == NULL || Panic == NULL || Unwind == NULL ||
        ErrClosed == NULL || work_function == NULL || hub_function == NULL)
        return -1;
    wall_offset = wall_now() - monotonic_now();
    S.random = 1;
    S.goid = 1;
    S.tick = 5;
    S.use_selectors = !HAVE_EPOLL_POLLER;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        PyType_Spec spec = types[i].spec;
        PyObject *type = PyType_FromSpec(&spec);
        if (type == NULL)
            return -1;
        *types[i].type = (PyTypeObject *)type;
        const char *name = strrchr(spec.name, '.') + 1;
        if (strcmp(name, "Moment") != 0 && strcmp(name, "Sched") != 0 && PyModule_AddObjectRef(module, name, type) < 0)
            return -1;
    }
    PyObject *sched = PyType_GenericAlloc(Sched_type, 0);
    PyObject *fallback = OBJECT(new_case(DEFAULT, NULL, NULL, 0));
    if (sched == NULL || fallback == NULL || PyModule_AddObjectRef(module, "sched", sched) < 0 ||
        PyModule_AddObjectRef(module, "default", fallback) < 0 || PyModule_AddObjectRef(module, "COMPILED", Py_True) < 0)
        return -1;
    Py_DECREF(sched);
    Py_DECREF(fallback);
    return add_functions(module, language_functions, "gochan") < 0 ||
                   add_functions(module, runtime_functions, "gochan.runtime") < 0 ||
                   add_functions(module, time_functions, "gochan.time") < 0 ||
                   add_functions(module, port_functions, "gochan.port.lib") < 0 ||
                   add_functions(module, engine_functions, "gochan._engine._c") < 0
               ? -1
               : 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, exec_module},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "gochan._engine._c",
    .m_doc = "The engine in C; see gochan/_engine/c/engine.c.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__c(void)
{
    return PyModuleDef_Init(&module_def);
}

/* What the C implementation uses of the internals of CPython and greenlet, each with a slower alternative that uses
   public API only.

   The fast version is compiled for the versions of CPython whose sources were checked. Unknown versions use the public
   API, and so does every version if GOCHAN_PUBLIC_API is defined, which is how a test covers it. */

#ifndef GOCHAN_INTERNALS_H
#define GOCHAN_INTERNALS_H

#if !defined(GOCHAN_PUBLIC_API) && PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030E0000
#define KNOWN_CPYTHON 1
#else
#define KNOWN_CPYTHON 0
#endif

/* The C stack of a goroutine is copied at each switch. To keep it small, what is done before a switch is in functions
   that are not inlined and have returned by then. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define UNUSED __attribute__((unused))
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define NOINLINE
#define UNLIKELY(x) (x)
#define UNUSED
#define PREFETCH(address) (void)(address)
#endif

/* Whether greenlet's objects have the layout of greenlet 3; set when the module is loaded. */
static int known_greenlet;

/* --- clocks, in nanoseconds --------------------------------------------------------------------------------------- */

#if PY_VERSION_HEX >= 0x030D0000

static long long monotonic_now(void)
{
    PyTime_t now = 0;
    (void)PyTime_MonotonicRaw(&now);
    return now;
}

static long long wall_now(void)
{
    PyTime_t now = 0;
    (void)PyTime_TimeRaw(&now);
    return now;
}

static int load_clocks(void)
{
    return 0;
}

#elif KNOWN_CPYTHON

static long long monotonic_now(void)
{
    return _PyTime_GetMonotonicClock();
}

static long long wall_now(void)
{
    return _PyTime_GetSystemClock();
}

static int load_clocks(void)
{
    return 0;
}

#else

/* Builtins: calling them runs no Python code. */
static PyObject *monotonic_ns, *time_ns;

static long long read_clock(PyObject *function)
{
    PyObject *reading = PyObject_CallNoArgs(function);
    long long now = reading != NULL ? PyLong_AsLongLong(reading) : 0;
    Py_XDECREF(reading);
    PyErr_Clear();
    return now;
}

static long long monotonic_now(void)
{
    return read_clock(monotonic_ns);
}

static long long wall_now(void)
{
    return read_clock(time_ns);
}

static int load_clocks(void)
{
    PyObject *time = PyImport_ImportModule("time");
    if (time == NULL)
        return -1;
    monotonic_ns = PyObject_GetAttrString(time, "monotonic_ns");
    time_ns = PyObject_GetAttrString(time, "time_ns");
    Py_DECREF(time);
    return monotonic_ns == NULL || time_ns == NULL ? -1 : 0;
}

#endif

/* A monotonic clock with a resolution of 10 ms, at a tenth of the cost, to be read at every wait. Compare its readings
   only with each other. */
static inline long long coarse_now(void)
{
#if defined(CLOCK_MONOTONIC_COARSE)
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
#else
    return monotonic_now();
#endif
}

/* --- weak references ---------------------------------------------------------------------------------------------- */

#if KNOWN_CPYTHON

static int load_weakrefs(void)
{
    return 0;
}

/* Return how many weak references to an object there are, whose type allows them. */
static Py_ssize_t count_weakrefs(PyObject *object)
{
    Py_ssize_t n = 0;
    PyWeakReference *ref = *(PyWeakReference **)PyObject_GET_WEAKREFS_LISTPTR(object);
    for (; ref != NULL; ref = ref->wr_next)
        n++;
    return n;
}

#else

/* A builtin: calling it runs no Python code. */
static PyObject *getweakrefcount;

static int load_weakrefs(void)
{
    PyObject *module = PyImport_ImportModule("_weakref");
    getweakrefcount = module != NULL ? PyObject_GetAttrString(module, "getweakrefcount") : NULL;
    Py_XDECREF(module);
    return getweakrefcount == NULL ? -1 : 0;
}

static Py_ssize_t count_weakrefs(PyObject *object)
{
    PyObject *count = PyObject_CallOneArg(getweakrefcount, object);
    Py_ssize_t n = count != NULL ? PyLong_AsSsize_t(count) : PY_SSIZE_T_MAX;
    Py_XDECREF(count);
    PyErr_Clear();
    return n;
}

#endif

/* --- which greenlet runs ------------------------------------------------------------------------------------------ */

/* Identifies the greenlet of a goroutine among those of its thread.

   Each greenlet has its own stack of Python frames, whose first chunk stays until the greenlet ends. While a greenlet
   has only one chunk, comparing the chunk's address costs a fifth of asking greenlet. */
typedef const void *Mark;

#if KNOWN_CPYTHON
/* The state of the calling thread, which has the GIL. */
static inline PyThreadState *current_thread(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyThreadState_GetUnchecked();
#else
    return _PyThreadState_UncheckedGet();
#endif
}

/* The thread in which the marks are valid: the id of its state, which is never reused. */
static uint64_t marked_thread;
#endif

/* Return whether the caller runs in `greenlet`; set the mark. of_user: the greenlet may be one that the user made; it
   can end at any time and its chunk may be reused for another one, so it gets no mark. */
static NOINLINE int runs_unmarked(Mark *mark UNUSED, PyObject *greenlet, int of_user UNUSED)
{
    PyGreenlet *current = PyGreenlet_GetCurrent();
    Py_XDECREF(current);
    if ((PyObject *)current != greenlet || current == NULL)
        return 0;
#if KNOWN_CPYTHON
    PyThreadState *thread = current_thread();
    _PyStackChunk *stack = thread->datastack_chunk;
    if (stack != NULL && stack->previous == NULL && (!of_user || PyGreenlet_MAIN(current))) {
        *mark = stack;
        marked_thread = thread->id;
    }
#endif
    return 1;
}

/* Return whether the mark says that the caller runs in its greenlet. If not, runs_unmarked must find out. */
static inline int is_marked(Mark mark UNUSED)
{
#if KNOWN_CPYTHON
    PyThreadState *thread = current_thread();
    return thread->datastack_chunk != NULL && thread->datastack_chunk == mark && thread->id == marked_thread;
#else
    return 0;
#endif
}

/* --- the running code --------------------------------------------------------------------------------------------- */

#if KNOWN_CPYTHON
/* The first fields of CPython's struct _PyInterpreterFrame. */
typedef struct frame {
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *code; /* from 3.13 on None for a frame of C */
    struct frame *previous;
    PyObject *function, *globals, *builtins, *locals;
    PyFrameObject *object;
    const void *instruction;
    int stacktop;
    uint16_t return_offset;
    char owner;
#else
    PyObject *function, *globals, *builtins, *locals, *code;
    PyFrameObject *object;
    struct frame *previous;
    const void *instruction;
#endif
} Frame;

/* The innermost frame of the calling thread; NULL: none. Makes no frame object. */
static inline const Frame *current_frame(void)
{
    PyThreadState *thread = current_thread();
#if PY_VERSION_HEX >= 0x030D0000
    return (const Frame *)thread->current_frame;
#else
    return thread->cframe != NULL ? (const Frame *)thread->cframe->current_frame : NULL;
#endif
}

/* Whether a frame is of Python code; others stand for calls from C. */
static inline int has_code(const Frame *frame)
{
#if PY_VERSION_HEX >= 0x030C0000
    return frame->owner != 3 && PyCode_Check(frame->code);
#else
    return frame->code != NULL;
#endif
}

static inline PyObject *code_of(const Frame *frame)
{
    return frame->code;
}

/* The offset of the frame's instruction, as PyFrame_GetLasti returns it. */
static inline int lasti_of(const Frame *frame)
{
    const PyCodeObject *code = (const PyCodeObject *)frame->code;
    return (int)((const char *)frame->instruction - (const char *)code->co_code_adaptive);
}
#endif

/* --- recursion ---------------------------------------------------------------------------------------------------- */

/* Reset the recursion depth of the running greenlet, which has just started and inherits its starter's. greenlet saves
   the depth of each. */
static void fresh_depth(void)
{
#if KNOWN_CPYTHON
    PyThreadState *thread = current_thread();
#if PY_VERSION_HEX >= 0x030C0000
    thread->py_recursion_remaining = thread->py_recursion_limit;
#if defined(Py_C_RECURSION_LIMIT)
    thread->c_recursion_remaining = Py_C_RECURSION_LIMIT;
#elif defined(C_RECURSION_LIMIT)
    thread->c_recursion_remaining = C_RECURSION_LIMIT;
#endif
#else
    thread->recursion_remaining = thread->recursion_limit;
#endif
#endif
}

/* --- contexts of context variables -------------------------------------------------------------------------------- */

/* Copy the current context into *copy, a new reference, NULL if it is empty. Return -1 for an exception. */
static int copy_context(PyObject **copy)
{
#if KNOWN_CPYTHON
    PyObject *context = current_thread()->context;
    *copy = NULL;
    if (context == NULL)
        return 0;
    *copy = PyContext_Copy(context);
#else
    *copy = PyContext_CopyCurrent();
#endif
    return *copy == NULL ? -1 : 0;
}

/* Set the context of the running greenlet, which is that of the thread while it runs; NULL: an empty one. */
static void set_context(PyObject *greenlet UNUSED, PyObject *context)
{
#if KNOWN_CPYTHON
    PyThreadState *thread = current_thread();
    if (thread->context != context) {
        PyObject *before = thread->context;
        thread->context = Py_XNewRef(context);
        /* Context variables cache their value with this number. */
        thread->context_ver++;
        Py_XDECREF(before);
    }
#else
    if (PyObject_SetAttrString(greenlet, "gr_context", context != NULL ? context : Py_None) < 0)
        PyErr_Clear();
#endif
}

/* --- exceptions --------------------------------------------------------------------------------------------------- */

/* Return and clear the current exception; NULL if there is none. */
static PyObject *raised(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL)
        return NULL;
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* Raise exc, whose reference is taken over; do nothing for NULL. */
static void raise_again(PyObject *exc)
{
    if (exc == NULL)
        return;
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(exc);
#else
    PyErr_Restore(Py_NewRef(Py_TYPE(exc)), exc, PyException_GetTraceback(exc));
#endif
}

/* Whether the interpreter is shutting down. */
static int interpreter_is_ending(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing();
#elif KNOWN_CPYTHON
    return _Py_IsFinalizing();
#else
    PyObject *function = PySys_GetObject("is_finalizing"); /* borrowed */
    PyObject *answer = function != NULL ? PyObject_CallNoArgs(function) : NULL;
    int ending = answer != Py_False;
    Py_XDECREF(answer);
    PyErr_Clear();
    return ending;
#endif
}

/* --- greenlets ---------------------------------------------------------------------------------------------------- */

/* Untrack a greenlet, so that the garbage collector does not visit each parked one in every collection: the scheduler
   owns it. Drop the dictionary that greenlet makes for each. */
static void hide_greenlet(PyGreenlet *greenlet)
{
    if (known_greenlet) {
        PyObject_GC_UnTrack(greenlet);
        Py_CLEAR(greenlet->dict);
    }
}

static void show_greenlet(PyGreenlet *greenlet)
{
    if (known_greenlet && !PyObject_GC_IsTracked((PyObject *)greenlet))
        PyObject_GC_Track(greenlet);
}

static int check_greenlet(void)
{
#ifndef GOCHAN_PUBLIC_API
    PyObject *module = PyImport_ImportModule("greenlet");
    PyObject *version = module != NULL ? PyObject_GetAttrString(module, "__version__") : NULL;
    const char *text = version != NULL ? PyUnicode_AsUTF8(version) : NULL;
    known_greenlet = text != NULL && text[0] == '3' && text[1] == '.';
    Py_XDECREF(version);
    Py_XDECREF(module);
    return text == NULL ? -1 : 0;
#else
    return 0;
#endif
}

#endif

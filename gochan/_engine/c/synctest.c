/* Bubbles: goroutines with a clock of their own. Go's runtime/synctest.go.

   Invariants
   - `running` counts those of the `total` goroutines that are not durably blocked, plus the root. When it is zero and
     nothing is `active`, a goroutine is woken: see maybe_wake.
   - The root is in the bubble only while it is parked in `run`. A finalizer that runs between the lines of synctest.test
     may wait: it does so outside of the bubble, whose clock stands still until then. */

/* If all goroutines of the bubble are durably blocked, wake one: the root if a timer is due, else the one in
   synctest.wait, else the root, which moves the clock. */
static void maybe_wake(Bubble *b)
{
    if (b->running || b->active)
        return;
    int due = b->timers.count > 0 && b->timers.entries[0].when <= b->timers.moment;
    G *gp = b->waiter != NULL && !due ? b->waiter : b->root;
    if (gp == NULL || gp->status != G_WAITING)
        return;
    b->active++;
    ready(gp);
}

/* Return the caller's goroutine, borrowed; raise RuntimeError in another thread. */
static G *goroutine_here(void)
{
    G *gp = blocker();
    if (gp != NULL)
        return gp;
    gp = enter();
    if (gp == NULL)
        return NULL;
    int is_thread = gp->kind == G_THREAD;
    Py_DECREF(gp);
    if (!is_thread)
        return S.curg;
    PyErr_SetString(PyExc_RuntimeError, "synctest: call it in a goroutine, not in another thread");
    return NULL;
}

static PyObject *Bubble_enter(Bubble *b, PyObject *unused UNUSED)
{
    G *gp = goroutine_here();
    if (gp == NULL)
        return NULL;
    if (gp->bubble != NULL)
        return as_none(panic("synctest.Run called from within a synctest bubble"));
    if (b->root != NULL)
        return PyErr_Format(PyExc_RuntimeError, "Bubble.enter: a goroutine has entered the bubble already");
    b->root = (G *)Py_NewRef(OBJECT(gp));
    Py_RETURN_NONE;
}

/* Return whether the caller is the root; raise RuntimeError if not. */
static int is_root(Bubble *b, const char *what)
{
    if (b->root != NULL && b->root == running())
        return 1;
    PyErr_Format(PyExc_RuntimeError, "Bubble.%s: only the goroutine that entered the bubble may call it", what);
    return 0;
}

/* Put a goroutine into the bubble, or (NULL) take it out; the caller has a reference to the bubble. */
static void set_bubble(G *gp, Bubble *b)
{
    Py_XSETREF(gp->bubble, (Bubble *)Py_XNewRef(OBJECT(b)));
}

static PyObject *Bubble_start(Bubble *b, PyObject *fn)
{
    if (!is_root(b, "start"))
        return NULL;
    if (!PyCallable_Check(fn))
        return PyErr_Format(PyExc_TypeError, "Bubble.start: %R is not callable", fn);
    PyObject *args = PyTuple_New(0);
    PyFrameObject *frame = user_frame();
    int last;
    G *gp = args != NULL ? new_g(fn, args, NULL, frame, &last) : NULL;
    Py_XDECREF(frame);
    Py_XDECREF(args);
    if (gp == NULL)
        return NULL;
    b->main = gp;
    set_bubble(gp, b);
    set_bubble(b->root, b);
    PyObject *started = start_or_drop(gp, 0);
    set_bubble(b->root, NULL);
    return started;
}

static PyObject *Bubble_run(Bubble *b, PyObject *unused UNUSED)
{
    G *root = b->root;
    if (!is_root(b, "run"))
        return NULL;
    b->active++;
    for (;;) {
        run_timers(&b->timers, b->timers.moment);
        /* If running is 1, all goroutines but the root are blocked or have ended. */
        if (b->running != 1) {
            b->active--;
            set_bubble(root, b);
            int status = park(root, synctest_run);
            set_bubble(root, NULL);
            if (status < 0)
                return after_throw(root);
        }
        if (b->done || b->timers.count == 0)
            break;
        b->timers.moment = Py_MAX(b->timers.moment, b->timers.entries[0].when);
    }
    return PyBool_FromLong(b->total != 1);
}

static PyObject *Bubble_leave(Bubble *b, PyObject *unused UNUSED)
{
    G *root = b->root;
    if (!is_root(b, "leave"))
        return NULL;
    b->root = NULL;
    clear_timers(&b->timers);
    Py_DECREF(root);
    Py_RETURN_NONE;
}

static PyObject *Bubble_wait(Bubble *b, PyObject *unused UNUSED)
{
    G *gp = goroutine_here();
    if (gp == NULL)
        return NULL;
    if (gp->bubble != b)
        return as_none(panic("goroutine is not in a bubble"));
    if (b->waiter != NULL)
        return as_none(panic("wait already in progress"));
    b->waiter = gp;
    int status = park(gp, synctest_wait);
    b->waiter = NULL;
    if (status == 0 || gp->chosen)
        b->active--;
    if (status < 0)
        return after_throw(gp);
    Py_RETURN_NONE;
}

static PyObject *Bubble_unwind(Bubble *b, PyObject *unused UNUSED)
{
    if (!is_root(b, "unwind"))
        return NULL;
    return unwind_workers(b);
}

static PyObject *Bubble_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    long long id = 0;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Bubble() takes no keyword arguments");
    if (!PyArg_ParseTuple(args, "|L:Bubble", &id))
        return NULL;
    Bubble *b = (Bubble *)type->tp_alloc(type, 0);
    if (b == NULL)
        return NULL;
    b->id = id;
    b->total = b->running = 1;
    b->timers.is_virtual = 1;
    b->timers.seq = 1; /* the same for every bubble, so that each run of a test is the same */
    /* Midnight UTC 2000-01-01, as in Go. */
    b->timers.moment = 946684800000000000LL - wall_offset;
    return OBJECT(b);
}

static void Bubble_dealloc(Bubble *b)
{
    clear_timers(&b->timers);
    Py_CLEAR(b->root);
    plain_dealloc(OBJECT(b));
}

static PyObject *Bubble_root(Bubble *b, void *unused UNUSED)
{
    return or_none(b->root);
}

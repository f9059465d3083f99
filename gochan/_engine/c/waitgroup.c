/* WaitGroup. Go's sync/waitgroup.go.

   Invariant: goroutines wait only while `count` is above 0; the add that makes it 0 wakes all of them, in order. */

struct waitgroup {
    PyObject_HEAD
    Py_ssize_t count, waiters;
    unsigned process; /* the first program of the process that it was last adopted in */
    unsigned traced; /* its number in recordings; 0: none yet */
    Sema sema; /* the bubble of its queue, which is owned, is the group's */
};

static int group_wait_again(WaitGroup *wg);

/* In a forked child: drop the goroutines that wait in the parent, or were woken there and have not run. */
static void adopt_group(WaitGroup *wg)
{
    if (UNLIKELY(wg->process != S.first_program)) {
        wg->process = S.first_program;
        wg->waiters = wg->sema.value = 0;
    }
}

/* Assign the group to the bubble, as the first add in a bubble does; raise a Panic if its counter is not 0. */
static int associate(WaitGroup *wg, Bubble *bubble)
{
    if (wg->count)
        return panic(bubble != NULL && wg->sema.queue.bubble != NULL
                         ? "sync: WaitGroup.Add called from multiple synctest bubbles"
                         : "sync: WaitGroup.Add called from inside and outside synctest bubble");
    Bubble *before = wg->sema.queue.bubble;
    wg->sema.queue.bubble = (Bubble *)Py_XNewRef(OBJECT(bubble));
    Py_XDECREF(before);
    return 0;
}

static int group_too_large(void)
{
    PyErr_SetString(PyExc_OverflowError, "WaitGroup.add: the counter is too large");
    return -1;
}

static int group_add(WaitGroup *wg, Py_ssize_t delta)
{
    Bubble *bubble = bubble_here();
    if (UNLIKELY(wg->waiters))
        adopt_group(wg);
    if (UNLIKELY(bubble != wg->sema.queue.bubble) && associate(wg, bubble) < 0)
        return -1;
    if (delta > 0 && wg->count > PY_SSIZE_T_MAX - delta)
        return group_too_large();
    Py_ssize_t count = wg->count + delta;
    if (count < 0)
        return panic("sync: negative WaitGroup counter");
    if (wg->waiters && delta > 0 && wg->count == 0)
        return panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    wg->count = count;
    if (count == 0) {
        if (UNLIKELY(bubble != NULL)) {
            wg->sema.queue.bubble = NULL;
            Py_DECREF(bubble); /* not the last reference: the running goroutine has one */
        }
        while (wg->waiters) {
            wg->waiters--;
            release(&wg->sema, 0);
        }
        after_step();
    }
    return 0;
}

static int group_wait_as(WaitGroup *wg, G *as)
{
    if (wg->count == 0)
        return 0;
    G *gp = as != NULL ? as : blocker();
    if (gp == NULL)
        return group_wait_again(wg);
    adopt_group(wg);
    wg->waiters++;
    if (acquire(&wg->sema, gp, group_wait, 0) < 0) {
        if (!gp->success)
            wg->waiters--; /* it is not there for the add that reaches 0 */
        after_throw(gp);
        return -1;
    }
    if (wg->count || wg->waiters)
        return panic("sync: WaitGroup is reused before previous Wait has returned");
    return 0;
}

static NOINLINE int group_wait_again(WaitGroup *wg)
{
    G *gp = enter();
    if (gp == NULL)
        return -1;
    int status = group_wait_as(wg, gp->kind == G_THREAD ? gp : NULL);
    Py_DECREF(gp);
    return status;
}

static PyObject *WaitGroup_add(WaitGroup *wg, PyObject *delta)
{
    if (!PyLong_CheckExact(delta))
        return PyErr_Format(PyExc_TypeError, "WaitGroup.add: %R is not a number of goroutines; give an int", delta);
    int overflow;
    long long n = PyLong_AsLongLongAndOverflow(delta, &overflow);
    if (overflow < 0 || n < -PY_SSIZE_T_MAX)
        return as_none(panic("sync: negative WaitGroup counter"));
    if (overflow > 0 || n > PY_SSIZE_T_MAX)
        return as_none(group_too_large());
    return as_none(group_add(wg, (Py_ssize_t)n));
}

static PyObject *WaitGroup_done(WaitGroup *wg, PyObject *unused UNUSED)
{
    return as_none(group_add(wg, -1));
}

static PyObject *WaitGroup_wait(WaitGroup *wg, PyObject *unused UNUSED)
{
    return as_none(group_wait_as(wg, NULL));
}

static PyObject *WaitGroup_go(WaitGroup *wg, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    if (n < 1)
        return PyErr_Format(PyExc_TypeError, "WaitGroup.go() missing 1 required positional argument: 'fn'");
    if (!PyCallable_Check(args[0]))
        return PyErr_Format(PyExc_TypeError,
                            "WaitGroup.go: %R is not callable; give the function and its arguments", args[0]);
    int last;
    G *gp = new_g_for_call("WaitGroup.go", args, n, names, &last);
    if (gp == NULL)
        return NULL;
    if (group_add(wg, 1) < 0) {
        Py_DECREF(gp);
        return NULL;
    }
    gp->group = (WaitGroup *)Py_NewRef(OBJECT(wg));
    return start_or_drop(gp, last);
}

static PyObject *WaitGroup_repr(WaitGroup *wg)
{
    return PyUnicode_FromFormat("<WaitGroup counter=%zd waiters=%zd at %p>", wg->count, wg->waiters, wg);
}

static void WaitGroup_dealloc(WaitGroup *wg)
{
    abandon_queue(&wg->sema.queue);
    Py_CLEAR(wg->sema.queue.bubble);
    plain_dealloc(OBJECT(wg));
}

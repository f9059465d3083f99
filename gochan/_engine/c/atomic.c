/* Values that are read and changed in one step: Go's package sync/atomic.

   Arithmetic wraps around at the type's width, as in Go, and so do arguments: an Int32 stores 2**31 as -2**31. */

static PyTypeObject *Int32_type, *Int64_type, *Uint32_type, *Uint64_type, *Bool_type, *Pointer_type, *Value_type;

/* Return the only positional argument of a constructor, which is optional; NULL if it is not given, or with an
   exception. */
static PyObject *only_argument(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *value = NULL;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", short_name(type));
    if (!PyArg_UnpackTuple(args, short_name(type), 0, 1, &value))
        return NULL;
    return value;
}

/* --- integers ----------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    unsigned long long bits; /* the value, sign- or zero-extended from the type's width */
} Integer;

static inline unsigned long long wrap(Integer *x, unsigned long long bits)
{
    PyTypeObject *type = Py_TYPE(x);
    if (type == Int32_type)
        return (unsigned long long)(long long)(int)(unsigned)bits;
    return type == Uint32_type ? (unsigned)bits : bits;
}

static inline PyObject *to_int(Integer *x, unsigned long long bits)
{
    PyTypeObject *type = Py_TYPE(x);
    if (type == Uint32_type || type == Uint64_type)
        return PyLong_FromUnsignedLongLong(bits);
    return PyLong_FromLongLong((long long)bits);
}

static int from_int(Integer *x, const char *method, PyObject *value, unsigned long long *bits)
{
    if (UNLIKELY(!PyLong_CheckExact(value))) {
        PyErr_Format(PyExc_TypeError, "%s%s: %R is not an integer; give an int", short_name(Py_TYPE(x)), method, value);
        return -1;
    }
    *bits = wrap(x, PyLong_AsUnsignedLongLongMask(value));
    return 0;
}

static PyObject *Integer_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *value = only_argument(type, args, kwargs);
    if (value == NULL && PyErr_Occurred())
        return NULL;
    Integer *x = (Integer *)type->tp_alloc(type, 0);
    if (x != NULL && value != NULL && from_int(x, "", value, &x->bits) < 0)
        Py_CLEAR(x);
    return OBJECT(x);
}

static PyObject *Integer_load(Integer *x, PyObject *unused UNUSED)
{
    return poll_point() < 0 ? NULL : to_int(x, x->bits);
}

static PyObject *Integer_store(Integer *x, PyObject *value)
{
    return as_none(from_int(x, ".store", value, &x->bits));
}

static PyObject *Integer_swap(Integer *x, PyObject *new)
{
    unsigned long long bits;
    if (from_int(x, ".swap", new, &bits) < 0 || poll_point() < 0)
        return NULL;
    PyObject *old = to_int(x, x->bits);
    if (old != NULL)
        x->bits = bits;
    return old;
}

static PyObject *Integer_compare_and_swap(Integer *x, PyObject *const *args, Py_ssize_t n)
{
    unsigned long long old, new;
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "compare_and_swap() takes the old and the new value (%zd given)", n);
    if (from_int(x, ".compare_and_swap", args[0], &old) < 0 || from_int(x, ".compare_and_swap", args[1], &new) < 0 ||
        poll_point() < 0)
        return NULL;
    int same = x->bits == old;
    if (same)
        x->bits = new;
    return PyBool_FromLong(same);
}

static PyObject *Integer_add(Integer *x, PyObject *delta)
{
    unsigned long long bits;
    if (from_int(x, ".add", delta, &bits) < 0 || poll_point() < 0)
        return NULL;
    bits = wrap(x, x->bits + bits);
    PyObject *new = to_int(x, bits);
    if (new != NULL)
        x->bits = bits;
    return new;
}

static PyObject *Integer_and(Integer *x, PyObject *mask)
{
    unsigned long long bits;
    if (from_int(x, ".and_", mask, &bits) < 0 || poll_point() < 0)
        return NULL;
    PyObject *old = to_int(x, x->bits);
    if (old != NULL)
        x->bits = wrap(x, x->bits & bits);
    return old;
}

static PyObject *Integer_or(Integer *x, PyObject *mask)
{
    unsigned long long bits;
    if (from_int(x, ".or_", mask, &bits) < 0 || poll_point() < 0)
        return NULL;
    PyObject *old = to_int(x, x->bits);
    if (old != NULL)
        x->bits = wrap(x, x->bits | bits);
    return old;
}

static PyObject *Integer_repr(Integer *x)
{
    PyObject *value = to_int(x, x->bits);
    PyObject *text = value != NULL ? PyUnicode_FromFormat("%s(%S)", short_name(Py_TYPE(x)), value) : NULL;
    Py_XDECREF(value);
    return text;
}

/* --- Bool --------------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    char value;
} Bool;

static int from_bool(const char *method, PyObject *value)
{
    if (PyBool_Check(value))
        return value == Py_True;
    PyErr_Format(PyExc_TypeError, "Bool%s: %R is not a bool; give True or False", method, value);
    return -1;
}

static PyObject *Bool_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *value = only_argument(type, args, kwargs);
    int flag = value != NULL ? from_bool("", value) : 0;
    if (PyErr_Occurred())
        return NULL;
    Bool *x = (Bool *)type->tp_alloc(type, 0);
    if (x != NULL)
        x->value = (char)flag;
    return OBJECT(x);
}

static PyObject *Bool_load(Bool *x, PyObject *unused UNUSED)
{
    return poll_point() < 0 ? NULL : PyBool_FromLong(x->value);
}

static PyObject *Bool_store(Bool *x, PyObject *value)
{
    int flag = from_bool(".store", value);
    if (flag >= 0)
        x->value = (char)flag;
    return as_none(flag);
}

static PyObject *Bool_swap(Bool *x, PyObject *new)
{
    int flag = from_bool(".swap", new);
    if (flag < 0 || poll_point() < 0)
        return NULL;
    char old = x->value;
    x->value = (char)flag;
    return PyBool_FromLong(old);
}

static PyObject *Bool_compare_and_swap(Bool *x, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "compare_and_swap() takes the old and the new value (%zd given)", n);
    int old = from_bool(".compare_and_swap", args[0]);
    int new = old < 0 ? -1 : from_bool(".compare_and_swap", args[1]);
    if (new < 0 || poll_point() < 0)
        return NULL;
    int same = x->value == old;
    if (same)
        x->value = (char)new;
    return PyBool_FromLong(same);
}

static PyObject *Bool_repr(Bool *x)
{
    return PyUnicode_FromFormat("Bool(%s)", x->value ? "True" : "False");
}

/* --- Pointer and Value -------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *value; /* NULL: None */
} Reference;

static PyObject *exchange(Reference *x, PyObject *new)
{
    PyObject *old = x->value;
    x->value = new == Py_None ? NULL : Py_NewRef(new);
    return old;
}

static PyObject *Pointer_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *value = only_argument(type, args, kwargs);
    if (value == NULL && PyErr_Occurred())
        return NULL;
    Reference *x = (Reference *)type->tp_alloc(type, 0);
    if (x != NULL && value != NULL)
        exchange(x, value);
    return OBJECT(x);
}

static PyObject *Reference_load(Reference *x, PyObject *unused UNUSED)
{
    return poll_point() < 0 ? NULL : or_none(x->value);
}

static PyObject *Pointer_store(Reference *x, PyObject *value)
{
    PyObject *old = exchange(x, value);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *Pointer_swap(Reference *x, PyObject *new)
{
    if (poll_point() < 0)
        return NULL;
    PyObject *old = exchange(x, new);
    return old != NULL ? old : Py_NewRef(Py_None);
}

static PyObject *Pointer_compare_and_swap(Reference *x, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "compare_and_swap() takes the old and the new value (%zd given)", n);
    if (poll_point() < 0)
        return NULL;
    if ((x->value != NULL ? x->value : Py_None) != args[0])
        Py_RETURN_FALSE;
    PyObject *old = exchange(x, args[1]);
    Py_XDECREF(old);
    Py_RETURN_TRUE;
}

static PyObject *Reference_repr(Reference *x)
{
    int status = Py_ReprEnter(OBJECT(x));
    if (status != 0)
        return status > 0 ? PyUnicode_FromFormat("%s(...)", short_name(Py_TYPE(x))) : NULL;
    PyObject *value = or_none(x->value);
    PyObject *text = PyUnicode_FromFormat("%s(%R)", short_name(Py_TYPE(x)), value);
    Py_DECREF(value);
    Py_ReprLeave(OBJECT(x));
    return text;
}

static PyObject *Value_store(Reference *x, PyObject *value)
{
    if (value == Py_None)
        return as_none(panic("sync/atomic: store of nil value into Value"));
    if (x->value != NULL && Py_TYPE(x->value) != Py_TYPE(value))
        return as_none(panic("sync/atomic: store of inconsistently typed value into Value"));
    return Pointer_store(x, value);
}

static PyObject *Value_swap(Reference *x, PyObject *new)
{
    if (new == Py_None)
        return as_none(panic("sync/atomic: swap of nil value into Value"));
    if (poll_point() < 0)
        return NULL;
    if (x->value != NULL && Py_TYPE(x->value) != Py_TYPE(new))
        return as_none(panic("sync/atomic: swap of inconsistently typed value into Value"));
    PyObject *old = exchange(x, new);
    return old != NULL ? old : Py_NewRef(Py_None);
}

static PyObject *Value_compare_and_swap(Reference *x, PyObject *const *args, Py_ssize_t n)
{
    if (n != 2)
        return PyErr_Format(PyExc_TypeError, "compare_and_swap() takes the old and the new value (%zd given)", n);
    PyObject *old = args[0], *new = args[1];
    if (new == Py_None)
        return as_none(panic("sync/atomic: compare and swap of nil value into Value"));
    if (old != Py_None && Py_TYPE(old) != Py_TYPE(new))
        return as_none(panic("sync/atomic: compare and swap of inconsistently typed values"));
    if (poll_point() < 0)
        return NULL;
    for (;;) {
        PyObject *value = Py_XNewRef(x->value);
        if (value != NULL && Py_TYPE(value) != Py_TYPE(new)) {
            Py_DECREF(value);
            return as_none(panic("sync/atomic: compare and swap of inconsistently typed value into Value"));
        }
        int same = value == NULL ? old == Py_None : PyObject_RichCompareBool(value, old, Py_EQ);
        if (same <= 0) {
            Py_XDECREF(value);
            return same < 0 ? NULL : Py_NewRef(Py_False);
        }
        /* While the user's __eq__ ran, another goroutine may have changed it. */
        int unchanged = x->value == value;
        PyObject *before = unchanged ? exchange(x, new) : NULL;
        Py_XDECREF(before);
        Py_XDECREF(value);
        if (unchanged)
            Py_RETURN_TRUE;
    }
}

static int Reference_traverse(Reference *x, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(x));
    Py_VISIT(x->value);
    return 0;
}

static int Reference_clear(Reference *x)
{
    Py_CLEAR(x->value);
    return 0;
}

static void Reference_dealloc(Reference *x)
{
    PyTypeObject *type = Py_TYPE(x);
    PyObject_GC_UnTrack(x);
    Py_TRASHCAN_BEGIN(x, Reference_dealloc)
    Py_CLEAR(x->value);
    type->tp_free(x);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

/* Conversions to Go's signed integers: what ported code calls wherever arithmetic may leave its type. */

static PyObject *to_signed(const char *call, PyObject *x, int bits)
{
    long long whole;
    int changed = !PyLong_CheckExact(x); /* the result is another object than x */
    if (PyLong_Check(x)) {
        int overflow;
        whole = PyLong_AsLongLongAndOverflow(x, &overflow);
        if (UNLIKELY(overflow)) {
            whole = (long long)PyLong_AsUnsignedLongLongMask(x);
            changed = 1;
        }
    } else if (PyFloat_Check(x)) {
        double number = PyFloat_AS_DOUBLE(x);
        whole = number >= -9223372036854775808.0 && number < 9223372036854775808.0 ? (long long)number : LLONG_MIN;
    } else
        return PyErr_Format(PyExc_TypeError, "%s: %R is not an int or a float", call, x);
    int unused = 64 - bits;
    long long wrapped = (long long)((unsigned long long)whole << unused) >> unused;
    return changed || wrapped != whole ? PyLong_FromLongLong(wrapped) : Py_NewRef(x);
}

static PyObject *engine_to_int8(PyObject *module UNUSED, PyObject *x)
{
    return to_signed("to_int8", x, 8);
}

static PyObject *engine_to_int16(PyObject *module UNUSED, PyObject *x)
{
    return to_signed("to_int16", x, 16);
}

static PyObject *engine_to_int32(PyObject *module UNUSED, PyObject *x)
{
    return to_signed("to_int32", x, 32);
}

static PyObject *engine_to_int64(PyObject *module UNUSED, PyObject *x)
{
    return to_signed("to_int64", x, 64);
}

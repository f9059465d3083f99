/* What Python sees of the types: their methods, attributes and slots. Their functions are in the other files.

   Docstrings and signatures are the Python implementation's: DOC_Chan is that of its class Chan, DOC_Chan_send that of
   the method; see docstrings.py. */

#define METHOD(function) ((PyCFunction)(void (*)(void))(function))
#define FASTCALL METH_FASTCALL
#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define UNPICKLABLE {"__reduce__", METHOD(refuse_pickling), METH_NOARGS, NULL}
#define END_METHODS {NULL, NULL, 0, NULL}
#define END_GETSET {NULL, NULL, NULL, NULL, NULL}
#define END_MEMBERS {NULL, 0, 0, 0, NULL}
#define GENERIC {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL}
#define READ_ONLY(type, field, kind) {#field, kind, offsetof(type, field), READONLY, NULL}
#define SLOT(name, value) {Py_##name, (void *)(value)}
#define END_SLOTS {0, NULL}

/* --- methods and attributes --------------------------------------------------------------------------------------- */

static PyMemberDef G_members[] = {
    READ_ONLY(G, id, T_LONGLONG),
    READ_ONLY(G, parent, T_LONGLONG),
    READ_ONLY(G, lasti, T_INT),
    READ_ONLY(G, bubble, T_OBJECT),
    READ_ONLY(G, code, T_OBJECT),
    READ_ONLY(G, fn, T_OBJECT),
    READ_ONLY(G, args, T_OBJECT),
    READ_ONLY(G, greenlet, T_OBJECT),
    READ_ONLY(G, context, T_OBJECT),
    END_MEMBERS,
};

static PyGetSetDef G_getset[] = {
    {"objects", (getter)G_objects, NULL, NULL, NULL},
    {"thread", (getter)G_thread, NULL, NULL, NULL},
    {"waited", (getter)G_waited, NULL, NULL, NULL},
    {"waiting", (getter)G_waiting, NULL, NULL, NULL},
    {"frame", (getter)G_frame, NULL, NULL, NULL},
    {"outside_channels", (getter)G_outside_channels, NULL, NULL, NULL},
    {"scope", (getter)G_scope, (setter)G_set_scope, NULL, NULL},
    END_GETSET,
};

static PyMethodDef G_methods[] = {
    {"result", METHOD(G_result), METH_NOARGS, NULL},
    {"cancel", METHOD(G_cancel), METH_NOARGS, NULL},
    END_METHODS,
};

static PyMethodDef Sched_methods[] = {
    {"attach", Sched_attach, METH_NOARGS, NULL},
    {"reset", Sched_reset, METH_NOARGS, NULL},
    {"end", Sched_end, METH_NOARGS, NULL},
    {"fail_waits", Sched_fail_waits, METH_O, NULL},
    {"unwind", Sched_unwind, METH_NOARGS, NULL},
    {"keep_workers", Sched_keep_workers, METH_O, NULL},
    {"forget", Sched_forget, METH_NOARGS, NULL},
    {"goroutines", Sched_goroutines, METH_NOARGS, NULL},
    {"threads", Sched_threads, METH_NOARGS, NULL},
    {"post", Sched_post, METH_O, NULL},
    {"drain", Sched_drain, METH_NOARGS, NULL},
    {"runnable", Sched_runnable, METH_NOARGS, NULL},
    {"timeout", Sched_timeout, METH_NOARGS, NULL},
    {"now", Sched_now, METH_NOARGS, NULL},
    {"throw_into_main", Sched_throw_into_main, METH_O, NULL},
    {"main_exited", Sched_main_exited, METH_NOARGS, NULL},
    {"run_queue", Sched_run_queue, METH_NOARGS, NULL},
    {"choose", Sched_choose, METH_O, NULL},
    {"fire_timers", Sched_fire_timers, METH_NOARGS, NULL},
    END_METHODS,
};

#define PLAIN(name) {#name, (getter)Sched_##name, NULL, NULL, NULL}
#define SETTABLE(name) {#name, (getter)Sched_##name, (setter)Sched_set_##name, NULL, NULL}

static PyGetSetDef Sched_getset[] = {
    PLAIN(main),
    PLAIN(curg),
    PLAIN(thread),
    PLAIN(ending),
    PLAIN(live),
    PLAIN(heartbeats),
    PLAIN(tick),
    PLAIN(io_due),
    PLAIN(io_waiters),
    SETTABLE(shared),
    SETTABLE(use_selectors),
    SETTABLE(watched),
    SETTABLE(timed),
    SETTABLE(hub_asleep),
    SETTABLE(loop_due),
    SETTABLE(random),
    SETTABLE(moment),
    SETTABLE(exploring),
    SETTABLE(ready_case),
    END_GETSET,
};

static PyMethodDef Chan_methods[] = {
    {"send", METHOD(Chan_send), METH_O, DOC_Chan_send},
    {"recv", METHOD(Chan_recv), METH_NOARGS, DOC_Chan_recv},
    {"recv_ok", METHOD(Chan_recv_ok), METH_NOARGS, DOC_Chan_recv_ok},
    {"close", METHOD(Chan_close), METH_NOARGS, DOC_Chan_close},
    {"_can_recv", METHOD(Chan_can_recv), METH_NOARGS, NULL},
    {"_offer", METHOD(Chan_offer), METH_O, NULL},
    {"_wait", METHOD(Chan_wait), METH_O, NULL},
    {"_give_back", METHOD(Chan_give_back), METH_O, NULL},
    {"_unbubbled", METHOD(Chan_unbubbled), METH_O | METH_STATIC, NULL},
    {"__class_getitem__", METHOD(Chan_class_getitem), METH_O | METH_CLASS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Chan_getset[] = {
    {"cap", (getter)Chan_cap, NULL, DOC_Chan_cap, NULL},
    {"__orig_class__", (getter)Chan_get_orig_class, (setter)Chan_set_orig_class, NULL, NULL},
    END_GETSET,
};

static PyMemberDef Chan_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Chan, weakrefs), READONLY, NULL},
    END_MEMBERS,
};

static PyMethodDef Case_methods[] = {GENERIC, UNPICKLABLE, END_METHODS};

/* For gochan.explore, which has to know what a select waits for. */
static PyMemberDef Case_members[] = {
    {"_chan", T_OBJECT, offsetof(Case, chan), READONLY, NULL},
    END_MEMBERS,
};

static PyMethodDef Timer_methods[] = {
    {"stop", METHOD(Timer_stop), METH_NOARGS, DOC_Timer_stop},
    {"reset", METHOD(Timer_reset), METH_O, DOC_Timer_reset},
    {"__enter__", METHOD(return_self), METH_NOARGS, NULL},
    {"__exit__", METHOD(Timer_exit), METH_VARARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Timer_getset[] = {{"c", (getter)Timer_c, NULL, DOC_Timer_c, NULL}, END_GETSET};

static PyMethodDef Ticker_methods[] = {
    {"stop", METHOD(Ticker_stop), METH_NOARGS, DOC_Ticker_stop},
    {"reset", METHOD(Ticker_reset), METH_O, DOC_Ticker_reset},
    {"__enter__", METHOD(return_self), METH_NOARGS, NULL},
    {"__exit__", METHOD(Ticker_exit), METH_VARARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyGetSetDef Ticker_getset[] = {{"c", (getter)Ticker_c, NULL, DOC_Ticker_c, NULL}, END_GETSET};

static PyMethodDef Mutex_methods[] = {
    {"lock", METHOD(Mutex_lock), METH_NOARGS, DOC_Mutex_lock},
    {"try_lock", METHOD(Mutex_try_lock), METH_NOARGS, DOC_Mutex_try_lock},
    {"unlock", METHOD(Mutex_unlock), METH_NOARGS, DOC_Mutex_unlock},
    {"__enter__", METHOD(Mutex_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(Mutex_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef RWMutex_methods[] = {
    {"lock", METHOD(RWMutex_lock), METH_NOARGS, DOC_RWMutex_lock},
    {"try_lock", METHOD(RWMutex_try_lock), METH_NOARGS, DOC_RWMutex_try_lock},
    {"unlock", METHOD(RWMutex_unlock), METH_NOARGS, DOC_RWMutex_unlock},
    {"rlock", METHOD(RWMutex_rlock), METH_NOARGS, DOC_RWMutex_rlock},
    {"try_rlock", METHOD(RWMutex_try_rlock), METH_NOARGS, DOC_RWMutex_try_rlock},
    {"runlock", METHOD(RWMutex_runlock), METH_NOARGS, DOC_RWMutex_runlock},
    {"rlocker", METHOD(RWMutex_rlocker), METH_NOARGS, DOC_RWMutex_rlocker},
    {"__enter__", METHOD(RWMutex_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(RWMutex_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef RLocker_methods[] = {
    {"lock", METHOD(RLocker_lock), METH_NOARGS, DOC_RLocker_lock},
    {"unlock", METHOD(RLocker_unlock), METH_NOARGS, DOC_RLocker_unlock},
    {"__enter__", METHOD(RLocker_lock), METH_NOARGS, NULL},
    {"__exit__", METHOD(RLocker_exit), FASTCALL, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef WaitGroup_methods[] = {
    {"add", METHOD(WaitGroup_add), METH_O, DOC_WaitGroup_add},
    {"done", METHOD(WaitGroup_done), METH_NOARGS, DOC_WaitGroup_done},
    {"wait", METHOD(WaitGroup_wait), METH_NOARGS, DOC_WaitGroup_wait},
    {"go", METHOD(WaitGroup_go), KEYWORDS, DOC_WaitGroup_go},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef FD_methods[] = {
    {"read", METHOD(FD_read), FASTCALL, DOC_FD_read},
    {"read_into", METHOD(FD_read_into), METH_O, DOC_FD_read_into},
    {"write", METHOD(FD_write), METH_O, DOC_FD_write},
    {"_call", METHOD(FD_call), FASTCALL, NULL},
    {"_close", METHOD(FD_close), METH_NOARGS, NULL},
    {"_detach", METHOD(FD_detach), METH_NOARGS, NULL},
    {"_set_deadline", METHOD(FD_set_deadline), METH_VARARGS, NULL},
    {"fileno", METHOD(FD_fileno), METH_NOARGS, DOC_FD_fileno},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef FD_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(FD, weakrefs), READONLY, NULL},
    END_MEMBERS,
};

static PyGetSetDef FD_getset[] = {
    {"_closing", (getter)FD_closing, NULL, NULL, NULL},
    {"_owner", (getter)FD_owner, NULL, NULL, NULL},
    END_GETSET,
};

static PyMethodDef Await_methods[] = {
    {"begin", METHOD(Await_begin), METH_O, DOC_Await_begin},
    {"start", METHOD(Await_start), METH_NOARGS, DOC_Await_start},
    {"wait", METHOD(Await_wait), METH_NOARGS, DOC_Await_wait},
    {"result", METHOD(Await_result), METH_NOARGS, DOC_Await_result},
    {"outcome", METHOD(Await_outcome), METH_NOARGS, DOC_Await_outcome},
    {"drop", METHOD(Await_drop), METH_NOARGS, DOC_Await_drop},
    {"reset", METHOD(Await_reset), METH_NOARGS, DOC_Await_reset},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef Await_members[] = {
    READ_ONLY(Await, task, T_OBJECT),
    READ_ONLY(Await, coro, T_OBJECT),
    READ_ONLY(Await, context, T_OBJECT),
    READ_ONLY(Await, waiter, T_OBJECT),
    READ_ONLY(Await, started, T_BOOL),
    READ_ONLY(Await, done, T_BOOL),
    {"must_cancel", T_BOOL, offsetof(Await, must_cancel), 0, NULL},
    {"kept", T_BOOL, offsetof(Await, kept), 0, NULL},
    {"orphan", T_BOOL, offsetof(Await, orphan), 0, NULL},
    END_MEMBERS,
};

static PyGetSetDef Await_getset[] = {{"ended", (getter)Await_ended, NULL, DOC_Await_ended, NULL}, END_GETSET};

static PyMethodDef NotifyList_methods[] = {
    {"add", METHOD(NotifyList_add), METH_NOARGS, NULL},
    {"wait", METHOD(NotifyList_wait), METH_O, NULL},
    {"notify_one", METHOD(NotifyList_notify_one), METH_NOARGS, NULL},
    {"notify_all", METHOD(NotifyList_notify_all), METH_NOARGS, NULL},
    {"discard", METHOD(NotifyList_discard), METH_O, NULL},
    {"waiters", METHOD(NotifyList_waiters), METH_NOARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Bubble_methods[] = {
    {"enter", METHOD(Bubble_enter), METH_NOARGS, NULL},
    {"start", METHOD(Bubble_start), METH_O, NULL},
    {"run", METHOD(Bubble_run), METH_NOARGS, NULL},
    {"unwind", METHOD(Bubble_unwind), METH_NOARGS, NULL},
    {"leave", METHOD(Bubble_leave), METH_NOARGS, NULL},
    {"wait", METHOD(Bubble_wait), METH_NOARGS, NULL},
    UNPICKLABLE,
    END_METHODS,
};

static PyMemberDef Bubble_members[] = {
    READ_ONLY(Bubble, id, T_LONGLONG),
    READ_ONLY(Bubble, total, T_PYSSIZET),
    READ_ONLY(Bubble, done, T_BOOL),
    END_MEMBERS,
};

static PyGetSetDef Bubble_getset[] = {{"root", (getter)Bubble_root, NULL, NULL, NULL}, END_GETSET};

#define INTEGER_METHODS(type)                                                                                        \
    static PyMethodDef type##_methods[] = {                                                                          \
        {"load", METHOD(Integer_load), METH_NOARGS, DOC_##type##_load},                                              \
        {"store", METHOD(Integer_store), METH_O, DOC_##type##_store},                                                \
        {"swap", METHOD(Integer_swap), METH_O, DOC_##type##_swap},                                                   \
        {"compare_and_swap", METHOD(Integer_compare_and_swap), FASTCALL, DOC_##type##_compare_and_swap},             \
        {"add", METHOD(Integer_add), METH_O, DOC_##type##_add},                                                      \
        {"and_", METHOD(Integer_and), METH_O, DOC_##type##_and_},                                                    \
        {"or_", METHOD(Integer_or), METH_O, DOC_##type##_or_},                                                       \
        UNPICKLABLE,                                                                                                 \
        END_METHODS,                                                                                                 \
    }

INTEGER_METHODS(Int32);
INTEGER_METHODS(Int64);
INTEGER_METHODS(Uint32);
INTEGER_METHODS(Uint64);

static PyMethodDef Bool_methods[] = {
    {"load", METHOD(Bool_load), METH_NOARGS, DOC_Bool_load},
    {"store", METHOD(Bool_store), METH_O, DOC_Bool_store},
    {"swap", METHOD(Bool_swap), METH_O, DOC_Bool_swap},
    {"compare_and_swap", METHOD(Bool_compare_and_swap), FASTCALL, DOC_Bool_compare_and_swap},
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Pointer_methods[] = {
    {"load", METHOD(Reference_load), METH_NOARGS, DOC_Pointer_load},
    {"store", METHOD(Pointer_store), METH_O, DOC_Pointer_store},
    {"swap", METHOD(Pointer_swap), METH_O, DOC_Pointer_swap},
    {"compare_and_swap", METHOD(Pointer_compare_and_swap), FASTCALL, DOC_Pointer_compare_and_swap},
    GENERIC,
    UNPICKLABLE,
    END_METHODS,
};

static PyMethodDef Value_methods[] = {
    {"load", METHOD(Reference_load), METH_NOARGS, DOC_Value_load},
    {"store", METHOD(Value_store), METH_O, DOC_Value_store},
    {"swap", METHOD(Value_swap), METH_O, DOC_Value_swap},
    {"compare_and_swap", METHOD(Value_compare_and_swap), FASTCALL, DOC_Value_compare_and_swap},
    UNPICKLABLE,
    END_METHODS,
};

/* --- slots -------------------------------------------------------------------------------------------------------- */

static PyType_Slot G_slots[] = {
    SLOT(tp_dealloc, G_dealloc), SLOT(tp_traverse, G_traverse), SLOT(tp_clear, G_clear), SLOT(tp_repr, G_repr),
    SLOT(tp_members, G_members), SLOT(tp_getset, G_getset),     SLOT(tp_methods, G_methods), END_SLOTS,
};
static PyType_Slot Sched_slots[] = {SLOT(tp_dealloc, plain_dealloc), SLOT(tp_methods, Sched_methods),
                                    SLOT(tp_getset, Sched_getset), END_SLOTS};
static PyType_Slot Moment_slots[] = {SLOT(tp_dealloc, plain_dealloc), END_SLOTS};
static PyType_Slot Chan_slots[] = {
    SLOT(tp_doc, DOC_Chan),           SLOT(tp_new, Chan_new),       SLOT(tp_dealloc, Chan_dealloc),
    SLOT(tp_traverse, Chan_traverse), SLOT(tp_clear, Chan_clear),   SLOT(tp_iter, PyObject_SelfIter),
    SLOT(tp_iternext, Chan_next),     SLOT(nb_lshift, Chan_lshift), SLOT(nb_bool, Chan_bool),
    SLOT(sq_length, Chan_len),        SLOT(tp_repr, Chan_repr),     SLOT(tp_methods, Chan_methods),
    SLOT(tp_getset, Chan_getset),     SLOT(tp_members, Chan_members), END_SLOTS,
};
static PyType_Slot Case_slots[] = {
    SLOT(tp_members, Case_members),
    SLOT(tp_doc, DOC_Case),   SLOT(tp_dealloc, Case_dealloc), SLOT(tp_traverse, Case_traverse),
    SLOT(tp_repr, Case_repr), SLOT(tp_methods, Case_methods), END_SLOTS,
};
static PyType_Slot Timer_slots[] = {
    SLOT(tp_doc, DOC_Timer),           SLOT(tp_new, Timer_new),     SLOT(tp_dealloc, Timer_dealloc),
    SLOT(tp_traverse, Timer_traverse), SLOT(tp_clear, Timer_clear), SLOT(tp_methods, Timer_methods),
    SLOT(tp_getset, Timer_getset),     SLOT(tp_repr, Timer_repr),   END_SLOTS,
};
static PyType_Slot Ticker_slots[] = {
    SLOT(tp_doc, DOC_Ticker),           SLOT(tp_new, Ticker_new),         SLOT(tp_dealloc, Ticker_dealloc),
    SLOT(tp_traverse, Ticker_traverse), SLOT(tp_methods, Ticker_methods), SLOT(tp_getset, Ticker_getset),
    SLOT(tp_repr, Ticker_repr),         END_SLOTS,
};
static PyType_Slot Mutex_slots[] = {SLOT(tp_doc, DOC_Mutex), SLOT(tp_new, new_plain), SLOT(tp_dealloc, Mutex_dealloc),
                                    SLOT(tp_repr, Mutex_repr), SLOT(tp_methods, Mutex_methods), END_SLOTS};
static PyType_Slot RWMutex_slots[] = {SLOT(tp_doc, DOC_RWMutex), SLOT(tp_new, RWMutex_new),
                                      SLOT(tp_dealloc, RWMutex_dealloc), SLOT(tp_repr, RWMutex_repr),
                                      SLOT(tp_methods, RWMutex_methods), END_SLOTS};
static PyType_Slot RLocker_slots[] = {SLOT(tp_doc, DOC_RLocker), SLOT(tp_new, RLocker_new),
                                      SLOT(tp_dealloc, RLocker_dealloc), SLOT(tp_repr, RLocker_repr),
                                      SLOT(tp_methods, RLocker_methods), END_SLOTS};
static PyType_Slot WaitGroup_slots[] = {SLOT(tp_doc, DOC_WaitGroup), SLOT(tp_new, new_plain),
                                        SLOT(tp_dealloc, WaitGroup_dealloc), SLOT(tp_repr, WaitGroup_repr),
                                        SLOT(tp_methods, WaitGroup_methods), END_SLOTS};
static PyType_Slot NotifyList_slots[] = {SLOT(tp_new, new_plain), SLOT(tp_dealloc, NotifyList_dealloc),
                                         SLOT(tp_methods, NotifyList_methods), END_SLOTS};
static PyType_Slot FD_slots[] = {SLOT(tp_doc, DOC_FD),         SLOT(tp_new, FD_new),         SLOT(tp_dealloc, FD_dealloc),
                                 SLOT(tp_repr, FD_repr),       SLOT(tp_methods, FD_methods), SLOT(tp_members, FD_members),
                                 SLOT(tp_getset, FD_getset),   END_SLOTS};
static PyType_Slot Await_slots[] = {
    SLOT(tp_doc, DOC_Await),           SLOT(tp_new, Await_new),     SLOT(tp_dealloc, Await_dealloc),
    SLOT(tp_traverse, Await_traverse), SLOT(tp_clear, Await_clear), SLOT(tp_call, Await_call),
    SLOT(tp_methods, Await_methods),   SLOT(tp_members, Await_members), SLOT(tp_getset, Await_getset), END_SLOTS,
};
static PyType_Slot Bubble_slots[] = {SLOT(tp_new, Bubble_new), SLOT(tp_dealloc, Bubble_dealloc),
                                     SLOT(tp_methods, Bubble_methods), SLOT(tp_members, Bubble_members),
                                     SLOT(tp_getset, Bubble_getset), END_SLOTS};

#define INTEGER_SLOTS(type)                                                                                          \
    static PyType_Slot type##_slots[] = {SLOT(tp_doc, DOC_##type), SLOT(tp_new, Integer_new),                        \
                                         SLOT(tp_dealloc, plain_dealloc), SLOT(tp_repr, Integer_repr),               \
                                         SLOT(tp_methods, type##_methods), END_SLOTS}

INTEGER_SLOTS(Int32);
INTEGER_SLOTS(Int64);
INTEGER_SLOTS(Uint32);
INTEGER_SLOTS(Uint64);

static PyType_Slot Bool_slots[] = {SLOT(tp_doc, DOC_Bool), SLOT(tp_new, Bool_new), SLOT(tp_dealloc, plain_dealloc),
                                   SLOT(tp_repr, Bool_repr), SLOT(tp_methods, Bool_methods), END_SLOTS};
static PyType_Slot Pointer_slots[] = {
    SLOT(tp_doc, DOC_Pointer),         SLOT(tp_new, Pointer_new),      SLOT(tp_dealloc, Reference_dealloc),
    SLOT(tp_traverse, Reference_traverse), SLOT(tp_clear, Reference_clear), SLOT(tp_repr, Reference_repr),
    SLOT(tp_methods, Pointer_methods), END_SLOTS,
};
static PyType_Slot Value_slots[] = {
    SLOT(tp_doc, DOC_Value),           SLOT(tp_new, new_plain),        SLOT(tp_dealloc, Reference_dealloc),
    SLOT(tp_traverse, Reference_traverse), SLOT(tp_clear, Reference_clear), SLOT(tp_repr, Reference_repr),
    SLOT(tp_methods, Value_methods),   END_SLOTS,
};

/* --- the types ---------------------------------------------------------------------------------------------------- */

enum {
    FINAL = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    COLLECTED = FINAL | Py_TPFLAGS_HAVE_GC,
    MADE_HERE = Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

static PyTypeObject *Sched_type;

/* All types: the variable, the public name and so on. */
static const struct {
    PyTypeObject **type;
    PyType_Spec spec;
} types[] = {
    {&G_type, {"gochan.G", sizeof(G), 0, COLLECTED | MADE_HERE, G_slots}},
    {&Sched_type, {"gochan.Sched", 0, 0, FINAL | MADE_HERE, Sched_slots}},
    {&Moment_type, {"gochan.Moment", sizeof(Moment), 0, FINAL | MADE_HERE, Moment_slots}},
    {&Bubble_type, {"gochan.Bubble", sizeof(Bubble), 0, FINAL, Bubble_slots}},
    {&Chan_type, {"gochan.Chan", sizeof(Chan), 0, COLLECTED, Chan_slots}},
    {&Case_type, {"gochan.Case", sizeof(Case), 0, COLLECTED | MADE_HERE, Case_slots}},
    {&Timer_type, {"gochan.time.Timer", sizeof(Timer), 0, COLLECTED, Timer_slots}},
    {&Ticker_type, {"gochan.time.Ticker", sizeof(Ticker), 0, COLLECTED, Ticker_slots}},
    {&Mutex_type, {"gochan.sync.Mutex", sizeof(Mutex), 0, FINAL, Mutex_slots}},
    {&RWMutex_type, {"gochan.sync.RWMutex", sizeof(RWMutex), 0, FINAL, RWMutex_slots}},
    {&RLocker_type, {"gochan.sync.RLocker", sizeof(RLocker), 0, FINAL, RLocker_slots}},
    {&WaitGroup_type, {"gochan.sync.WaitGroup", sizeof(WaitGroup), 0, FINAL, WaitGroup_slots}},
    {&NotifyList_type, {"gochan.sync.NotifyList", sizeof(NotifyList), 0, FINAL, NotifyList_slots}},
    {&Await_type, {"gochan.Await", sizeof(Await), 0, COLLECTED, Await_slots}},
    {&FD_type, {"gochan.net.FD", sizeof(FD), 0, FINAL | Py_TPFLAGS_BASETYPE, FD_slots}},
    {&Int32_type, {"gochan.sync.atomic.Int32", sizeof(Integer), 0, FINAL, Int32_slots}},
    {&Int64_type, {"gochan.sync.atomic.Int64", sizeof(Integer), 0, FINAL, Int64_slots}},
    {&Uint32_type, {"gochan.sync.atomic.Uint32", sizeof(Integer), 0, FINAL, Uint32_slots}},
    {&Uint64_type, {"gochan.sync.atomic.Uint64", sizeof(Integer), 0, FINAL, Uint64_slots}},
    {&Bool_type, {"gochan.sync.atomic.Bool", sizeof(Bool), 0, FINAL, Bool_slots}},
    {&Pointer_type, {"gochan.sync.atomic.Pointer", sizeof(Reference), 0, COLLECTED, Pointer_slots}},
    {&Value_type, {"gochan.sync.atomic.Value", sizeof(Reference), 0, COLLECTED, Value_slots}},
};

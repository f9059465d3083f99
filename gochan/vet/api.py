"""What vet knows about gochan's names, and about those of the standard library that block."""

from __future__ import annotations

from typing import Final

# A port by machine imports these from gochan.port.lib, under the same names.  Its `time` is not among them: durations
# there are integers of nanoseconds.
PORTED: Final = {
    f"gochan.port.lib.{name}": f"gochan.{name}"
    for name in ("context", "run", "rate", "runtime", "singleflight", "synctest", "recover", "panic")
}
PORT_TIME: Final = "gochan.port.lib.time"

CHANS: Final = {"gochan.Chan", "gochan.RecvChan", "gochan.SendChan"}
MUTEX: Final = "gochan.sync.Mutex"
RWMUTEX: Final = "gochan.sync.RWMutex"
LOCKER: Final = "gochan.sync.Locker"
# What `rw.rlocker()` returns.
RLOCKER: Final = "gochan.sync.RLocker"
WAITGROUP: Final = "gochan.sync.WaitGroup"
COND: Final = "gochan.sync.Cond"
GROUP: Final = "gochan.errgroup.Group"
CONTEXT: Final = "gochan.context.Context"
# A context and its cancel function, before they are unpacked.
PAIR: Final = "gochan.context.Pair"
CANCEL: Final = "gochan.context.CancelFunc"
ERRGROUP_PAIR: Final = "gochan.errgroup.Pair"
CASE: Final = "gochan.Case"

LOCKS: Final = {MUTEX, RWMUTEX, LOCKER, RLOCKER}

ATOMICS: Final = {
    f"gochan.sync.atomic.{name}"
    for name in ("Bool", "Int32", "Int64", "Uint32", "Uint64", "Uintptr", "Value", "Pointer")
}
# What belongs to one place, and can't be copied.
UNCOPIABLE: Final = {
    "gochan.Chan", MUTEX, RWMUTEX, WAITGROUP, COND, GROUP, "gochan.sync.Once", "gochan.sync.Map", "gochan.sync.Pool",
    "gochan.semaphore.Weighted", "gochan.singleflight.Group", "gochan.rate.Limiter", *ATOMICS,
}  # fmt: skip

GOCHAN_CLASSES: Final = CHANS | UNCOPIABLE | {
    LOCKER, RLOCKER, CONTEXT, CASE, "gochan.time.Timer", "gochan.time.Ticker", "gochan.time.Time", "gochan.rate.Reservation",
    "gochan.rate.Sometimes", "gochan.singleflight.Result",
}  # fmt: skip
QUEUES: Final = {
    f"{module}.{name}"
    for module, names in {
        "queue": ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"),
        "multiprocessing": ("Queue", "JoinableQueue", "SimpleQueue"),
    }.items()
    for name in names
}
# `with` and acquire() block on these.
THREAD_LOCKS: Final = {
    "threading.Lock", "threading.RLock", "threading.Condition", "threading.Semaphore", "threading.BoundedSemaphore",
    "multiprocessing.Lock", "multiprocessing.RLock", "multiprocessing.Semaphore",
}  # fmt: skip
FOREIGN_CLASSES: Final = QUEUES | THREAD_LOCKS | {
    "threading.Event", "threading.Thread", "threading.Barrier", "threading.Timer", "multiprocessing.Process",
    "multiprocessing.Event", "socket.socket", "subprocess.Popen", "requests.Session", "httpx.Client",
    "http.client.HTTPConnection", "http.client.HTTPSConnection", "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor", "concurrent.futures.Future", "functools.partial",
    "multiprocessing.Pool", "selectors.DefaultSelector",
}  # fmt: skip
CLASSES: Final = GOCHAN_CLASSES | FOREIGN_CLASSES

# Functions -> the class of what they return.
RETURNS: Final = {
    "gochan.recv": CASE,
    "gochan.send": CASE,
    "gochan.timeout": CASE,
    "gochan.time.after": "gochan.RecvChan",
    "gochan.time.tick": "gochan.RecvChan",
    "gochan.time.new_timer": "gochan.time.Timer",
    "gochan.time.new_ticker": "gochan.time.Ticker",
    "gochan.time.after_func": "gochan.time.Timer",
    "gochan.time.now": "gochan.time.Time",
    "gochan.sync.new_cond": COND,
    "gochan.semaphore.new_weighted": "gochan.semaphore.Weighted",
    "gochan.rate.new_limiter": "gochan.rate.Limiter",
    "gochan.errgroup.with_context": ERRGROUP_PAIR,
    "gochan.context.background": CONTEXT,
    "gochan.context.todo": CONTEXT,
    "gochan.context.with_value": CONTEXT,
    "gochan.context.without_cancel": CONTEXT,
    "gochan.context.with_cancel": PAIR,
    "gochan.context.with_cancel_cause": PAIR,
    "gochan.context.with_deadline": PAIR,
    "gochan.context.with_deadline_cause": PAIR,
    "gochan.context.with_timeout": PAIR,
    "gochan.context.with_timeout_cause": PAIR,
    "gochan.signal.notify_context": PAIR,
    "socket.create_connection": "socket.socket",
    "threading.Lock": "threading.Lock",
}
CANCELABLE: Final = {name for name, result in RETURNS.items() if result == PAIR}

# (class, attribute) -> the class of the attribute, or of what the method returns where the name ends in ().
MEMBERS: Final = {
    ("gochan.time.Timer", "c"): "gochan.RecvChan",
    ("gochan.time.Ticker", "c"): "gochan.RecvChan",
    (CONTEXT, "done()"): "gochan.RecvChan",
    (RWMUTEX, "rlocker()"): RLOCKER,
    ("gochan.rate.Limiter", "reserve()"): "gochan.rate.Reservation",
    ("gochan.singleflight.Group", "do_chan()"): "gochan.RecvChan",
    ("concurrent.futures.ThreadPoolExecutor", "submit()"): "concurrent.futures.Future",
    ("concurrent.futures.ProcessPoolExecutor", "submit()"): "concurrent.futures.Future",
}

# The methods of gochan's classes, by class.
METHODS: Final = {
    "gochan.Chan": {"recv", "recv_ok", "send", "close"},
    "gochan.RecvChan": {"recv", "recv_ok"},
    "gochan.SendChan": {"send", "close"},
    MUTEX: {"lock", "unlock", "try_lock"},
    RWMUTEX: {"lock", "unlock", "try_lock", "rlock", "runlock", "try_rlock", "rlocker"},
    LOCKER: {"lock", "unlock"},
    RLOCKER: {"lock", "unlock"},
    WAITGROUP: {"add", "done", "wait", "go"},
    COND: {"wait", "signal", "broadcast"},
    GROUP: {"go", "try_go", "wait", "set_limit"},
    "gochan.sync.Once": {"do"},
    "gochan.semaphore.Weighted": {"acquire", "try_acquire", "release"},
    "gochan.rate.Limiter": {"wait", "wait_n", "allow", "allow_n", "reserve"},
    CONTEXT: {"done", "err", "value", "deadline"},
    "gochan.time.Timer": {"stop", "reset"},
    "gochan.time.Ticker": {"stop", "reset"},
}
for _atomic in ATOMICS:
    METHODS[_atomic] = {"load", "store", "add", "swap", "compare_and_swap"}

# Calls during which other goroutines run.
WAITS: Final = {
    "gochan.select", "gochan.time.sleep", "gochan.aio.await_", "gochan.thread.call", "gochan.runtime.gosched",
    "gochan.synctest.wait", "gochan.synctest.sleep", "gochan.net.dial", "gochan.net.lookup_host",
    "gochan.net.wait_readable", "gochan.net.wait_writable", "gochan.port.lib.chan_recv",
    "gochan.port.lib.chan_recv_ok", "gochan.port.lib.chan_send", "gochan.port.lib.forever",
    f"{PORT_TIME}.sleep",
}  # fmt: skip
# Coroutines that wait when they are awaited.
AWAITED: Final = {f"gochan.aio.{name}" for name in ("recv", "recv_ok", "send", "select")}
WAITING_METHODS: Final = {
    **{(chan, method): True for chan in CHANS for method in ("recv", "recv_ok", "send")},
    (MUTEX, "lock"): True,
    (RWMUTEX, "lock"): True,
    (RWMUTEX, "rlock"): True,
    (LOCKER, "lock"): True,
    (RLOCKER, "lock"): True,
    (WAITGROUP, "wait"): True,
    (COND, "wait"): True,
    (GROUP, "wait"): True,
    (GROUP, "go"): True,
    ("gochan.semaphore.Weighted", "acquire"): True,
    ("gochan.rate.Limiter", "wait"): True,
    ("gochan.rate.Limiter", "wait_n"): True,
    ("gochan.singleflight.Group", "do"): True,
}

# Functions that start another function as a goroutine -> the index of that argument.
STARTERS: Final = {
    "gochan.go": 0,
    "gochan.thread.submit": 0,
    "gochan.time.after_func": 1,
    f"{PORT_TIME}.after_func": 1,
    "gochan.context.after_func": 1,
}
STARTING_METHODS: Final = {
    (WAITGROUP, "go"): 0,
    (GROUP, "go"): 0,
    (GROUP, "try_go"): 0,
    ("gochan.singleflight.Group", "do_chan"): 1,
}
# Those that run one as the main goroutine of a program or bubble.
RUNNERS: Final = {"gochan.run": 0, "gochan.aio.run": 0, "gochan.synctest.test": 0}
# Those that call a function themselves, or in a thread.
CALLERS: Final = {"gochan.defer": 0, "gochan.thread.call": 0}
CALLING_METHODS: Final = {("gochan.sync.Once", "do"): 0, ("gochan.singleflight.Group", "do"): 1}

# Functions whose argument at this index is a duration in seconds.
DURATIONS: Final = {
    "gochan.time.sleep": 0,
    "gochan.time.after": 0,
    "gochan.time.after_func": 0,
    "gochan.time.new_timer": 0,
    "gochan.time.new_ticker": 0,
    "gochan.time.tick": 0,
    "gochan.timeout": 0,
    "gochan.context.with_timeout": 1,
    "gochan.context.with_timeout_cause": 1,
    "gochan.rate.every": 0,
    "gochan.synctest.sleep": 0,
}
DURATION_METHODS: Final = {("gochan.time.Timer", "reset"): 0, ("gochan.time.Ticker", "reset"): 0}

# Results that are the only purpose of the call -> what to do with them.
RESULTS: Final = {
    "gochan.context.with_value": "use the context that it returns",
    "gochan.context.without_cancel": "use the context that it returns",
    "gochan.context.background": "pass it to a call that takes a context",
    "gochan.context.cause": "use its result",
    "gochan.time.after": "receive from the channel that it returns, or call time.sleep",
    "gochan.time.tick": "receive from the channel that it returns",
    "gochan.time.since": "use its result",
    "gochan.time.until": "use its result",
    "gochan.time.now": "use its result",
    "gochan.time.parse_duration": "use its result",
    "gochan.time.duration_string": "use its result",
    "gochan.rate.every": "pass it to rate.Limiter",
}
RESULT_METHODS: Final = {
    (MUTEX, "try_lock"): "it doesn't wait: the result says whether the lock is held",
    (RWMUTEX, "try_lock"): "it doesn't wait: the result says whether the lock is held",
    (RWMUTEX, "try_rlock"): "it doesn't wait: the result says whether the lock is held",
    (RWMUTEX, "rlocker"): "it locks nothing: use it in a with statement, or call rlock",
    ("gochan.semaphore.Weighted", "try_acquire"): "it doesn't wait: the result says whether it was acquired",
    (
        "gochan.rate.Limiter",
        "allow",
    ): "it doesn't wait: the result says whether the event may happen; to wait, call wait(ctx)",
    ("gochan.rate.Limiter", "allow_n"): "it doesn't wait: the result says whether the events may happen",
}

# What blocks the thread, and so all goroutines -> what to do instead.
_THREAD = "call it in a thread: thread.call({name}, ...)"
_HTTP = "call it in a thread, thread.call({name}, ...), or await an asyncio client with aio.await_"
BLOCKING: Final = {
    "time.sleep": "use gochan's time.sleep",
    "input": "call it in a thread: thread.call(input, ...)",
    "urllib.request.urlopen": _HTTP,
    "urllib.request.urlretrieve": _HTTP,
    "socket.create_connection": "use net.dial",
    "socket.getaddrinfo": "use net.lookup_host",
    "socket.gethostbyname": "use net.lookup_host",
    "socket.gethostbyname_ex": "use net.lookup_host",
    "socket.gethostbyaddr": "use net.lookup_addr, or thread.call",
    "socket.getfqdn": _THREAD,
    "subprocess.run": _THREAD,
    "subprocess.call": _THREAD,
    "subprocess.check_call": _THREAD,
    "subprocess.check_output": _THREAD,
    "subprocess.getoutput": _THREAD,
    "subprocess.getstatusoutput": _THREAD,
    "os.system": _THREAD,
    "os.popen": "call subprocess.getoutput in a thread: thread.call(subprocess.getoutput, ...)",
    "os.wait": _THREAD,
    "os.waitpid": _THREAD,
    "os.wait3": _THREAD,
    "os.wait4": _THREAD,
    "select.select": "use net.wait_readable",
    "signal.pause": "use signal.notify and receive from the channel",
    "signal.sigwait": "use signal.notify and receive from the channel",
    "getpass.getpass": _THREAD,
    "sys.stdin.read": _THREAD,
    "sys.stdin.readline": _THREAD,
    "sys.stdin.readlines": _THREAD,
    "asyncio.run": "await with aio.await_, which lets the other goroutines run",
    "concurrent.futures.wait": _THREAD,
    "concurrent.futures.as_completed": "start a goroutine per task that calls thread.call(..., executor=...)",
    **{
        f"{library}.{verb}": _HTTP
        for library, verbs in {
            "requests": ("get", "post", "put", "delete", "head", "patch", "options", "request"),
            "httpx": ("get", "post", "put", "delete", "head", "patch", "options", "request", "stream"),
        }.items()
        for verb in verbs
    },
}
_CHAN = "use a Chan"
_LOCK = "use sync.Mutex"
BLOCKING_METHODS: Final = {
    **{(queue, method): _CHAN for queue in QUEUES for method in ("get", "put", "join")},
    **{(lock, "acquire"): _LOCK for lock in THREAD_LOCKS},
    ("threading.Condition", "wait"): "use sync.Cond",
    ("threading.Condition", "wait_for"): "use sync.Cond",
    ("threading.Event", "wait"): "close a Chan instead of setting the event, or thread.call(event.wait)",
    ("multiprocessing.Event", "wait"): "call it in a thread: thread.call(event.wait)",
    ("threading.Barrier", "wait"): "use sync.WaitGroup",
    (
        "threading.Thread",
        "join",
    ): "call it in a thread, thread.call(t.join), or receive from a Chan that the thread closes",
    ("threading.Timer", "join"): "use time.after_func",
    ("multiprocessing.Process", "join"): "call it in a thread: thread.call(p.join)",
    ("subprocess.Popen", "wait"): "call it in a thread: thread.call(process.wait)",
    ("subprocess.Popen", "communicate"): "call it in a thread: thread.call(process.communicate)",
    **{
        ("socket.socket", method): "use gochan.net, or net.wait_readable before the call"
        for method in ("recv", "recvfrom", "recv_into", "accept")
    },
    **{("socket.socket", method): "use gochan.net" for method in ("connect", "sendall")},
    **{
        (session, verb): "call it in a thread: thread.call({name}, ...)"
        for session in ("requests.Session", "httpx.Client")
        for verb in ("get", "post", "put", "delete", "head", "patch", "options", "request")
    },
    **{
        (connection, method): "call it in a thread: thread.call({name}, ...)"
        for connection in ("http.client.HTTPConnection", "http.client.HTTPSConnection")
        for method in ("request", "getresponse", "connect")
    },
    ("concurrent.futures.Future", "result"): "call the function with thread.call(f, ..., executor=...)",
    ("concurrent.futures.Future", "exception"): "call the function with thread.call(f, ..., executor=...)",
    **{
        ("multiprocessing.Pool", method): "call the function with thread.call(f, ..., executor=...)"
        for method in ("map", "starmap", "apply", "join")
    },
    ("selectors.DefaultSelector", "select"): "use net.wait_readable",
}
# Classes whose instances connect to a host, if they are made with one -> what to do instead.
CONNECTING: Final = {
    f"{module}.{name}": _THREAD
    for module, names in {
        "smtplib": ("SMTP", "SMTP_SSL"),
        "ftplib": ("FTP", "FTP_TLS"),
        "imaplib": ("IMAP4", "IMAP4_SSL"),
        "poplib": ("POP3", "POP3_SSL"),
    }.items()
    for name in names
}

# Calls that end the program, and all from which control does not come back.
ENDS: Final = {"sys.exit", "os._exit", "os.abort", "exit", "quit"}
NORETURN: Final = {*ENDS, "gochan.panic", "gochan.runtime.goexit", "pytest.fail", "pytest.skip"}

# Builtins that return nothing that can be called.
NOT_CALLABLE: Final = {
    "print", "len", "input", "sum", "sorted", "list", "dict", "set", "tuple", "str", "int", "float", "bool", "range",
    "open", "abs", "round", "repr", "bytes", "bytearray", "enumerate", "zip", "map", "filter", "reversed", "hash", "id",
    "isinstance", "issubclass", "callable", "hasattr", "setattr", "delattr", "ord", "chr", "divmod", "all", "any",
}  # fmt: skip


def _modules() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for name in {
        *CLASSES,
        *RETURNS,
        *WAITS,
        *STARTERS,
        *CALLERS,
        *DURATIONS,
        *RESULTS,
        *BLOCKING,
        *CONNECTING,
    }:
        module, _, last = name.rpartition(".")
        if module and not last.startswith("_"):
            names.setdefault(module, set()).add(last)
    return names


# By module: its names in these tables, which are what `from module import *` is taken to bring.
NAMES: Final = _modules()

"""What the analyses know of library functions: ranges of integer results, and whom they call back.

A function that is not here may return any integer of its type, and may change what its arguments refer to.
"""

from gochan.port.intervals import Interval

# No string, slice or map of a program that ends has more elements: a list of as many takes 8 GB.
LENGTH = Interval(0, 1 << 30)
INDEX = Interval(-1, 1 << 30)
SIGN = Interval(-1, 1)
BITS = Interval(0, 64)
SMALL = Interval(0, 1 << 20)
TIME = Interval(-(1 << 61), 1 << 61)

# Packages whose functions don't change integers in what they are given, but for those below.
HARMLESS = frozenset(
    [
        "bytes",
        "cmp",
        "context",
        "errors",
        "fmt",
        "html",
        "log",
        "log/slog",
        "math",
        "math/big",
        "math/bits",
        "math/cmplx",
        "net/url",
        "os",
        "os/exec",
        "os/signal",
        "path",
        "path/filepath",
        "regexp",
        "runtime",
        "runtime/debug",
        "slices",
        "sort",
        "strconv",
        "strings",
        "sync",
        "testing",
        "testing/synctest",
        "text/tabwriter",
        "time",
        "unicode",
        "unicode/utf8",
        "maps",
        "math/rand",
        "math/rand/v2",
        "iter",
        "container/heap",
        "container/list",
        "container/ring",
        "golang.org/x/sync/errgroup",
        "golang.org/x/sync/semaphore",
        "golang.org/x/sync/singleflight",
        "golang.org/x/time/rate",
        "hash/adler32",
        "hash/fnv",
        "hash/crc32",
        "crypto/md5",
        "crypto/sha1",
        "crypto/sha256",
        "crypto/sha512",
        "encoding/hex",
    ]
)
# Functions of those that write to what they are given.
WRITERS = (
    "errors.As",
    "fmt.Scan",
    "fmt.Sscan",
    "fmt.Fscan",
    "slices.Insert",
    "slices.Replace",
    "slices.AppendSeq",
    "maps.Copy",
    "maps.Insert",
)
# Functions of other packages that only read what they are given.
READERS = frozenset(
    [
        "encoding/json.Marshal",
        "encoding/json.MarshalIndent",
        "(*encoding/json.Encoder).Encode",
        "reflect.TypeOf",
        "reflect.DeepEqual",
    ]
)
# Packages that don't keep what they are given in an interface.
PRINTERS = frozenset(["errors", "fmt", "log", "log/slog", "testing"])
# Functions that sort a slice, or look at its order, by a function of the program.
SORTERS = frozenset(
    [
        "sort.Slice",
        "sort.SliceStable",
        "sort.SliceIsSorted",
        "slices.SortFunc",
        "slices.SortStableFunc",
        "slices.IsSortedFunc",
    ]
)

RESULTS = {
    "strings.Index": INDEX,
    "strings.IndexByte": INDEX,
    "strings.IndexRune": INDEX,
    "strings.IndexAny": INDEX,
    "strings.IndexFunc": INDEX,
    "strings.LastIndex": INDEX,
    "strings.LastIndexByte": INDEX,
    "strings.LastIndexAny": INDEX,
    "strings.Count": LENGTH,
    "strings.Compare": SIGN,
    "bytes.Compare": SIGN,
    "bytes.Index": INDEX,
    "bytes.IndexByte": INDEX,
    "bytes.Count": LENGTH,
    "cmp.Compare": SIGN,
    "slices.Index": INDEX,
    "slices.IndexFunc": INDEX,
    "slices.Compare": SIGN,
    "sort.SearchInts": LENGTH,
    "sort.SearchStrings": LENGTH,
    "sort.SearchFloat64s": LENGTH,
    "unicode/utf8.RuneCountInString": LENGTH,
    "unicode/utf8.RuneCount": LENGTH,
    "unicode/utf8.RuneLen": Interval(-1, 4),
    "math/bits.Len": BITS,
    "math/bits.Len64": BITS,
    "math/bits.Len32": BITS,
    "math/bits.OnesCount": BITS,
    "math/bits.OnesCount64": BITS,
    "math/bits.OnesCount32": BITS,
    "math/bits.OnesCount8": BITS,
    "math/bits.TrailingZeros": BITS,
    "math/bits.TrailingZeros64": BITS,
    "math/bits.LeadingZeros": BITS,
    "math/bits.LeadingZeros64": BITS,
    "runtime.NumGoroutine": LENGTH,
    "runtime.NumCPU": SMALL,
    "runtime.GOMAXPROCS": LENGTH,
    "math/rand.Int": Interval(0, (1 << 63) - 1),
    "math/rand.Int63": Interval(0, (1 << 63) - 1),
    "math/rand.Int31": Interval(0, (1 << 31) - 1),
    "(*math/rand.Rand).Int": Interval(0, (1 << 63) - 1),
    "(*math/rand.Rand).Int63": Interval(0, (1 << 63) - 1),
    "(*math/rand.Rand).Int31": Interval(0, (1 << 31) - 1),
    "time.Since": TIME,
    "time.Until": TIME,
    "(time.Time).Sub": TIME,
    "(time.Time).Unix": TIME,
    "(time.Time).UnixNano": TIME,
    "(time.Time).UnixMilli": TIME,
    "(time.Time).UnixMicro": TIME,
    "(time.Duration).Milliseconds": TIME,
    "(time.Duration).Microseconds": TIME,
    "(time.Duration).Nanoseconds": TIME,
    "(time.Time).Nanosecond": Interval(0, 10**9),
    "(time.Time).Second": Interval(0, 60),
    "(time.Time).Minute": Interval(0, 60),
    "(time.Time).Hour": Interval(0, 24),
    "(time.Time).Day": Interval(0, 31),
    "(time.Time).YearDay": Interval(0, 366),
    "(time.Time).Month": Interval(1, 12),
    "(time.Time).Weekday": Interval(0, 6),
    "(*strings.Builder).Len": LENGTH,
    "(*bytes.Buffer).Len": LENGTH,
    "(*container/list.List).Len": LENGTH,
    "(*container/ring.Ring).Len": LENGTH,
    "(*sync/atomic.Int32).Load": Interval(-(1 << 31), (1 << 31) - 1),
}
# The result is in [0, the argument with this index).
BELOW = {
    f"{package}{name}": 0
    for package in ("math/rand.", "(*math/rand.Rand).", "math/rand/v2.", "(*math/rand/v2.Rand).")
    for name in ("Intn", "Int31n", "Int63n", "IntN", "Int32N", "Int64N", "UintN", "N", "Uint32N", "Uint64N")
}
# The result is in [0, the argument].
UP_TO = {"sort.Search": 0, "sort.Find": 0}

# What a callback is given: indexes.
CALLED_WITH_INDEXES = frozenset(
    [
        "sort.Slice",
        "sort.SliceStable",
        "sort.SliceIsSorted",
        "sort.Search",
        "sort.Find",
        "math/rand.Shuffle",
        "(*math/rand.Rand).Shuffle",
        "math/rand/v2.Shuffle",
    ]
)
# Methods that the library calls, and the integers that it gives them.
METHODS = {"Less": LENGTH, "Swap": LENGTH}
# Packages and functions that call exported methods by their names, with any integers.
CALLS_BY_NAME = frozenset(
    [
        "text/template",
        "(reflect.Type).Method",
        "(reflect.Type).MethodByName",
        "(reflect.Value).Method",
        "(reflect.Value).MethodByName",
    ]
)
METHODS_OF_ANY = frozenset(
    [
        "Seek",
        "ReadAt",
        "WriteAt",
        "WriteByte",
        "WriteRune",
        "WriteHeader",
        "Seed",
        "Format",
        "String",
        "Error",
        "GoString",
        "MarshalJSON",
        "UnmarshalJSON",
        "MarshalText",
        "UnmarshalText",
        "Set",
        "Is",
        "As",
        "Unwrap",
        "ServeHTTP",
        "Int63",
        "Uint64",
        "Scan",
        "Write",
        "Read",
        "Close",
    ]
)

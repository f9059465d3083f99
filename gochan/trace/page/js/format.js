// Texts of durations and times. All times are numbers of nanoseconds.

const UNITS = [
  { name: "ns", size: 1 },
  { name: "µs", size: 1e3 },
  { name: "ms", size: 1e6 },
  { name: "s", size: 1e9 },
];

/** The largest unit that is not larger than a duration. */
function unitOf(ns) {
  let unit = UNITS[0];
  for (const next of UNITS) if (ns >= next.size) unit = next;
  return unit;
}

/** A duration with three digits: "1.25 ms". */
function duration(ns) {
  if (ns < 0) return "−" + duration(-ns);
  if (ns === 0) return "0";
  if (ns >= 59.5e9) {
    const seconds = Math.round(ns / 1e9);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return (hours ? `${hours} h ` : "") + `${minutes} min ${seconds % 60} s`;
  }
  // 999.6 µs has three digits as 1.00 ms.
  const unit = unitOf(ns * 1.0005);
  const value = ns / unit.size;
  const digits = unit.size === 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit.name}`;
}

/** A moment, as exact as one pixel of the view needs it: "12.0415 ms". */
function moment(ns, perPixel) {
  if (Math.abs(ns) < 0.5) return "0";
  const unit = unitOf(Math.max(Math.abs(ns), 1));
  const digits = Math.max(0, Math.min(9, Math.ceil(Math.log10(unit.size / Math.max(perPixel, 1)))));
  return `${(ns / unit.size).toFixed(unit.size === 1 ? 0 : digits)} ${unit.name}`;
}

/**
 * The ticks of an axis from one moment to another: [{at, text}], and the moment that the texts count from.
 *
 * Far from the beginning, texts such as "5.123456789 s" would not fit: then they count from a round moment.
 */
function axisTicks(from, to, count) {
  const unit = unitOf(Math.max((to - from) / 1.5, 1));
  const places = d3.scaleLinear().domain([from / unit.size, to / unit.size]).ticks(count);
  const step = places.length > 1 ? (places[1] - places[0]) * unit.size : to - from;
  let base = 0;
  if (Math.max(Math.abs(from), Math.abs(to)) > 5000 * step) {
    const round = 10 ** Math.ceil(Math.log10(to - from));
    base = Math.floor(from / round) * round;
  }
  const digits = Math.max(0, Math.min(9, -Math.floor(Math.log10(step / unit.size) + 1e-9)));
  const ticks = places.map((place) => {
    const at = place * unit.size;
    const value = ((at - base) / unit.size).toFixed(digits);
    const text = Number(value) === 0 ? "0" : `${value} ${unit.name}`;
    return { at, text: base ? `+${text}` : text };
  });
  const start = base ? moment(base, 10 ** Math.ceil(Math.log10(to - from))) : "";
  return { ticks, base: start };
}

/** "1 wait", "2 waits". */
function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A function's qualified name without the "<locals>" between the functions. */
function shortName(name) {
  return name.replaceAll(".<locals>", "");
}

// The trace: columns of numbers, and what can be asked of them.

/** What spans are drawn as: the index is a span's kind. */
const KINDS = [
  { key: "run", label: "running" },
  { key: "runnable", label: "runnable" },
  { key: "receive", label: "chan receive" },
  { key: "send", label: "chan send" },
  { key: "select", label: "select" },
  { key: "sync", label: "sync" },
  { key: "sleep", label: "sleep" },
  { key: "io", label: "IO and threads" },
  { key: "other", label: "other waits" },
];
const RUN = 0;
const RUNNABLE = 1;
const FIRST_WAIT = 2;
const OPEN = 1;
const CUT = 2;

/** The kind of a wait with this reason. */
function kindOfWait(reason) {
  const text = reason.toLowerCase();
  if (text.startsWith("chan receive")) return 2;
  if (text.startsWith("chan send")) return 3;
  if (text.startsWith("select")) return 4;
  if (/^sync\.|^sema|mutex|cond\b|waitgroup|lock/.test(text)) return 5;
  if (/sleep|timer/.test(text)) return 6;
  if (/\bio\b|thread|poll|net|future|await/.test(text)) return 7;
  return 8;
}

function kindOfSite({ kind, name }) {
  if (kind === "run") return RUN;
  if (kind === "runnable") return RUNNABLE;
  return kind === "wait" ? kindOfWait(name) : 8;
}

/** A reason and its object as one text, which says "chan" once. */
function reasonOn(name, object) {
  if (!object) return name;
  return `${name} · ${name.startsWith("chan ") && !object.includes("#") ? object.replace(/^chan /, "") : object}`;
}

/** What may be written into a span, the longest first. */
function labelsOf({ kind, name, at, object }) {
  if (kind === "run") return at ? [at] : [];
  const last = name.split(/[ .]/).pop();
  return kind === "wait" ? [reasonOn(name, object), name, last] : [name];
}

/** Unpack what view.py has packed. */
async function unpack(text) {
  const binary = atob(text.trim());
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(data.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  const columns = {};
  let from = 4 + length;
  for (const [name, count] of Object.entries(header.columns)) {
    // One byte of all numbers after the other.
    const column = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      column[i] =
        data[from + i] |
        (data[from + count + i] << 8) |
        (data[from + 2 * count + i] << 16) |
        (data[from + 3 * count + i] << 24);
    }
    columns[name] = column;
    from += 4 * count;
  }
  return new Trace(header, columns);
}

/** The first index from `low` to `high` whose value in a sorted array is more than `value`; otherwise `high`. */
function firstAbove(values, value, low, high) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first index from `low` to `high` whose value in a sorted array is `value` or more; otherwise `high`. */
function firstFrom(values, value, low, high) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** firstAbove for an index that is probably near `low`: it looks at few values if so. */
function nextAbove(values, value, low, high) {
  let step = 1;
  let last = low;
  let probe = low;
  while (probe < high && values[probe] <= value) {
    last = probe + 1;
    probe += step;
    step *= 2;
  }
  return firstAbove(values, value, last, Math.min(probe, high));
}

const wide = (low, high, i) => low[i] + high[i] * 4294967296;

class Trace {
  constructor(header, columns) {
    Object.assign(this, {
      program: header.program,
      version: header.version,
      startedAt: header.started,
      ending: header.ending,
      lost: header.lost,
      from: header.start,
      to: header.end,
      programs: header.programs,
    });
    this.sites = header.sites.map((site) => {
      const [kind = "", name = "", at = "", fn = "", to = "", object = "", message = ""] = site;
      const loud = kind === "panic" || kind === "log";
      const over = kind === "go" && name === "end";
      const known = { kind, name, at, fn: shortName(fn), to, object, message };
      return { ...known, loud, over, shade: kindOfSite(known), labels: labelsOf(known) };
    });
    this.lanes = header.lanes.map(([program, number, name, kind], index) => ({
      index, program, number, name: shortName(name), kind, rows: 0,
    }));
    const offsets = (at) => {
      const starts = new Uint32Array(this.lanes.length + 1);
      header.lanes.forEach((lane, i) => { starts[i + 1] = starts[i] + lane[at]; });
      return starts;
    };
    this.spanOffsets = offsets(4);
    this.barOffsets = offsets(5);
    this.timeOffsets = offsets(6);
    this.readSpans(columns);
    this.readBars(columns);
    this.readInstants(columns);
    this.findWakes();
    this.matches = new Uint8Array(this.count).fill(1);
    this.sum();
  }

  readSpans(columns) {
    const count = columns.gap.length;
    this.count = count;
    this.start = new Float64Array(count);
    this.end = new Float64Array(count);
    this.site = columns.site;
    this.by = new Int32Array(count);
    this.flags = Uint8Array.from(columns.flags);
    this.shade = new Uint8Array(count);
    this.laneOf = new Uint32Array(count);
    for (const lane of this.lanes) {
      let time = 0;
      for (let i = this.spanOffsets[lane.index]; i < this.spanOffsets[lane.index + 1]; i++) {
        this.start[i] = time += wide(columns.gap, columns.gapHigh, i);
        this.end[i] = time += wide(columns.length, columns.lengthHigh, i);
        this.by[i] = columns.by[i] - 1;
        this.shade[i] = this.sites[this.site[i]].shade;
        this.laneOf[i] = lane.index;
      }
    }
  }

  readBars(columns) {
    const count = columns.barSite.length;
    this.barStart = new Float64Array(count);
    this.barEnd = new Float64Array(count);
    this.barSite = columns.barSite;
    this.barRow = Uint8Array.from(columns.barRow);
    for (const lane of this.lanes) {
      for (let i = this.barOffsets[lane.index]; i < this.barOffsets[lane.index + 1]; i++) {
        this.barStart[i] = wide(columns.barStart, columns.barStartHigh, i);
        this.barEnd[i] = this.barStart[i] + wide(columns.barLength, columns.barLengthHigh, i);
        lane.rows = Math.max(lane.rows, this.barRow[i] + 1);
      }
      // Sorted by start, not by end: this says up to where the bars so far reach.
      lane.barsByRow = [];
      for (let row = 0; row < lane.rows; row++) {
        const bars = [];
        for (let i = this.barOffsets[lane.index]; i < this.barOffsets[lane.index + 1]; i++) {
          if (this.barRow[i] === row) bars.push(i);
        }
        lane.barsByRow.push({
          bars: Uint32Array.from(bars),
          starts: Float64Array.from(bars, (i) => this.barStart[i]),
          ends: Float64Array.from(bars, (i) => this.barEnd[i]),
        });
      }
    }
  }

  readInstants(columns) {
    this.timeSite = columns.timeSite;
    this.time = new Float64Array(columns.time.length);
    for (let i = 0; i < this.time.length; i++) this.time[i] = wide(columns.time, columns.timeHigh, i);
    for (const lane of this.lanes) {
      const indexes = [];
      for (let i = this.timeOffsets[lane.index]; i < this.timeOffsets[lane.index + 1]; i++) {
        const site = this.sites[this.timeSite[i]];
        if (site.loud || site.over) indexes.push(i);
      }
      lane.marks = { indexes, times: Float64Array.from(indexes, (i) => this.time[i]) };
    }
  }

  /** Who made whom ready, and when, sorted by time. */
  findWakes() {
    const spans = [];
    for (let i = 0; i < this.count; i++) {
      if (this.by[i] < 0) continue;
      if (this.shade[i] >= FIRST_WAIT) spans.push(i);
      else if (!this.endsAWait(i)) spans.push(i);
    }
    const when = (i) => this.wakeTimeOf(i);
    spans.sort((a, b) => when(a) - when(b));
    this.wakeSpan = Uint32Array.from(spans); // the wait that ended, or the span that a wake-up began
    this.wakeTime = Float64Array.from(spans, when);
  }

  /** When span i was ended or made possible by another goroutine: a wait ends so, other spans begin so. */
  wakeTimeOf(i) {
    return this.shade[i] >= FIRST_WAIT ? this.end[i] : this.start[i];
  }

  /** Whether the span before span i is a wait of which is known who ended it. */
  endsAWait(i) {
    const before = i - 1;
    return before >= this.spanOffsets[this.laneOf[i]] && this.shade[before] >= FIRST_WAIT && this.by[before] >= 0;
  }

  /** Running totals over the spans that match: the share of a stretch is the difference of two of them. */
  sum() {
    const run = new Float64Array(this.count + 1);
    const runnable = new Float64Array(this.count + 1);
    const seen = new Uint32Array(this.count + 1);
    for (let i = 0; i < this.count; i++) {
      const length = this.matches[i] ? this.end[i] - this.start[i] : 0;
      run[i + 1] = run[i] + (this.shade[i] === RUN ? length : 0);
      runnable[i + 1] = runnable[i] + (this.shade[i] === RUNNABLE ? length : 0);
      seen[i + 1] = seen[i] + this.matches[i];
    }
    this.runSum = run;
    this.runnableSum = runnable;
    this.seenSum = seen;
  }

  spanInfo(i) {
    return {
      ...this.sites[this.site[i]],
      index: i,
      lane: this.lanes[this.laneOf[i]],
      start: this.start[i],
      end: this.end[i],
      length: this.end[i] - this.start[i],
      by: this.by[i] < 0 ? null : this.lanes[this.by[i]],
      open: Boolean(this.flags[i] & OPEN),
      cut: Boolean(this.flags[i] & CUT),
    };
  }

  /** The span of a lane at a moment: the last that has begun and not ended; otherwise -1. */
  spanAt(lane, time) {
    const low = this.spanOffsets[lane];
    const i = firstAbove(this.start, time, low, this.spanOffsets[lane + 1]) - 1;
    return i >= low && this.end[i] >= time ? i : -1;
  }

  /** The run of a lane in which it did something at a moment; otherwise -1. */
  runAt(lane, time) {
    const low = this.spanOffsets[lane];
    let i = firstAbove(this.start, time, low, this.spanOffsets[lane + 1]) - 1;
    // Several spans may begin at that moment.
    for (; i >= low && this.end[i] >= time; i--) if (this.shade[i] === RUN) return i;
    return -1;
  }

  /** The run that ended wait i, or made goroutine i runnable; -1 if a timer or the event loop did, or if that was not recorded. */
  causeOf(i) {
    if (this.by[i] < 0) return -1;
    return this.runAt(this.by[i], this.wakeTimeOf(i));
  }

  /** The span that tells who made span i possible: the wait before a run, or the runnable time of a first run. */
  wakeOf(i) {
    const low = this.spanOffsets[this.laneOf[i]];
    if (this.shade[i] >= FIRST_WAIT) return i;
    for (let j = i; j >= low && j > i - 3; j--) {
      if (j < i && this.shade[j] === RUN) return -1;
      if (this.shade[j] >= FIRST_WAIT) return j;
      if (this.by[j] >= 0 && !this.endsAWait(j)) return j;
    }
    return -1;
  }

  /**
   * Why a wait took so long: the steps from who ended it, back in time to when it began, and the root.
   *
   * A step is what one goroutine did: {lane, run, runnable, waited, first, last, wait, verb}. It ran and was runnable
   * from span `first` to span `last`, and before that it waited. The next step says who ended that wait, or, if a
   * timer or the event loop did (which is `waited`), what the same goroutine did before. The root's kind is "ran"
   * or "runnable" (it did so already when the wait began), "timer", "io", "thread", "open", "long" or "unknown".
   */
  why(wait) {
    const began = this.start[wait];
    const steps = [];
    if (this.flags[wait] & OPEN) return { steps, root: { kind: "open", span: wait } };
    let ended = wait; // what the next step explains
    let verb = "woken";
    while (steps.length < 10_000) {
      let lane = this.by[ended];
      let until = this.wakeTimeOf(ended);
      if (lane < 0) {
        const kind = this.rootKind(ended);
        if (ended === wait || this.start[ended] <= began || kind === "unknown") return { steps, root: { kind, span: ended, lane: this.laneOf[ended] } };
        lane = this.laneOf[ended];
        until = this.start[ended];
        verb = "before";
      }
      const last = verb === "before" ? this.runBefore(ended) : this.runAt(lane, until);
      if (last < 0) return { steps, root: { kind: this.lanes[lane].kind === "thread" ? "thread" : "unknown", span: ended, lane } };
      const step = { lane, run: 0, runnable: 0, waited: 0, first: last, last, wait: -1, verb };
      steps.push(step);
      const root = this.walkBack(step, until, began);
      if (root) return { steps, root };
      verb = step.wait < 0 ? "started" : "woken";
      ended = step.wait < 0 ? step.first : step.wait;
      if (step.wait >= 0 && this.by[ended] < 0) step.waited = Math.max(0, this.end[ended] - Math.max(began, this.start[ended]));
    }
    return { steps, root: { kind: "long", span: steps[steps.length - 1].first, lane: steps[steps.length - 1].lane } };
  }

  runBefore(span) {
    const low = this.spanOffsets[this.laneOf[span]];
    return span > low && this.shade[span - 1] === RUN ? span - 1 : -1;
  }

  /** Extend a step back to the wait before it, or to the goroutine's start; return the root if there is one. */
  walkBack(step, until, began) {
    const { lane } = step;
    for (let i = step.last; ; i--) {
      if (i < this.spanOffsets[lane]) return { kind: "unknown", span: step.first, lane };
      if (this.shade[i] >= FIRST_WAIT) {
        if (this.end[i] < began || (this.end[i] === began && this.start[step.first] === began)) return { kind: "ran", span: step.first, lane };
        step.wait = i;
        return null;
      }
      const length = Math.max(0, Math.min(until, this.end[i]) - Math.max(began, this.start[i]));
      step[this.shade[i] === RUN ? "run" : "runnable"] += length;
      step.first = i;
      if (this.start[i] < began) return { kind: this.shade[i] === RUN ? "ran" : "runnable", span: i, lane };
      if (this.by[i] >= 0 && i === this.spanOffsets[lane]) return null; // its first: who started it?
      until = this.start[i];
    }
  }

  rootKind(wait) {
    if (this.flags[wait] & OPEN) return "open";
    const kind = KINDS[this.shade[wait]].key;
    // A select with a timeout is ended by a timer, too.
    return kind === "io" ? "io" : kind === "sleep" || kind === "select" ? "timer" : "unknown";
  }

  /** The spans with the longest waits that someone ended, the longest first. */
  longestWaits(count) {
    const longest = [];
    for (let i = 0; i < this.count; i++) {
      if (this.shade[i] < FIRST_WAIT || KINDS[this.shade[i]].key === "sleep") continue;
      const length = this.end[i] - this.start[i];
      if (length <= 0 || (longest.length === count && length <= longest[count - 1].length)) continue;
      longest.push({ i, length });
      longest.sort((a, b) => b.length - a.length || a.i - b.i);
      if (longest.length > count) longest.pop();
    }
    return longest.map(({ i }) => i);
  }

  /** What each goroutine did, in all: {lane, run, runnable, wait, reasons: Map, first, last}. */
  totals() {
    return this.lanes.filter((lane) => lane.kind === "go" || lane.kind === "thread").map((lane) => {
      const total = { lane, run: 0, runnable: 0, wait: 0, reasons: new Map(), shades: new Float64Array(KINDS.length) };
      for (let i = this.spanOffsets[lane.index]; i < this.spanOffsets[lane.index + 1]; i++) {
        const length = this.end[i] - this.start[i];
        const shade = this.shade[i];
        total.shades[shade] += length;
        if (shade === RUN) total.run += length;
        else if (shade === RUNNABLE) total.runnable += length;
        else {
          total.wait += length;
          const reason = this.sites[this.site[i]].name;
          total.reasons.set(reason, (total.reasons.get(reason) ?? 0) + length);
        }
      }
      return total;
    });
  }

  /** How much was going on, in equal parts of the whole time: running and runnable goroutines, on average. */
  activity(parts) {
    const run = new Float64Array(parts);
    const runnable = new Float64Array(parts);
    const length = (this.to - this.from) / parts;
    if (!(length > 0)) return { run, runnable };
    for (let i = 0; i < this.count; i++) {
      if (this.shade[i] > RUNNABLE) continue;
      const sums = this.shade[i] === RUN ? run : runnable;
      const from = (this.start[i] - this.from) / length;
      const to = (this.end[i] - this.from) / length;
      const last = Math.min(parts - 1, Math.floor(to));
      for (let part = Math.min(parts - 1, Math.floor(from)); part <= last; part++) {
        sums[part] += Math.max(0, Math.min(to, part + 1) - Math.max(from, part));
      }
    }
    return { run, runnable };
  }

  /**
   * Mark the spans that match: `words` are all found in a span's texts, and its kind is not hidden.
   *
   * A word may say where: "in:worker", "on:jobs", "why:receive", "at:prog.py".
   */
  filter(words, hidden) {
    const tests = words.map((word) => {
      const [, field, text] = /^(?:(in|on|why|at):)?(.*)$/s.exec(word);
      return { field, text: text.toLowerCase() };
    });
    const holds = (site, lane) => tests.every(({ field, text }) => {
      if (field === "in") return site.in.includes(text) || lane.includes(text);
      if (field === "on") return site.object.includes(text);
      if (field === "why") return site.why.includes(text);
      if (field === "at") return site.at.includes(text);
      return site.all.includes(text) || lane.includes(text);
    });
    const lower = this.sites.map((site) => {
      const texts = [site.fn, site.object, site.kind === "run" ? "running" : site.name, site.at, site.to, site.message].map((text) => text.toLowerCase());
      return { in: texts[0], object: texts[1], why: texts[2], at: texts[3], all: texts.join("\n") };
    });
    const everySite = lower.map((site) => holds(site, ""));
    let found = 0;
    for (const lane of this.lanes) {
      const name = lane.name.toLowerCase();
      const inLane = tests.some(({ field, text }) => (!field || field === "in") && name.includes(text));
      const siteMatches = inLane ? lower.map((site) => holds(site, name)) : everySite;
      lane.matches = 0;
      for (let i = this.spanOffsets[lane.index]; i < this.spanOffsets[lane.index + 1]; i++) {
        const match = siteMatches[this.site[i]] && !hidden.has(this.shade[i]);
        this.matches[i] = match ? 1 : 0;
        if (match) lane.matches++;
      }
      for (let i = this.barOffsets[lane.index]; i < this.barOffsets[lane.index + 1]; i++) {
        if (words.length && siteMatches[this.barSite[i]]) lane.matches++;
      }
      for (let i = this.timeOffsets[lane.index]; i < this.timeOffsets[lane.index + 1]; i++) {
        if (words.length && siteMatches[this.timeSite[i]]) lane.matches++;
      }
      found += lane.matches;
    }
    this.sum();
    return found;
  }
}

// Draws lanes, axis and mini-map. It keeps where things are, and says what is at a point.

const AXIS = 26; // the height of the axis, and of what else is in pixels
const BAR = 13;
const GROUP = 26;
const MOST_ARROWS = 90;

/** A colour between two, as "#rrggbb". */
function mix(color, background, share) {
  const parts = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const [a, b] = [parts(color), parts(background)];
  return "#" + a.map((v, i) => Math.round(v * share + b[i] * (1 - share)).toString(16).padStart(2, "0")).join("");
}

/** Rectangles of one colour, filled at once: changing the colour costs more than a rectangle does. */
class Batch {
  constructor() {
    this.values = new Float32Array(4096);
    this.size = 0;
  }

  add(x, y, width, height) {
    const { values, size } = this;
    // What continues the last rectangle becomes a part of it.
    if (size && values[size - 3] === y && values[size - 1] === height && values[size - 4] + values[size - 2] === x) {
      values[size - 2] += width;
      return;
    }
    this.put(x, y, width, height);
  }

  put(x, y, width, height) {
    if (this.size + 4 > this.values.length) {
      const longer = new Float32Array(2 * this.values.length);
      longer.set(this.values);
      this.values = longer;
    }
    const { values, size } = this;
    values[size] = x;
    values[size + 1] = y;
    values[size + 2] = width;
    values[size + 3] = height;
    this.size = size + 4;
  }

  /** Put the rectangles into a picture, and forget them. */
  fill(picture, color) {
    const { values, size } = this;
    for (let i = 0; i < size; i += 4) picture.fill(values[i], values[i + 1], values[i + 2], values[i + 3], color);
    this.size = 0;
  }
}

/** The pixels of the lanes. Tens of thousands of small rectangles are in place here long before a context is done. */
class Picture {
  constructor(left, top, width, height, ratio) {
    Object.assign(this, { left, top, ratio });
    this.columns = Math.max(1, Math.round((left + width) * ratio) - Math.round(left * ratio));
    this.rows = Math.max(1, Math.round((top + height) * ratio) - Math.round(top * ratio));
    this.image = new ImageData(this.columns, this.rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  fill(x, y, width, height, color) {
    const { ratio, columns, pixels } = this;
    const left = Math.max(0, Math.round((x - this.left) * ratio));
    const right = Math.min(columns, Math.round((x + width - this.left) * ratio));
    const top = Math.max(0, Math.round((y - this.top) * ratio));
    const bottom = Math.min(this.rows, Math.round((y + height - this.top) * ratio));
    if (right <= left) return;
    if (right - left > 16) {
      for (let row = top; row < bottom; row++) pixels.fill(color, row * columns + left, row * columns + right);
      return;
    }
    for (let row = top; row < bottom; row++) {
      const end = row * columns + right;
      for (let at = row * columns + left; at < end; at++) pixels[at] = color;
    }
  }

  show(context) {
    context.putImageData(this.image, Math.round(this.left * this.ratio), Math.round(this.top * this.ratio));
  }
}

/** "#rrggbb" as a pixel of a Picture. */
function pixelOf(color) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const bytes = new Uint8Array([r, g, b, 255]);
  return new Uint32Array(bytes.buffer)[0];
}

class Painter {
  constructor(trace, base, overlay) {
    this.trace = trace;
    this.base = base;
    this.overlay = overlay;
    this.context = base.getContext("2d");
    this.above = overlay.getContext("2d");
    this.batches = KINDS.map(() => ({ tint: new Batch(), solid: new Batch(), faint: new Batch() }));
    this.widths = new Map();
    this.from = trace.from;
    this.to = trace.to;
    this.scrollTop = 0;
    this.width = this.height = 0;
    this.gutter = 120;
    this.ratio = 1;
    this.filtered = false;
    this.onlyMatches = false;
    this.hover = null; // {type: "span" | "bar" | "instant" | "lane", index, lane}
    this.selected = null;
    this.chain = []; // spans
    this.pointer = null;
    this.range = null;
    this.arrange();
  }

  /** Choose the lanes to show and stack them. */
  arrange() {
    const { trace } = this;
    // A few lanes have more room each.
    const few = trace.lanes.length <= 12;
    this.state = few ? 20 : 16; // the height of a lane's states
    this.pad = few ? 7 : 5; // above and below
    this.rows = []; // lane, or -1 - program for the title of a program
    let program = -1;
    for (const lane of trace.lanes) {
      if (this.filtered && this.onlyMatches && !lane.matches) continue;
      if (trace.programs.length > 1 && lane.program !== program) this.rows.push(-1 - lane.program);
      program = lane.program;
      this.rows.push(lane.index);
    }
    this.tops = new Float64Array(this.rows.length + 1).fill(4);
    this.rowOf = new Map();
    this.rows.forEach((row, at) => {
      this.rowOf.set(row, at);
      this.tops[at + 1] = this.tops[at] + (row < 0 ? GROUP : this.laneHeight(trace.lanes[row]));
    });
    this.contentHeight = this.tops[this.rows.length] + 6;
  }

  laneHeight(lane) {
    return (hasStates(lane) || !lane.rows ? this.state : 0) + lane.rows * BAR + 2 * this.pad;
  }

  /** Read the colours of the theme from the style sheet. */
  readColors() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const paper = color("paper");
    this.colors = {
      paper, ink: color("ink"), pale: color("pale"), line: color("line"), grid: color("grid"),
      surface: color("surface"), accent: color("accent"), alarm: color("alarm"), onRun: color("on-run"),
      region: color("region"), regionEdge: color("region-edge"),
      kinds: KINDS.map(({ key }, kind) => {
        const solid = color(key);
        const share = kind === RUN ? 1 : kind === RUNNABLE ? 0.42 : 0.24;
        const tint = mix(solid, paper, share);
        const faint = mix(solid, paper, kind === RUN ? 0.16 : 0.08);
        return { solid, tint, pixels: { solid: pixelOf(solid), tint: pixelOf(tint), faint: pixelOf(faint) } };
      }),
    };
    this.font = style.getPropertyValue("--font").trim();
    this.widths.clear();
  }

  resize(width, height) {
    this.ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    for (const canvas of [this.base, this.overlay]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const most = width < 560 ? 96 : 200;
    let longest = 50;
    this.setFont(this.context, 12, "600");
    for (const lane of this.trace.lanes.slice(0, 2000)) longest = Math.max(longest, this.measure(this.context, lane.name));
    this.gutter = Math.min(most, Math.ceil(longest) + 26);
  }

  setFont(context, size, weight = "") {
    context.font = `${weight} ${size}px ${this.font}`.trim();
  }

  measure(context, text) {
    const key = context.font + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 20000) this.widths.clear();
      width = context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /** As much of a text as fits. */
  fit(context, text, room) {
    const width = this.measure(context, text);
    if (width <= room) return text;
    const letters = Math.floor((text.length * room) / width) - 1;
    return letters < 2 ? "" : text.slice(0, letters) + "…";
  }

  get plotWidth() {
    return Math.max(1, this.width - this.gutter);
  }

  get perPixel() {
    return (this.to - this.from) / this.plotWidth;
  }

  xOf(time) {
    return this.gutter + (time - this.from) / this.perPixel;
  }

  timeAt(x) {
    return this.from + (x - this.gutter) * this.perPixel;
  }

  /** The top of a row on the canvas. */
  topOf(row) {
    return AXIS + this.tops[row] - this.scrollTop;
  }

  /** The top of a lane's states on the canvas; undefined if the lane is not shown. */
  stateTop(lane) {
    const row = this.rowOf.get(lane);
    return row === undefined ? undefined : this.topOf(row) + this.pad + this.trace.lanes[lane].rows * BAR;
  }

  /** The rows in sight: from the first to before the last. */
  visibleRows() {
    const first = Math.max(0, firstAbove(this.tops, this.scrollTop, 0, this.tops.length) - 1);
    const last = firstFrom(this.tops, this.scrollTop + this.height - AXIS, 0, this.rows.length);
    return [first, last];
  }

  draw() {
    const { context, colors, trace } = this;
    if (!colors || !this.width) return;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = colors.paper;
    context.fillRect(0, 0, this.width, this.height);
    this.labels = [];
    const axis = axisTicks(this.from, this.to, Math.max(3, Math.floor(this.plotWidth / 110)));
    const [first, last] = this.visibleRows();
    this.drawStates(first, last, axis.ticks);
    context.save();
    context.beginPath();
    context.rect(this.gutter, AXIS, this.plotWidth, this.height - AXIS);
    context.clip();
    for (let row = first; row < last; row++) {
      if (this.rows[row] < 0) continue;
      const lane = trace.lanes[this.rows[row]];
      this.drawBars(lane, this.topOf(row) + this.pad);
      this.drawInstants(lane);
    }
    this.drawLabels();
    this.drawAllArrows();
    context.restore();
    this.drawGutter(first, last);
    this.drawAxis(axis);
  }

  /** Draw the grid and what goroutines did. */
  drawStates(first, last, ticks) {
    const { context, colors, trace, ratio } = this;
    const [width, height] = [this.plotWidth, this.height - AXIS];
    let { picture } = this;
    if (!picture || picture.size !== `${this.gutter} ${width} ${height} ${ratio}`) {
      picture = this.picture = new Picture(this.gutter, AXIS, width, height, ratio);
      picture.size = `${this.gutter} ${width} ${height} ${ratio}`;
    }
    picture.pixels.fill(pixelOf(colors.paper));
    const row = this.selected ? this.rowOf.get(this.selected.lane) : undefined;
    if (row !== undefined) {
      const [top, tall] = [this.topOf(row), this.tops[row + 1] - this.tops[row]];
      picture.fill(this.gutter, top, width, tall, pixelOf(colors.surface));
      context.fillStyle = colors.surface;
      context.fillRect(0, top, this.gutter, tall);
    }
    const grid = pixelOf(colors.grid);
    for (const { at } of ticks) picture.fill(Math.round(this.xOf(at)), AXIS, 1, height, grid);
    for (let at = first; at < last; at++) {
      if (this.rows[at] < 0) continue;
      const lane = trace.lanes[this.rows[at]];
      if (hasStates(lane)) this.collectStates(lane, this.stateTop(lane.index));
    }
    // Runs are as wide as two pixels at least, and so come after what is beside them.
    for (let kind = KINDS.length - 1; kind >= 0; kind--) {
      const { tint, solid, faint } = this.batches[kind];
      const { pixels } = colors.kinds[kind];
      faint.fill(picture, pixels.faint);
      tint.fill(picture, pixels.tint);
      solid.fill(picture, pixels.solid);
    }
    picture.show(context);
  }

  /** Put a lane's runs, runnable times and waits into the batches; those below a pixel become one column. */
  collectStates(lane, y) {
    const { trace, from, to, ratio, batches } = this;
    const { start, end, shade, matches } = trace;
    const high = trace.spanOffsets[lane.index + 1];
    const scale = 1 / this.perPixel;
    const snap = (time) => Math.round((this.gutter + (time - from) * scale) * ratio) / ratio;
    let i = firstFrom(end, from, trace.spanOffsets[lane.index], high);
    let labels = 0;
    let lastRun = -Infinity;
    while (i < high && start[i] <= to) {
      const kind = shade[i];
      const exact = (end[i] - start[i]) * scale;
      if (exact >= 1) {
        const x = Math.max(snap(start[i]), this.gutter - 2);
        const right = Math.min(snap(end[i]), this.width + 2);
        const width = right - x;
        // A gap tells a span from the next one of its kind.
        this.putState(kind, matches[i], x, y, width > 5 ? width - 1 : width);
        if (kind === RUN) lastRun = right;
        if (width > 28 && matches[i] && labels++ < 100) this.labels.push(i, x, y, width);
        i++;
        continue;
      }
      // The column that the span begins in: up to the first span that is not over when the column is.
      const x = Math.floor(this.gutter + (start[i] - from) * scale);
      const edge = from + (x + 1 - this.gutter) / scale;
      const next = nextAbove(end, edge, i + 1, high);
      if (next === i + 1) {
        const left = snap(start[i]);
        if (kind !== RUN) this.putState(kind, matches[i], left, y, 1);
        else if (left - lastRun > 4 || !matches[i]) this.putState(kind, matches[i], left, y, 2);
        else {
          // Among others, it is as high as it fills its pixel: if all were wide, they would seem to be all there is.
          const height = Math.max(3, Math.round(this.state * exact));
          batches[RUN].solid.add(left, y + this.state - height, 1, height);
        }
        if (kind === RUN) lastRun = left;
      } else {
        lastRun = x;
        this.putColumn(i, next, x, y);
      }
      i = next;
    }
  }

  putState(kind, match, x, y, width) {
    const batch = this.batches[kind];
    if (!match) {
      batch.faint.add(x, y, width, this.state);
    } else if (kind === RUN) {
      batch.solid.add(x, y, width, this.state);
    } else {
      batch.tint.put(x, y, width, this.state - 3);
      batch.solid.put(x, y + this.state - 3, width, 3);
    }
  }

  /** One pixel for spans first to before last: how much of them is running, runnable and waiting. */
  putColumn(first, last, x, y) {
    const { trace, batches, state } = this;
    const seen = trace.seenSum[last] - trace.seenSum[first];
    if (!seen) {
      batches[trace.shade[first]].faint.add(x, y, 1, this.state);
      return;
    }
    const length = trace.end[last - 1] - trace.start[first];
    const run = trace.runSum[last] - trace.runSum[first];
    const runnable = trace.runnableSum[last] - trace.runnableSum[first];
    let wait = first;
    while (wait < last - 1 && wait < first + 3 && trace.shade[wait] < FIRST_WAIT) wait++;
    const kind = trace.shade[wait];
    if (length > 0) {
      const running = Math.round((state * run) / length) || 2;
      const ready = Math.round((this.state * runnable) / length);
      const rest = this.state - running - ready;
      if (rest > 0) {
        const color = kind >= FIRST_WAIT ? batches[kind] : batches[RUN];
        (kind >= FIRST_WAIT ? color.tint : color.faint).add(x, y, 1, rest);
      }
      if (ready) batches[RUNNABLE].tint.add(x, y + Math.max(0, rest), 1, ready);
      batches[RUN].solid.add(x, y + this.state - running, 1, running);
    } else {
      // On a virtual clock, many happen at the same moment.
      batches[RUN].solid.add(x, y, 2, this.state);
    }
  }

  drawLabels() {
    const { context, colors, trace, labels } = this;
    this.setFont(context, 11);
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (let at = 0; at < labels.length; at += 4) {
      const [i, x, y, width] = [labels[at], labels[at + 1], labels[at + 2], labels[at + 3]];
      const site = trace.sites[trace.site[i]];
      const run = trace.shade[i] === RUN;
      const left = Math.max(x, this.gutter) + 5;
      const room = Math.min(x + width, this.width) - left - 5;
      if (room < 20) continue;
      const text = site.labels.find((label) => this.measure(context, label) <= room);
      if (!text) continue;
      context.fillStyle = run ? colors.onRun : colors.ink;
      context.fillText(text, left, y + this.state / 2 - (run ? 0 : 1));
    }
  }

  drawBars(lane, top) {
    const { context, colors, trace } = this;
    if (!lane.rows) return;
    this.setFont(context, 10);
    context.textBaseline = "middle";
    lane.barsByRow.forEach(({ bars, starts, ends }, row) => {
      const y = top + row * BAR;
      // In the last row, bars may overlap: their ends are sorted all the same, or nearly so.
      let at = firstFrom(ends, this.from, 0, bars.length);
      while (at < bars.length && starts[at] <= this.to) {
        const x = Math.max(Math.round(this.xOf(starts[at])), this.gutter - 2);
        const right = Math.min(this.xOf(ends[at]), this.width + 2);
        const width = Math.max(2, Math.round(right - x));
        const site = trace.sites[trace.barSite[bars[at]]];
        context.fillStyle = colors.region;
        context.fillRect(x, y, width > 3 ? width - 1 : width, BAR - 3);
        context.fillStyle = site.kind === "gc" ? colors.alarm : colors.regionEdge;
        context.fillRect(x, y, 2, BAR - 3);
        const left = Math.max(x, this.gutter) + 6;
        const room = Math.min(x + width, this.width) - left - 4;
        if (room > 20) {
          context.fillStyle = colors.ink;
          context.fillText(this.fit(context, site.name, room), left, y + (BAR - 3) / 2 + 0.5);
        }
        // The next one that reaches beyond this pixel.
        at = Math.max(at + 1, nextAbove(ends, this.timeAt(x + 1), at, bars.length));
      }
    });
  }

  /** Sends and receives as dots, unless they are too many to tell apart; messages, panics and ends always. */
  drawInstants(lane) {
    const { context, colors, trace } = this;
    const y = this.instantY(lane);
    const high = trace.timeOffsets[lane.index + 1];
    const first = firstFrom(trace.time, this.from, trace.timeOffsets[lane.index], high);
    const last = firstAbove(trace.time, this.to, first, high);
    if ((last - first) * 6 < this.plotWidth) {
      context.fillStyle = colors.pale;
      for (let i = first; i < last; i++) {
        const site = trace.sites[trace.timeSite[i]];
        if (!site.loud && !site.over) context.fillRect(Math.round(this.xOf(trace.time[i])) - 1, y - 1, 3, 3);
      }
    }
    const { indexes, times } = lane.marks;
    let at = firstFrom(times, this.from, 0, times.length);
    while (at < times.length && times[at] <= this.to) {
      const x = this.xOf(times[at]);
      const site = trace.sites[trace.timeSite[indexes[at]]];
      context.fillStyle = site.kind === "panic" ? colors.alarm : site.over ? colors.pale : colors.ink;
      if (site.over) context.fillRect(Math.round(x) - 1, y, 2, this.state + 4);
      else {
        context.beginPath();
        context.moveTo(x, y + 5);
        context.lineTo(x - 4, y - 3);
        context.lineTo(x + 4, y - 3);
        context.fill();
      }
      at = nextAbove(times, this.timeAt(x + 2), at, times.length);
    }
  }

  instantY(lane) {
    const row = this.rowOf.get(lane.index);
    if (hasStates(lane)) return this.stateTop(lane.index) - 2;
    return this.topOf(row) + (lane.rows ? this.pad - 3 : this.pad + this.state / 2);
  }

  /** Arrows for all wake-ups in sight, if they are few. */
  drawAllArrows() {
    const { trace } = this;
    const first = firstFrom(trace.wakeTime, this.from, 0, trace.wakeTime.length);
    const last = firstAbove(trace.wakeTime, this.to, first, trace.wakeTime.length);
    this.arrowsInSight = last - first;
    if (last - first > (this.selected ? MOST_ARROWS / 3 : MOST_ARROWS)) return;
    this.context.globalAlpha = this.selected ? 0.28 : 0.5;
    for (let at = first; at < last; at++) if (trace.matches[trace.wakeSpan[at]]) this.arrow(this.context, trace.wakeSpan[at], this.colors.pale, 1);
    this.context.globalAlpha = 1;
  }

  /** The arrow of a wake-up, from who woke to who was woken. */
  arrow(context, span, color, width) {
    const { trace } = this;
    const from = this.stateTop(trace.by[span]);
    const to = this.stateTop(trace.laneOf[span]);
    if (from === undefined || to === undefined) return;
    const x = this.xOf(trace.wakeTimeOf(span));
    if (x < this.gutter - 10 || x > this.width + 10) return;
    const down = to >= from;
    const start = down ? from + this.state : from;
    const tip = down ? to : to + this.state;
    const back = down ? -5 : 5;
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, start);
    context.lineTo(x, tip + back);
    context.stroke();
    context.beginPath();
    context.moveTo(x, tip);
    context.lineTo(x - 3 - width / 2, tip + back);
    context.lineTo(x + 3 + width / 2, tip + back);
    context.fill();
  }

  drawGutter(first, last) {
    const { context, colors, trace } = this;
    context.save();
    context.beginPath();
    context.rect(0, AXIS, this.width, this.height - AXIS);
    context.clip();
    context.fillStyle = colors.line;
    context.fillRect(this.gutter - 1, AXIS, 1, this.height - AXIS);
    context.textBaseline = "middle";
    for (let row = first; row < last; row++) {
      const top = this.topOf(row);
      const entry = this.rows[row];
      if (entry < 0) {
        const program = trace.programs[-1 - entry];
        context.fillStyle = colors.paper;
        context.fillRect(0, top, this.width, GROUP);
        context.fillStyle = colors.pale;
        this.setFont(context, 11, "600");
        context.fillText(`${program.name}${program.virtual ? " · virtual time" : ""}`, 12, top + GROUP / 2 + 3);
        continue;
      }
      const lane = trace.lanes[entry];
      const active = this.selected?.lane === entry || this.hover?.lane === entry;
      const y = hasStates(lane) ? this.stateTop(entry) + this.state / 2 : top + this.pad + (lane.rows ? BAR - 3 : this.state) / 2;
      const faded = this.filtered && !lane.matches;
      this.setFont(context, 12, active ? "600" : "");
      context.globalAlpha = faded ? 0.45 : 1;
      const room = this.gutter - 22;
      const number = lane.kind === "go" && lane.name.endsWith(` ${lane.number}`) ? ` ${lane.number}` : "";
      const tail = this.measure(context, number);
      const name = this.fit(context, number ? lane.name.slice(0, -number.length) : lane.name, room - tail);
      context.fillStyle = lane.kind === "go" || lane.kind === "thread" ? colors.ink : colors.pale;
      context.fillText(name, 12, y);
      context.fillStyle = colors.pale;
      context.fillText(number, 12 + this.measure(context, name), y);
      context.globalAlpha = 1;
    }
    context.restore();
  }

  drawAxis({ ticks, base }) {
    const { context, colors } = this;
    context.fillStyle = colors.paper;
    context.fillRect(0, 0, this.width, AXIS);
    context.fillStyle = colors.line;
    context.fillRect(0, AXIS - 1, this.width, 1);
    this.setFont(context, 11);
    context.textBaseline = "middle";
    context.fillStyle = colors.pale;
    if (base) context.fillText(this.fit(context, base, this.gutter - 14), 12, AXIS / 2);
    for (const { at, text } of ticks) {
      const x = this.xOf(at);
      const width = this.measure(context, text);
      const left = Math.min(Math.max(x - width / 2, this.gutter + 2), this.width - width - 4);
      if (Math.abs(left + width / 2 - x) > width / 2 + 4) continue;
      context.fillText(text, left, AXIS / 2);
      context.fillRect(Math.round(x), AXIS - 5, 1, 4);
    }
  }

  /** What is above the lanes and changes often: the pointer, what is hovered and selected, its arrows. */
  drawOverlay() {
    const { above: context, colors, trace } = this;
    if (!colors || !this.width) return;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.save();
    context.beginPath();
    context.rect(this.gutter, AXIS, this.plotWidth, this.height);
    context.clip();
    if (this.range) {
      const [a, b] = this.range.map((time) => this.xOf(time));
      context.fillStyle = colors.accent;
      context.globalAlpha = 0.14;
      context.fillRect(Math.min(a, b), AXIS, Math.abs(b - a), this.height);
      context.globalAlpha = 1;
    }
    if (this.pointer) {
      context.fillStyle = colors.line;
      context.fillRect(Math.round(this.pointer.x), AXIS, 1, this.height);
    }
    for (const span of this.chain) this.outline(context, { type: "span", index: span, lane: trace.laneOf[span] }, colors.ink, 1.5);
    for (const place of [this.hover, this.selected]) {
      if (!place) continue;
      const color = place === this.selected ? colors.ink : colors.pale;
      this.outline(context, place, color, place === this.selected ? 2 : 1.5);
      if (place.type === "span") {
        const wake = trace.wakeOf(place.index);
        if (wake >= 0 && trace.by[wake] >= 0) this.arrow(context, wake, color, 2);
        if (trace.shade[place.index] === RUN) for (const woken of this.wokenBy(place.index)) this.arrow(context, woken, color, 1.5);
      }
    }
    for (const span of this.chain) {
      if (trace.by[span] >= 0) this.arrow(context, span, colors.ink, 2);
    }
    context.restore();
    if (this.pointer) {
      this.setFont(context, 11);
      const text = moment(this.timeAt(this.pointer.x), this.perPixel);
      const width = context.measureText(text).width + 10;
      const left = Math.min(Math.max(this.pointer.x - width / 2, this.gutter), this.width - width);
      context.fillStyle = colors.ink;
      context.fillRect(left, 4, width, AXIS - 8);
      context.fillStyle = colors.paper;
      context.textBaseline = "middle";
      context.fillText(text, left + 5, AXIS / 2);
    }
  }

  /** The wake-ups that a run has made, at most 200. */
  wokenBy(run) {
    const { trace } = this;
    const woken = [];
    const lane = trace.laneOf[run];
    for (let at = firstFrom(trace.wakeTime, trace.start[run], 0, trace.wakeTime.length); at < trace.wakeTime.length; at++) {
      if (trace.wakeTime[at] > trace.end[run] || woken.length === 200) break;
      if (trace.by[trace.wakeSpan[at]] === lane) woken.push(trace.wakeSpan[at]);
    }
    return woken;
  }

  /** The rectangle of a span, bar or instant on the canvas; null if its lane is not shown. */
  boxOf(place) {
    const { trace } = this;
    const lane = trace.lanes[place.lane];
    if (!this.rowOf.has(place.lane)) return null;
    if (place.type === "instant") {
      return { x: this.xOf(trace.time[place.index]) - 5, y: this.instantY(lane) - 5, width: 10, height: 12 };
    }
    const bar = place.type === "bar";
    const [start, end] = bar ? [trace.barStart, trace.barEnd] : [trace.start, trace.end];
    const x = Math.max(this.xOf(start[place.index]), -10);
    const width = Math.max(2, Math.min(this.xOf(end[place.index]), this.width + 20) - x);
    if (!bar) return { x, y: this.stateTop(place.lane), width, height: this.state };
    const y = this.topOf(this.rowOf.get(place.lane)) + this.pad + trace.barRow[place.index] * BAR;
    return { x, y, width, height: BAR - 3 };
  }

  outline(context, place, color, width) {
    const box = place.type === "lane" ? null : this.boxOf(place);
    if (!box) return;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.strokeRect(Math.round(box.x) - 1, Math.round(box.y) - 1, Math.round(box.width) + 1, box.height + 2);
  }

  /** What is at a point of the canvas: {type, index, lane}; a lane where there is nothing; otherwise null. */
  at(x, y, reach = 4) {
    const { trace } = this;
    if (y < AXIS) return null;
    const row = firstAbove(this.tops, y - AXIS + this.scrollTop, 0, this.tops.length) - 1;
    if (row >= this.rows.length || this.rows[row] < 0) return null;
    const lane = trace.lanes[this.rows[row]];
    const nothing = { type: "lane", index: -1, lane: lane.index };
    if (x < this.gutter) return nothing;
    const near = reach * this.perPixel;
    const time = this.timeAt(x);
    const within = y - this.topOf(row) - this.pad;
    if (Math.abs(y - this.instantY(lane)) <= 5) {
      const instant = this.nearest(trace.time, time, near, trace.timeOffsets[lane.index], trace.timeOffsets[lane.index + 1]);
      if (instant >= 0) return { type: "instant", index: instant, lane: lane.index };
    }
    const barRow = Math.floor(within / BAR);
    if (barRow >= 0 && barRow < lane.rows) {
      const { bars, starts, ends } = lane.barsByRow[barRow];
      let at = firstAbove(starts, time + near / 2, 0, bars.length) - 1;
      for (let tries = 0; at >= 0 && tries < 8; at--, tries++) {
        if (ends[at] >= time - near / 2) return { type: "bar", index: bars[at], lane: lane.index };
      }
    }
    const span = this.spanNear(lane.index, time, near);
    return span < 0 ? nothing : { type: "span", index: span, lane: lane.index };
  }

  nearest(times, time, near, low, high) {
    const after = firstFrom(times, time, low, high);
    const before = after - 1;
    const distance = (i) => (i >= low && i < high ? Math.abs(times[i] - time) : Infinity);
    const best = distance(before) < distance(after) ? before : after;
    return distance(best) <= near ? best : -1;
  }

  /** The span at a moment; one of few pixels is preferred if it is near, since it would be hard to hit. */
  spanNear(lane, time, near) {
    const { trace } = this;
    const high = trace.spanOffsets[lane + 1];
    const exact = trace.spanAt(lane, time);
    const first = firstFrom(trace.end, time - near, trace.spanOffsets[lane], high);
    let best = -1;
    let least = near;
    for (let i = first; i < high && trace.start[i] <= time + near; i++) {
      if (i > first + 40) return exact;
      if (trace.end[i] - trace.start[i] > 1.5 * near) continue;
      const distance = Math.max(trace.start[i] - time, time - trace.end[i], 0);
      if (distance < least || (distance === least && (best < 0 || trace.shade[i] < trace.shade[best]))) {
        best = i;
        least = distance;
      }
    }
    return best >= 0 ? best : exact;
  }
}

/** Whether a lane is one of a goroutine or thread. */
function hasStates(lane) {
  return lane.kind === "go" || lane.kind === "thread";
}

/** The whole run in little: how many goroutines ran and were runnable, and the part that the lanes show. */
class MiniMap {
  constructor(trace, canvas) {
    this.trace = trace;
    this.canvas = canvas;
    this.activity = trace.activity(600);
    this.most = Math.max(1, ...this.activity.runnable.map((ready, i) => ready + this.activity.run[i]));
  }

  xOf(time) {
    return ((time - this.low) / (this.high - this.low)) * this.width;
  }

  timeAt(x) {
    return this.low + (x / this.width) * (this.high - this.low);
  }

  draw(painter, low, high) {
    const { canvas, activity } = this;
    const ratio = window.devicePixelRatio || 1;
    this.low = low;
    this.high = high;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    if (!this.width) return;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const { colors } = painter;
    if (this.pictureOf !== colors || this.picture.width !== width || this.picture.height !== height) {
      this.picture = Object.assign(document.createElement("canvas"), { width, height });
      this.pictureOf = colors;
      this.drawActivity(this.picture.getContext("2d"), colors, ratio);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.picture, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const a = this.xOf(painter.from);
    const b = Math.max(a + 3, this.xOf(painter.to));
    context.fillStyle = colors.paper;
    context.globalAlpha = 0.66;
    context.fillRect(0, 0, a, this.height);
    context.fillRect(b, 0, this.width - b, this.height);
    context.globalAlpha = 1;
    context.strokeStyle = colors.pale;
    context.lineWidth = 1;
    context.strokeRect(Math.round(a) + 0.5, 0.5, Math.max(2, Math.round(b - a) - 1), this.height - 1);
    context.fillStyle = colors.pale;
    for (const x of [a, b]) context.fillRect(Math.round(x) - (x === a ? 0 : 3), this.height / 2 - 7, 3, 14);
  }

  drawActivity(context, colors, ratio) {
    const { activity } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = colors.surface;
    context.fillRect(0, 0, this.width, this.height);
    const parts = activity.run.length;
    const left = this.xOf(this.trace.from);
    const step = (this.xOf(this.trace.to) - left) / parts;
    const room = this.height - 4;
    const floor = this.height - 1;
    for (let part = 0; part < parts; part++) {
      const run = (activity.run[part] / this.most) * room;
      const ready = (activity.runnable[part] / this.most) * room;
      const x = left + part * step;
      context.fillStyle = colors.kinds[RUNNABLE].tint;
      context.fillRect(x, floor - run - ready, step + 0.4, ready);
      context.fillStyle = colors.kinds[RUN].solid;
      context.fillRect(x, floor - run, step + 0.4, run);
    }
  }
}

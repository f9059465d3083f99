// Puts the page together: zoom, pointer, keys, search, theme and address.

const query = new URLSearchParams(location.search);
const root = document.documentElement;
// A page that was made for a frame is shown in full by ?full.
if (query.has("embed")) root.dataset.mode = "embed";
else if (query.has("full")) root.dataset.mode = "full";
const EMBED = root.dataset.mode === "embed";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const darkness = matchMedia("(prefers-color-scheme: dark)");

/** What the page remembers; nothing, where the browser does not let it. */
const memory = {
  get theme() {
    try {
      return localStorage.getItem("gochan-trace-theme");
    } catch {
      return null;
    }
  },
  set theme(value) {
    try {
      localStorage.setItem("gochan-trace-theme", value);
    } catch {
      // A frame without storage, or a private window.
    }
  },
};

let chosenTheme = ["dark", "light"].includes(query.get("theme")) ? query.get("theme") : EMBED ? null : memory.theme;
const applyTheme = () => { root.dataset.theme = chosenTheme ?? (darkness.matches ? "dark" : "light"); };
applyTheme();

class Page {
  constructor(trace) {
    const find = (id) => document.getElementById(id);
    this.trace = trace;
    this.lanes = find("lanes");
    this.stage = find("stage");
    this.canvas = find("overlay");
    this.painter = new Painter(trace, find("base"), this.canvas);
    const describer = new Describer(trace);
    const actions = {
      select: (place, reveal) => this.select(place, { reveal: reveal || place.type === "lane" }),
      search: (text) => this.searchFor(text),
      fit: () => this.fit(),
      wokenBy: (run) => this.painter.wokenBy(run),
      perPixel: () => this.painter.perPixel,
    };
    this.details = new Details(trace, find("details"), describer, actions);
    this.totals = new Totals(trace, find("totals"), actions);
    this.tip = new Tip(find("tip"), describer);
    this.legend = new Legend(trace, find("legend"), () => this.filter());
    this.map = new MiniMap(trace, find("map"));
    const length = trace.to - trace.from;
    const margin = Math.max(length * 0.02, length ? 0 : 500);
    this.low = trace.from - margin;
    this.high = trace.to + margin;
    this.painter.from = this.low;
    this.painter.to = this.high;
    this.frames = { count: 0, draw: 0 };
    this.words = [];
    this.waiting = 0;
    this.describe();
    this.listen();
    this.setUpZoom();
    this.painter.readColors();
    this.resize();
    this.details.show(null);
    this.readAddress();
    new ResizeObserver(() => this.resize()).observe(find("timeline"));
    new ResizeObserver(() => this.resize()).observe(document.body);
  }

  describe() {
    const { trace } = this;
    const count = (kind) => trace.lanes.filter((lane) => lane.kind === kind).length;
    const threads = count("thread");
    const lanes = plural(count("go"), "goroutine") + (threads ? ` and ${plural(threads, "thread")}` : "");
    const parts = [lanes, duration(trace.to - trace.from)];
    if (trace.programs.some((program) => program.virtual)) parts.push("virtual time");
    const about = document.getElementById("about");
    about.append(parts.join(" · "));
    if (trace.ending && trace.ending !== "done") about.append(" · ", el("strong", {}, `ended by ${trace.ending}`));
    if (trace.lost) about.append(" · ", el("strong", {}, `the first ${plural(trace.lost, "event")} are lost`));
    if (!trace.lanes.length) {
      const empty = document.getElementById("empty");
      empty.textContent = "This trace has no goroutine: nothing ran while it was recorded.";
      empty.hidden = false;
      this.lanes.hidden = true;
      document.getElementById("map").hidden = true;
    }
    this.canvas.setAttribute("aria-label", `Timeline of ${lanes} over ${duration(trace.to - trace.from)}`);
    const texts = new Set();
    for (const site of trace.sites) {
      if (site.fn) texts.add(`in:${site.fn}`);
      if (site.object) texts.add(`on:${site.object}`);
      if (site.kind === "wait") texts.add(`why:${site.name}`);
      if (texts.size > 200) break;
    }
    document.getElementById("suggestions").append(...[...texts].sort().map((value) => el("option", { value })));
    const open = document.getElementById("open");
    const update = () => {
      const url = new URL(location.href);
      url.searchParams.delete("embed");
      url.searchParams.set("full", "1");
      url.hash = this.address();
      open.href = url.href;
    };
    update();
    for (const event of ["pointerdown", "focus", "click"]) open.addEventListener(event, update);
  }

  // Drawing

  resize() {
    const { painter, lanes } = this;
    const available = this.room();
    const wanted = painter.contentHeight + AXIS;
    const height = EMBED ? available : Math.min(wanted, available);
    lanes.style.height = `${height}px`;
    document.getElementById("rest").style.height = `${wanted}px`;
    this.scrollable = wanted > height + 1;
    const width = lanes.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    if (width !== painter.width || height !== painter.height || ratio !== painter.ratio) {
      const { from, to } = painter;
      painter.resize(width, height);
      this.base = d3.scaleLinear().domain([this.low, this.high]).range([painter.gutter, width]);
      this.zoom
        .extent([[painter.gutter, 0], [width, height]])
        .translateExtent([[painter.gutter, -Infinity], [width, Infinity]])
        .scaleExtent([1, Math.max(1, (this.high - this.low) / 20)]);
      this.setRange(from, to);
    }
    this.totals.draw();
    this.requestDraw();
  }

  /** How high the lanes may be. */
  room() {
    const timeline = document.getElementById("timeline");
    if (EMBED) return Math.max(60, timeline.clientHeight);
    if (innerWidth <= 900) return Math.max(200, Math.round(innerHeight * 0.55));
    const main = document.querySelector("main").clientHeight;
    const rows = Math.min(this.totals.shown.length, 9);
    return Math.max(120, main - 35 - Math.max(Math.min(rows * 28 + 34, main * 0.45), main * 0.2));
  }

  requestDraw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const began = performance.now();
      this.painter.scrollTop = this.lanes.scrollTop;
      this.painter.draw();
      this.painter.drawOverlay();
      this.map.draw(this.painter, this.low, this.high);
      this.frames.draw = performance.now() - began;
      this.frames.count++;
    });
  }

  requestOverlay() {
    if (this.waiting || this.waitingAbove) return;
    this.waitingAbove = requestAnimationFrame(() => {
      this.waitingAbove = 0;
      this.painter.drawOverlay();
    });
  }

  // Zoom

  setUpZoom() {
    const { canvas, lanes } = this;
    this.zoom = d3.zoom()
      .clickDistance(4)
      .filter((event) => {
        if (event.type === "wheel") return event.ctrlKey || event.metaKey || this.wheelZooms(event);
        return !event.button && !event.shiftKey;
      })
      .wheelDelta((event) => {
        // A pinch on a touchpad comes as small steps with Ctrl.
        const speed = event.ctrlKey && Math.abs(event.deltaY) < 40 ? 0.012 : 0.004;
        return -event.deltaY * (event.deltaMode === 1 ? 0.12 : event.deltaMode ? 1 : speed);
      })
      .on("start", ({ sourceEvent }) => {
        this.dragFrom = sourceEvent?.type === "mousedown" ? { y: sourceEvent.clientY, top: lanes.scrollTop } : null;
      })
      .on("zoom", ({ transform, sourceEvent }) => {
        const scale = transform.rescaleX(this.base);
        [this.painter.from, this.painter.to] = scale.domain();
        if (sourceEvent?.type === "mousemove" && this.dragFrom) {
          lanes.scrollTop = this.dragFrom.top - (sourceEvent.clientY - this.dragFrom.y);
          canvas.classList.add("dragging");
          this.tip.show(null);
        }
        this.requestDraw();
      })
      .on("end", ({ sourceEvent }) => {
        canvas.classList.remove("dragging");
        if (sourceEvent || this.moved) this.saveAddress();
        this.moved = false;
      });
    this.surface = d3.select(canvas).call(this.zoom).on("dblclick.zoom", null);
    canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!sideways && !event.shiftKey) return;
      event.preventDefault();
      this.pan((sideways ? event.deltaX : event.deltaY) * (event.deltaMode === 1 ? 30 : 1));
    }, { passive: false });
    this.listenToTouch();
    this.listenToRange();
  }

  /** A plain wheel scrolls the lanes, or the page around a frame; it zooms where there is nothing to scroll. */
  wheelZooms(event) {
    return !this.scrollable && !EMBED && innerWidth > 900 && !event.shiftKey && Math.abs(event.deltaY) >= Math.abs(event.deltaX);
  }

  /** One finger that moves up or down scrolls, and the browser does that; other moves of fingers are for d3. */
  listenToTouch() {
    let start = null;
    let direction = "";
    this.stage.addEventListener("touchstart", (event) => {
      direction = event.touches.length > 1 ? "across" : "";
      start = event.touches[0];
    }, { capture: true, passive: true });
    this.stage.addEventListener("touchmove", (event) => {
      if (event.touches.length > 1) direction = "across";
      const touch = event.touches[0];
      const [dx, dy] = [Math.abs(touch.clientX - start.clientX), Math.abs(touch.clientY - start.clientY)];
      if (!direction && dx + dy > 3) direction = dy > dx ? "down" : "across";
      if (direction !== "across") event.stopPropagation();
    }, { capture: true, passive: true });
  }

  /** Shift and drag chooses a range to zoom to. */
  listenToRange() {
    const { canvas, painter } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (!event.shiftKey || event.button) return;
      event.preventDefault();
      canvas.focus();
      canvas.setPointerCapture(event.pointerId);
      const from = painter.timeAt(event.offsetX);
      const move = (moved) => {
        painter.range = [from, painter.timeAt(moved.offsetX)];
        this.requestOverlay();
      };
      const end = () => {
        canvas.removeEventListener("pointermove", move);
        canvas.removeEventListener("pointerup", end);
        canvas.removeEventListener("pointercancel", end);
        const range = painter.range;
        painter.range = null;
        this.requestOverlay();
        if (range && Math.abs(range[1] - range[0]) > 5 * painter.perPixel) {
          this.swallowClick = true;
          setTimeout(() => { this.swallowClick = false; });
          this.show(Math.min(...range), Math.max(...range));
        }
      };
      canvas.addEventListener("pointermove", move);
      canvas.addEventListener("pointerup", end);
      canvas.addEventListener("pointercancel", end);
    });
  }

  /** Show the time from one moment to another, at once. */
  setRange(from, to) {
    this.surface.call(this.zoom.transform, this.transformFor(from, to));
  }

  transformFor(from, to) {
    const [low, high] = [this.low, this.high];
    const length = Math.min(Math.max(to - from, 20), high - low);
    const middle = Math.min(Math.max((from + to) / 2, low + length / 2), high - length / 2);
    const scale = (high - low) / length;
    const left = this.painter.gutter;
    return d3.zoomIdentity.translate(left - this.base(middle - length / 2) * scale, 0).scale(scale);
  }

  /** The same, by a movement, and for the address. */
  show(from, to) {
    this.moved = true;
    const target = this.transformFor(from, to);
    if (calm.matches || document.hidden) this.surface.interrupt().call(this.zoom.transform, target);
    else this.surface.transition().duration(220).call(this.zoom.transform, target);
  }

  pan(pixels) {
    this.moved = true;
    this.surface.interrupt();
    const by = pixels * this.painter.perPixel;
    this.setRange(this.painter.from + by, this.painter.to + by);
  }

  scale(factor, time = (this.painter.from + this.painter.to) / 2) {
    this.moved = true;
    this.surface.interrupt();
    const { from, to } = this.painter;
    this.setRange(time - (time - from) / factor, time + (to - time) / factor);
  }

  /** Fit the selection, or everything. */
  fit() {
    const place = this.painter.selected;
    if (!place || place.type === "instant") return this.show(this.low, this.high);
    const [from, to] = this.timesOf(place);
    const margin = Math.max((to - from) * 0.08, to > from ? 0 : 500);
    this.show(from - margin, to + margin);
    this.revealLane(place.lane);
  }

  timesOf({ type, index, lane }) {
    const { trace } = this;
    if (type === "span") return [trace.start[index], trace.end[index]];
    if (type === "bar") return [trace.barStart[index], trace.barEnd[index]];
    if (type === "instant") return [trace.time[index], trace.time[index]];
    const [first, last] = [trace.spanOffsets[lane], trace.spanOffsets[lane + 1] - 1];
    return first <= last ? [trace.start[first], trace.end[last]] : [trace.from, trace.to];
  }

  // Selection

  select(place, { reveal = false, quiet = false } = {}) {
    const { painter, trace } = this;
    painter.selected = place;
    painter.chain = [];
    if (place?.type === "span" && trace.shade[place.index] >= FIRST_WAIT) {
      const { steps, root: end } = trace.why(place.index);
      painter.chain = steps.slice(0, 100).flatMap((step) => [step.last, ...(step.wait >= 0 ? [step.wait] : [step.first])]);
      if (end.lane !== undefined && end.span !== undefined) painter.chain.push(end.span);
    }
    this.details.show(place);
    this.totals.select(place ? place.lane : -1);
    if (place && reveal) this.reveal(place);
    if (EMBED || !place) this.tip.show(null);
    if (!quiet) this.saveAddress();
    this.requestDraw();
  }

  /** Bring something into sight, without a jump if it is there. */
  reveal(place) {
    const { painter } = this;
    this.revealLane(place.lane);
    if (place.type === "lane") return;
    const [from, to] = this.timesOf(place);
    const margin = 12 * painter.perPixel;
    if (to >= painter.from + margin && from <= painter.to - margin) return;
    const half = Math.max((painter.to - painter.from) / 2, (to - from) * 0.6);
    const middle = to - from > 2 * half ? from + half : (from + to) / 2;
    this.show(middle - half, middle + half);
  }

  revealLane(lane) {
    const { painter, lanes } = this;
    let row = painter.rowOf.get(lane);
    if (row === undefined) {
      // The filter hides it.
      document.querySelector("#only input").checked = false;
      this.filter();
      row = painter.rowOf.get(lane);
    }
    const top = painter.tops[row];
    const bottom = painter.tops[row + 1] + AXIS;
    if (top < lanes.scrollTop) lanes.scrollTop = top - 40;
    else if (bottom > lanes.scrollTop + painter.height) lanes.scrollTop = bottom - painter.height + 40;
  }

  /** Select the neighbour of the selected span in its lane. */
  step(by) {
    const { painter, trace } = this;
    const place = painter.selected;
    if (place?.type !== "span") return this.selectSomething();
    const index = place.index + by;
    if (index < trace.spanOffsets[place.lane] || index >= trace.spanOffsets[place.lane + 1]) return undefined;
    return this.select({ type: "span", index, lane: place.lane }, { reveal: true });
  }

  /** Select the first span in sight. */
  selectSomething() {
    const { painter, trace } = this;
    const [first, last] = painter.visibleRows();
    const chosen = painter.selected?.type === "lane" ? [painter.selected.lane] : painter.rows.slice(first, last);
    for (const lane of chosen) {
      if (lane < 0) continue;
      const index = firstFrom(trace.end, painter.from, trace.spanOffsets[lane], trace.spanOffsets[lane + 1]);
      if (index < trace.spanOffsets[lane + 1] && trace.start[index] <= painter.to) {
        this.select({ type: "span", index, lane }, { reveal: true });
        return;
      }
    }
  }

  /** Select who woke the selected span. */
  follow() {
    const place = this.painter.selected;
    if (place?.type !== "span") return this.selectSomething();
    const wake = this.trace.wakeOf(place.index);
    const cause = wake < 0 ? -1 : this.trace.causeOf(wake);
    if (cause >= 0) return this.select({ type: "span", index: cause, lane: this.trace.laneOf[cause] }, { reveal: true });
    // No goroutine did: what this one did before may have a cause.
    return place.index > this.trace.spanOffsets[place.lane] && this.trace.shade[place.index] < FIRST_WAIT ? this.step(-1) : undefined;
  }

  // Search

  searchFor(text) {
    const search = document.getElementById("search");
    search.value = text;
    this.filter();
    search.focus();
  }

  filter() {
    const { painter, trace, legend } = this;
    const text = document.getElementById("search").value.trim();
    // "on:chan jobs" is one word: what a prefix begins goes on to the next one.
    this.words = text ? text.split(/\s+(?=(?:in|on|why|at):)/) : [];
    const found = trace.filter(this.words, legend.hidden);
    const only = document.getElementById("only");
    painter.filtered = this.words.length > 0 || legend.hidden.size > 0;
    painter.onlyMatches = only.querySelector("input").checked && this.words.length > 0;
    only.hidden = !this.words.length;
    document.getElementById("found").textContent = this.words.length ? (found ? plural(found, "match").replace("matchs", "matches") : "no match") : "";
    const kept = painter.onlyMatches ? (lane) => lane.matches > 0 : () => true;
    painter.arrange();
    this.totals.filter(kept);
    this.resize();
  }

  /** Select the next span that matches, in the order of time. */
  nextMatch(by) {
    const { trace, painter } = this;
    if (!this.words.length) return;
    const place = painter.selected?.type === "span" ? painter.selected : null;
    const now = place ? trace.start[place.index] : by > 0 ? -Infinity : Infinity;
    const after = (i) => (trace.start[i] - now) * by || (place ? (i - place.index) * by : 1);
    let best = -1;
    for (let i = 0; i < trace.count; i++) {
      if (!trace.matches[i] || !(after(i) > 0)) continue;
      if (best < 0 || after(i) < after(best)) best = i;
    }
    if (best < 0) {
      // From the other end again.
      for (let i = 0; i < trace.count; i++) {
        if (trace.matches[i] && (best < 0 || (trace.start[i] - trace.start[best]) * by < 0)) best = i;
      }
    }
    if (best >= 0) this.select({ type: "span", index: best, lane: trace.laneOf[best] }, { reveal: true });
  }

  // Events

  listen() {
    const { canvas, lanes, painter } = this;
    lanes.addEventListener("scroll", () => {
      this.tip.show(null);
      this.requestDraw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      painter.pointer = event.offsetX > painter.gutter ? { x: event.offsetX, y: event.offsetY } : null;
      painter.hover = painter.at(event.offsetX, event.offsetY);
      const place = painter.hover;
      canvas.classList.toggle("on-span", Boolean(place && (place.type !== "lane" || event.offsetX < painter.gutter)));
      this.tip.show(event.buttons ? null : place, event.clientX, event.clientY);
      this.requestOverlay();
    });
    canvas.addEventListener("pointerleave", () => {
      painter.pointer = painter.hover = null;
      this.tip.show(null);
      this.requestOverlay();
    });
    canvas.addEventListener("click", (event) => {
      if (this.swallowClick || event.shiftKey) return;
      const finger = event.pointerType === "touch";
      const place = painter.at(event.offsetX, event.offsetY, finger ? 12 : 4);
      this.select(place?.type === "lane" && event.offsetX > painter.gutter ? null : place);
      if (finger && EMBED) this.tip.show(place, event.clientX, event.clientY);
    });
    canvas.addEventListener("dblclick", (event) => {
      const place = painter.at(event.offsetX, event.offsetY);
      if (!place) return;
      this.select(place);
      this.fit();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    document.getElementById("in").addEventListener("click", () => this.scale(2));
    document.getElementById("out").addEventListener("click", () => this.scale(0.5));
    document.getElementById("all").addEventListener("click", () => this.show(this.low, this.high));
    document.getElementById("keys").addEventListener("click", () => document.getElementById("help").showModal());
    document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
    const search = document.getElementById("search");
    search.addEventListener("input", () => this.filter());
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.nextMatch(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") {
        search.value = "";
        this.filter();
        canvas.focus();
      }
    });
    document.querySelector("#only input").addEventListener("change", () => this.filter());
    this.listenToTheme();
    this.listenToMap();
    addEventListener("hashchange", () => {
      if (location.hash.slice(1) !== this.written) this.readAddress();
    });
  }

  listenToTheme() {
    const button = document.getElementById("theme");
    const draw = () => {
      applyTheme();
      button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
      this.painter.readColors();
      this.requestDraw();
    };
    button.addEventListener("click", () => {
      chosenTheme = memory.theme = root.dataset.theme === "dark" ? "light" : "dark";
      draw();
    });
    button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
    darkness.addEventListener("change", draw);
    // A page around this one says which theme it has: {gochanTheme: "dark"}.
    addEventListener("message", ({ data }) => {
      if (!["dark", "light"].includes(data?.gochanTheme)) return;
      chosenTheme = data.gochanTheme;
      draw();
    });
  }

  /** Drag the window of the mini-map, or one of its edges; a press elsewhere moves it there. */
  listenToMap() {
    const { map, painter } = this;
    map.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      map.canvas.setPointerCapture(event.pointerId);
      this.surface.interrupt();
      const [a, b] = [map.xOf(painter.from), map.xOf(painter.to)];
      const x = event.offsetX;
      const edge = Math.abs(x - a) < 7 ? "from" : Math.abs(x - b) < 7 ? "to" : "";
      if (!edge && (x < a || x > b)) {
        const by = map.timeAt(x) - (painter.from + painter.to) / 2;
        this.setRange(painter.from + by, painter.to + by);
      }
      const start = { x, from: painter.from, to: painter.to };
      const move = (moved) => {
        const by = map.timeAt(moved.offsetX) - map.timeAt(start.x);
        const from = start.from + (edge === "to" ? 0 : by);
        const to = start.to + (edge === "from" ? 0 : by);
        if (to > from) this.setRange(from, to);
      };
      const end = () => {
        map.canvas.removeEventListener("pointermove", move);
        map.canvas.removeEventListener("pointerup", end);
        map.canvas.removeEventListener("pointercancel", end);
        this.saveAddress();
      };
      map.canvas.addEventListener("pointermove", move);
      map.canvas.addEventListener("pointerup", end);
      map.canvas.addEventListener("pointercancel", end);
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = (selector) => event.target.closest(selector);
    // What the browser does with a key there comes first.
    if (inside("input, dialog")) return;
    if (inside("button, a") && (event.key === "Enter" || event.key === " ")) return;
    if (inside("#scroll, #details") && /^(Arrow|Page|Home|End)/.test(event.key)) return;
    const { painter } = this;
    const width = painter.plotWidth;
    const actions = {
      ArrowLeft: () => this.pan(-width / 8),
      ArrowRight: () => this.pan(width / 8),
      ArrowUp: () => this.lanes.scrollBy(0, -60),
      ArrowDown: () => this.lanes.scrollBy(0, 60),
      PageUp: () => this.lanes.scrollBy(0, -painter.height * 0.8),
      PageDown: () => this.lanes.scrollBy(0, painter.height * 0.8),
      Home: () => this.pan((this.low - painter.from) / painter.perPixel),
      End: () => this.pan((this.high - painter.to) / painter.perPixel),
      "+": () => this.scale(1.5),
      "=": () => this.scale(1.5),
      "-": () => this.scale(1 / 1.5),
      w: () => this.scale(1.5, this.focusTime()),
      s: () => this.scale(1 / 1.5, this.focusTime()),
      a: () => this.pan(-width / 8),
      d: () => this.pan(width / 8),
      f: () => this.fit(),
      0: () => this.show(this.low, this.high),
      "[": () => this.step(-1),
      "]": () => this.step(1),
      Enter: () => this.follow(),
      Escape: () => this.select(null),
      "/": () => document.getElementById("search").focus(),
      "?": () => document.getElementById("help").showModal(),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    this.tip.show(null);
    action();
  }

  /** Where the keys zoom to: at the pointer, as the wheel does, or in the middle. */
  focusTime() {
    const { painter } = this;
    return painter.pointer ? painter.timeAt(painter.pointer.x) : (painter.from + painter.to) / 2;
  }

  // Address

  /** "g=7&t=100-250&at=120": the goroutine, the microseconds in sight, and when the selected span begins. */
  address() {
    const { painter, trace } = this;
    const parts = [];
    const micros = (ns) => String(Math.round(ns) / 1000);
    const place = painter.selected;
    if (place) {
      const lane = trace.lanes[place.lane];
      if (trace.programs.length > 1) parts.push(`p=${trace.programs[lane.program].pid}`);
      parts.push(`g=${lane.number}`);
    }
    if (painter.from > this.low + painter.perPixel || painter.to < this.high - painter.perPixel) {
      parts.push(`t=${micros(Math.max(0, painter.from))}-${micros(painter.to)}`);
    }
    if (place?.type === "span") parts.push(`at=${micros(trace.start[place.index])}`);
    return parts.join("&");
  }

  saveAddress() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      this.written = this.address();
      try {
        history.replaceState(null, "", this.written ? `#${this.written}` : location.pathname + location.search);
      } catch {
        // A frame without an address of its own.
      }
    }, 120);
  }

  readAddress() {
    const { trace } = this;
    const parts = new URLSearchParams(location.hash.slice(1));
    const range = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(parts.get("t") ?? "");
    const number = parts.get("g");
    const pid = parts.get("p");
    const lane = number === null ? undefined : trace.lanes.find((each) => String(each.number) === number && (pid === null || String(trace.programs[each.program].pid) === pid));
    if (range && Number(range[2]) > Number(range[1])) this.setRange(Number(range[1]) * 1000, Number(range[2]) * 1000);
    if (!lane) return;
    const at = Number(parts.get("at") ?? NaN) * 1000;
    const low = trace.spanOffsets[lane.index];
    const high = trace.spanOffsets[lane.index + 1];
    const index = Number.isFinite(at) ? firstFrom(trace.start, at - 0.5, low, high) : high;
    const exact = index < high && Math.abs(trace.start[index] - at) < 1;
    this.select(exact ? { type: "span", index, lane: lane.index } : { type: "lane", index: -1, lane: lane.index }, { quiet: true });
    this.revealLane(lane.index);
    if (exact && !range) this.reveal(this.painter.selected);
  }
}

addEventListener("DOMContentLoaded", async () => {
  try {
    const data = document.getElementById("data");
    const trace = await unpack(data.textContent);
    data.remove();
    window.timeline = new Page(trace);
    root.dataset.ready = "true";
  } catch (error) {
    const empty = document.getElementById("empty");
    empty.textContent = typeof DecompressionStream === "undefined"
      ? "This browser is too old to show the trace: it lacks DecompressionStream."
      : `The trace can't be shown: ${error.message}`;
    empty.hidden = false;
    throw error;
  }
});

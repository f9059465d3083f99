// What is beside the lanes: the legend, the selection's details, the table, the tooltip.

/** An element. Texts are always text, never markup. */
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function swatch(kind) {
  return el("span", { class: `swatch ${KINDS[kind].key}`, "aria-hidden": true });
}

function link(text, action, properties = {}) {
  return el("button", { type: "button", class: "link", onclick: action, ...properties }, text);
}

/** A kind's bar of shares: [{shade, part}]. */
function shares(parts) {
  const bar = el("div", { class: "shares", "aria-hidden": true });
  for (const { shade, part } of parts) {
    if (!(part > 0)) continue;
    const piece = el("span", { class: KINDS[shade].key });
    piece.style.flexGrow = part;
    bar.append(piece);
  }
  return bar;
}

class Legend {
  constructor(trace, element, changed) {
    this.hidden = new Set();
    const seen = new Set(trace.shade);
    KINDS.forEach(({ label }, kind) => {
      if (!seen.has(kind)) return;
      const button = el("button", { type: "button", "aria-pressed": "true", title: `Hide or show: ${label}` }, swatch(kind), label);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(kind)) this.hidden.add(kind);
        button.setAttribute("aria-pressed", String(!this.hidden.has(kind)));
        changed();
      });
      element.append(button);
    });
  }
}

/** The lines that describe a span, bar or instant in the tooltip and the details. */
class Describer {
  constructor(trace) {
    this.trace = trace;
  }

  /** {title, shade, length, lane, object, place, when}. */
  describe({ type, index, lane }) {
    const { trace } = this;
    const name = trace.lanes[lane].name;
    if (type === "instant") {
      const site = trace.sites[trace.timeSite[index]];
      const title = site.kind === "log" ? `log: ${site.name}` : site.kind === "go" && site.name === "end" ? "the goroutine ended" : site.name;
      const text = site.kind === "log" ? { message: site.message } : { value: site.message };
      return { title, lane: name, object: site.object, place: site.at, ...text, start: trace.time[index] };
    }
    if (type === "bar") {
      const site = trace.sites[trace.barSite[index]];
      const title = ["region", "task"].includes(site.kind) ? `${site.kind} ${site.name}` : site.name;
      return {
        title, lane: name, place: this.place(site), object: site.object,
        start: trace.barStart[index], length: trace.barEnd[index] - trace.barStart[index],
      };
    }
    const span = trace.spanInfo(index);
    const run = span.shade === RUN;
    return {
      title: run ? "running" : span.shade === RUNNABLE ? "runnable" : span.name || "waiting",
      shade: span.shade, lane: name, object: span.object, place: this.place(span), value: span.message,
      start: span.start, length: span.length, open: span.open, cut: span.cut,
    };
  }

  place({ at, fn }) {
    if (!at) return fn ? `in ${fn}` : "";
    return fn ? `${at} in ${fn}` : at;
  }

  /** "woken by worker 7 at prog.py:17" and the span to follow it to; null if nothing is known. */
  cause(index) {
    const { trace } = this;
    const wake = trace.wakeOf(index);
    if (wake < 0) return null;
    const first = trace.shade[wake] < FIRST_WAIT;
    if (trace.by[wake] < 0) {
      if (first || trace.flags[wake] & OPEN) return null;
      return { verb: "Ended by", text: { timer: "a timer", io: "the event loop" }[trace.rootKind(wake)] ?? "no goroutine", span: -1 };
    }
    const run = trace.causeOf(wake);
    const lane = trace.lanes[trace.by[wake]];
    const site = run < 0 ? null : trace.sites[trace.site[run]];
    // At the end of its run, it was where it parked.
    const at = site ? (site.to && trace.end[run] === trace.wakeTimeOf(wake) ? site.to : site.at) : "";
    const verb = !first ? "Woken by" : wake === trace.spanOffsets[trace.laneOf[wake]] ? "Started by" : "Made ready by";
    return { verb, text: at ? `${lane.name} at ${at}` : lane.name, span: run, lane: lane.index };
  }
}

class Details {
  constructor(trace, element, describer, actions) {
    Object.assign(this, { trace, element, describer, actions });
    this.overview = null;
  }

  show(place) {
    const content = !place ? this.showOverview() : place.type === "lane" ? this.showLane(place.lane) : this.showPlace(place);
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(...content.filter(Boolean));
    this.element.scrollTop = 0;
    // Otherwise a user of the keyboard would begin at the top of the page again after each step to a cause.
    if (focused) (this.element.querySelector(".follow") ?? this.element.querySelector("button:enabled"))?.focus();
  }

  showOverview() {
    const { trace, actions } = this;
    const waits = trace.longestWaits(8);
    if (!trace.count) return [el("p", { class: "muted" }, "Nothing is recorded here.")];
    return [
      el("h2", {}, waits.length ? "Longest waits" : "Selection"),
      waits.length
        ? el("ul", { class: "waits" }, ...waits.map((index) => {
          const span = trace.spanInfo(index);
          const go = link(span.lane.name, () => actions.select({ type: "span", index, lane: span.lane.index }, true));
          const what = el("div", { class: "muted" }, reasonOn(span.name, span.object));
          return el("li", {}, swatch(span.shade), el("div", {}, go, what), el("span", { class: "length" }, duration(span.length)));
        }))
        : null,
      el("p", { class: "muted" }, "Select a span to see what it waited for, who ended the wait, and why it took so long."),
    ];
  }

  showLane(index) {
    const { trace, actions } = this;
    const lane = trace.lanes[index];
    const total = trace.totals().find((each) => each.lane.index === index);
    const facts = [];
    if (total) {
      facts.push(["running", total.run, RUN], ["runnable", total.runnable, RUNNABLE]);
      const reasons = [...total.reasons].sort((a, b) => b[1] - a[1]);
      for (const [reason, length] of reasons) facts.push([reason, length, kindOfWait(reason)]);
    }
    const first = trace.spanOffsets[index];
    const starter = total && first < trace.spanOffsets[index + 1] ? this.describer.cause(first) : null;
    return [
      el("h2", {}, lane.name),
      starter?.verb === "Started by" ? el("dl", {}, ...this.fact("Started by", this.followLink(starter))) : null,
      total ? el("h3", {}, "In all") : null,
      total ? shares(facts.map(([, part, shade]) => ({ shade, part }))) : null,
      total ? el("ul", { class: "share-list" }, ...facts.map(([text, length, shade]) => el("li", {}, swatch(shade), text, el("span", { class: "part" }, duration(length))))) : null,
      total ? this.steps([["First span", first < trace.spanOffsets[index + 1] ? () => actions.select({ type: "span", index: first, lane: index }, true) : null]]) : null,
    ];
  }

  fact(name, ...value) {
    return [el("dt", {}, name), el("dd", {}, ...value)];
  }

  followLink(cause) {
    if (cause.span < 0) return cause.text;
    return link(cause.text, () => this.actions.select({ type: "span", index: cause.span, lane: cause.lane }, true), { class: "link follow" });
  }

  steps(buttons) {
    return el("div", { class: "steps" }, ...buttons.map(([text, action]) => el("button", { type: "button", disabled: !action, onclick: action ?? (() => {}) }, text)));
  }

  showPlace(place) {
    const { trace, actions, describer } = this;
    const it = describer.describe(place);
    const span = place.type === "span";
    const facts = [];
    const add = (name, ...value) => facts.push(...this.fact(name, ...value));
    add(trace.lanes[place.lane].kind === "thread" ? "Thread" : "Goroutine", link(it.lane, () => actions.select({ type: "lane", index: -1, lane: place.lane })));
    if (it.object) add("On", link(it.object, () => actions.search(`on:${it.object}`), { title: "Search for it" }));
    if (it.place) add("At", el("code", {}, it.place));
    if (it.message) add("Message", it.message);
    if (it.value) add("Value", el("code", {}, it.value));
    const exact = Math.max(1, (it.length || this.actions.perPixel()) / 100);
    if (it.length === undefined) add("When", moment(it.start, exact));
    else {
      add("From", moment(it.start, exact) + (it.cut ? ", or before the recording began" : ""));
      add("To", moment(it.start + it.length, exact) + (it.open ? ", when the recording stopped" : ""));
    }
    if (span) {
      const cause = describer.cause(place.index);
      if (cause) add(cause.verb, this.followLink(cause));
      const site = trace.sites[trace.site[place.index]];
      if (site.to) add("Parked at", el("code", {}, site.to));
      if (it.shade === RUN) {
        const woken = actions.wokenBy(place.index);
        if (woken.length) {
          const links = woken.slice(0, 4).map((index) => {
            const lane = trace.laneOf[index];
            return el("div", {}, link(trace.lanes[lane].name, () => actions.select({ type: "span", index, lane }, true)));
          });
          if (woken.length > 4) links.push(el("div", { class: "muted" }, `and ${woken.length - 4} more`));
          add("Woke", ...links);
        }
      }
    }
    const low = span ? trace.spanOffsets[place.lane] : 0;
    const high = span ? trace.spanOffsets[place.lane + 1] : 0;
    const to = (index) => (index >= low && index < high ? () => actions.select({ type: "span", index, lane: place.lane }, true) : null);
    return [
      el("h2", {}, it.shade === undefined ? null : swatch(it.shade), it.title, it.length === undefined ? null : el("span", { class: "length" }, duration(it.length))),
      el("dl", {}, ...facts),
      span ? this.steps([["Previous", to(place.index - 1)], ["Next", to(place.index + 1)], ["Fit", () => actions.fit()]]) : null,
      ...(span && it.shade >= FIRST_WAIT ? this.showWhy(place.index) : []),
    ];
  }

  /** Why a wait took so long: its parts, and the chain back to the root. */
  showWhy(index) {
    const { trace } = this;
    const { steps, root } = trace.why(index);
    const goroutine = (lane) => trace.lanes[lane].name;
    const total = trace.end[index] - trace.start[index];
    const parts = new Map();
    const count = (text, shade, part) => {
      if (part <= 0) return;
      const known = parts.get(text) ?? { shade, part: 0 };
      known.part += part;
      parts.set(text, known);
    };
    const waitText = (span) => `${goroutine(trace.laneOf[span])}: ${trace.sites[trace.site[span]].name}`;
    for (const step of steps) {
      count(`${goroutine(step.lane)} ran`, RUN, step.run);
      count(`${goroutine(step.lane)} was runnable`, RUNNABLE, step.runnable);
      if (step.waited) count(waitText(step.wait), trace.shade[step.wait], step.waited);
    }
    if (!steps.length) count(waitText(index), trace.shade[index], total);
    const biggest = [...parts].sort((a, b) => b[1].part - a[1].part);
    const select = (span, text) => link(text, () => this.actions.select({ type: "span", index: span, lane: trace.laneOf[span] }, true));
    const most = 12;
    const items = steps.slice(0, most).map((step, at) => {
      const did = [];
      if (step.run > 0) did.push(`ran ${duration(step.run)}`);
      if (step.runnable > 0) did.push(`was runnable ${duration(step.runnable)}`);
      const place = trace.sites[trace.site[step.last]];
      const who = select(step.last, goroutine(step.lane));
      const where = place.at ? ` at ${place.to || place.at}` : "";
      const item = step.verb === "before"
        ? el("li", { class: "run" }, "Before that ", who, ` ${did.join(" and ") || "ran"}${where}.`)
        : el("li", { class: "run" }, at === 0 ? "Woken by " : step.verb === "started" ? "Started by " : "That was ended by ", who, where, did.length ? `, which ${did.join(" and ")}.` : ".");
      if (step.wait >= 0) {
        const wait = trace.sites[trace.site[step.wait]];
        const text = `${duration(trace.end[step.wait] - trace.start[step.wait])}: ${reasonOn(wait.name, wait.object)}`;
        item.append(" Before that it waited ", select(step.wait, text), wait.at ? ` at ${wait.at}.` : ".");
      }
      return item;
    });
    if (steps.length > most) items.push(el("li", { class: "muted" }, `… and ${plural(steps.length - most, "more step")}`));
    items.push(el("li", { class: `root ${KINDS[trace.shade[root.span]].key}` }, this.rootText(root, index, steps.length)));
    return [
      el("h3", {}, "Why did this wait so long?"),
      total > 0 && biggest.length ? shares(biggest.map(([, part]) => part)) : null,
      total > 0 && biggest.length
        ? el("ul", { class: "share-list" }, ...biggest.slice(0, 4).map(([text, { shade, part }]) => el("li", {}, swatch(shade), text, el("span", { class: "part" }, `${duration(part)}, ${Math.round((100 * part) / total)} %`))))
        : null,
      el("ol", { class: "why" }, ...items),
    ];
  }

  rootText(root, wait, steps) {
    const { trace } = this;
    const who = trace.lanes[root.lane ?? trace.laneOf[root.span]].name;
    const own = root.span === wait;
    const site = trace.sites[trace.site[root.span]];
    switch (root.kind) {
      case "open":
        return "Nothing ended it: the recording stopped first.";
      case "timer":
        return own ? `A timer ended this ${site.name}.` : `A timer ended the ${site.name} of ${who}.`;
      case "io":
        return own ? `The event loop ended it: ${site.object || site.name}.` : `The event loop ended the ${site.name} of ${who}.`;
      case "ran":
        return `${who} had already been running when the wait began.`;
      case "runnable":
        return `${who} was already runnable, but not running, when the wait began.`;
      case "long":
        return `And so on, for more than ${plural(steps, "step")}.`;
      case "thread":
        return `${who} did it, which is outside of the scheduler.`;
      default:
        return own ? "No goroutine ended it." : `No goroutine ended the ${site.name} of ${who}.`;
    }
  }
}

class Totals {
  constructor(trace, section, actions) {
    this.actions = actions;
    this.section = section;
    this.scroll = section.querySelector("#scroll");
    this.head = section.querySelector("thead tr");
    this.body = section.querySelector("tbody");
    this.rows = trace.totals();
    const reasons = new Map();
    for (const { reasons: each } of this.rows) for (const [reason, length] of each) reasons.set(reason, (reasons.get(reason) ?? 0) + length);
    const names = [...reasons].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    this.columns = [
      { name: "Goroutine", value: (row) => row.lane.index },
      { name: "Share" },
      { name: "Running", value: (row) => row.run },
      { name: "Runnable", value: (row) => row.runnable },
      { name: "Waiting", value: (row) => row.wait },
      ...names.map((name) => ({ name, value: (row) => row.reasons.get(name) ?? 0 })),
    ];
    this.sorted = 0;
    this.down = false;
    this.selected = -1;
    this.matching = () => true;
    this.columns.forEach((column, at) => {
      const cell = el("th", { scope: "col" });
      cell.append(column.value ? el("button", { type: "button", onclick: () => this.sort(at) }, column.name) : el("span", { class: "muted" }, column.name));
      this.head.append(cell);
    });
    this.scroll.addEventListener("scroll", () => this.draw());
    this.order();
  }

  sort(at) {
    this.down = this.sorted === at ? !this.down : at > 0;
    this.sorted = at;
    this.order();
  }

  filter(matching) {
    this.matching = matching;
    this.order();
  }

  order() {
    const { value } = this.columns[this.sorted];
    const sign = this.down ? -1 : 1;
    this.shown = this.rows.filter((row) => this.matching(row.lane)).sort((a, b) => sign * (value(a) - value(b)) || a.lane.index - b.lane.index);
    [...this.head.children].forEach((cell, at) => {
      if (at === this.sorted) cell.setAttribute("aria-sort", this.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    this.drawn = "";
    this.draw();
  }

  /** Only the rows in sight are there, and some around them. */
  draw() {
    const height = this.height ?? 28;
    const sight = Math.ceil((this.scroll.clientHeight || 600) / height);
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / height / 20) * 20 - 20);
    const last = Math.min(this.shown.length, first + sight + 60);
    const drawn = `${first} ${last} ${this.selected}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const rows = this.shown.slice(first, last).map((row) => this.row(row));
    const space = (count) => {
      const cell = el("td", { colspan: this.columns.length });
      cell.style.height = `${count * height}px`;
      return el("tr", { class: "space", "aria-hidden": true }, cell);
    };
    const focused = document.activeElement?.closest("tbody tr")?.dataset.lane;
    this.body.replaceChildren(...(first ? [space(first)] : []), ...rows, ...(last < this.shown.length ? [space(this.shown.length - last)] : []));
    if (focused) this.body.querySelector(`tr[data-lane="${focused}"] .link`)?.focus({ preventScroll: true });
    const actual = rows.length ? rows[0].getBoundingClientRect().height : 0;
    if (actual && Math.abs(actual - height) > 0.5) {
      this.height = actual;
      this.drawn = "";
      this.draw();
    }
  }

  row(row) {
    const name = link(row.lane.name, () => this.actions.select({ type: "lane", index: -1, lane: row.lane.index }), { title: row.lane.name });
    const parts = [...row.shades].map((part, shade) => ({ shade, part }));
    const cells = this.columns.slice(2).map(({ value }) => {
      const length = value(row);
      return el("td", length ? {} : { class: "none" }, length ? duration(length) : "0");
    });
    return el("tr", { class: row.lane.index === this.selected ? "selected" : "", "data-lane": row.lane.index }, el("td", {}, name), el("td", {}, shares(parts)), ...cells);
  }

  select(lane) {
    this.selected = lane;
    this.draw();
  }
}

class Tip {
  constructor(element, describer) {
    Object.assign(this, { element, describer });
  }

  show(place, x, y) {
    if (!place || place.type === "lane") {
      this.element.hidden = true;
      return;
    }
    const it = this.describer.describe(place);
    const cause = place.type === "span" ? this.describer.cause(place.index) : null;
    const lines = [[it.lane, it.object && `on ${it.object}`].filter(Boolean).join(" "), it.place, it.message ?? it.value, cause && `${cause.verb} ${cause.text}`];
    this.element.replaceChildren(
      el("div", { class: "head" }, it.shade === undefined ? null : swatch(it.shade), it.title, it.length === undefined ? null : el("span", { class: "length" }, duration(it.length))),
      ...lines.filter(Boolean).map((line) => el("p", {}, line)),
    );
    this.element.hidden = false;
    const { width, height } = this.element.getBoundingClientRect();
    const left = Math.min(Math.max(8, x + 14), innerWidth - width - 8);
    const below = y + 18;
    const top = below + height > innerHeight - 8 ? Math.max(4, y - height - 12) : below;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
  }
}

"""The page's HTML, style and script."""

from __future__ import annotations

import linecache
from html import escape
from typing import Any

# How many groups the page lists.
LISTED = 300

CSS = """
:root { color-scheme: light dark; --back: #fff; --fore: #1b1f24; --dim: #5b6470; --line: #d7dce2;
  --soft: #f3f5f7; --link: #0b57b0; --run: #1a7f37; --wait: #8a5a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --back: #14171b; --fore: #e4e8ec; --dim: #9aa4b0;
  --line: #353c44; --soft: #1d2228; --link: #7ab7ff; --run: #57c274; --wait: #e0ae4e; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--back); color: var(--fore);
  font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: .35rem .9rem; margin-bottom: .75rem; align-items: center; }
button { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line);
  border-radius: .3rem; padding: .1rem .6rem; }
p { margin: .4rem 0; }
.dim { color: var(--dim); }
.error { color: var(--bad); }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.running, .runnable { color: var(--run); }
.waiting { color: var(--wait); }
summary { cursor: pointer; }
@media (max-width: 40rem) {
  table.groups thead { display: none; }
  table.groups tr { display: block; border-bottom: 1px solid var(--line); padding: .4rem 0; }
  table.groups td { display: inline-block; border: 0; padding: 0 .6rem 0 0; }
  table.groups td.where { display: block; }
}
"""

JS = """
"use strict";
const live = document.getElementById("live");
const button = document.getElementById("pause");
const note = document.getElementById("note");
let paused = false;

function show(on) {
  paused = on;
  button.textContent = on ? "Go on" : "Pause";
  button.setAttribute("aria-pressed", String(on));
}

async function look() {
  if (!paused && !document.hidden) {
    const url = new URL(location.href);
    url.searchParams.set("part", "1");
    try {
      const answer = await fetch(url, {cache: "no-store"});
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      if (!paused && getSelection().isCollapsed) {
        const open = new Set();
        for (const d of live.querySelectorAll("details[open]")) open.add(d.dataset.key);
        const focused = document.activeElement.closest?.("details")?.dataset.key;
        live.innerHTML = text;
        for (const d of live.querySelectorAll("details")) {
          if (open.has(d.dataset.key)) d.open = true;
          if (focused !== undefined && d.dataset.key === focused) d.querySelector("summary").focus();
        }
      }
      note.textContent = "";
    } catch (error) {
      note.textContent = "The program does not answer: " + error.message;
    }
  }
  setTimeout(look, 1000);
}

if (button !== null) {
  button.addEventListener("click", () => show(!paused));
  document.addEventListener("keydown", (event) => {
    if (event.key === "p" && !event.ctrlKey && !event.metaKey && !event.altKey) show(!paused);
  });
  show(false);
  setTimeout(look, 1000);
}
"""


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/debug/page.css"></head>\n'
        f'<body>\n{body}\n<script src="/debug/page.js"></script></body></html>\n'
    )


def index(about: dict[str, Any]) -> str:
    """Return the page that lists the others."""
    title = f"{about['program']}, process {about['pid']}"
    rows = [
        ("/debug/goroutines", "goroutines", "all goroutines, by state and place; refreshed each second"),
        ("/debug/goroutines?format=text", "stacks", "every goroutine's stack, as SIGQUIT prints it"),
        ("/debug/goroutines?format=json", "JSON", "the same data as JSON"),
        (
            "/debug/leaks",
            "leaks",
            "goroutines that can never continue; the search stops the program for a moment",
        ),
    ]
    items = "".join(
        f'<tr><td><a href="{escape(url)}">{name}</a></td><td>{text}</td></tr>' for url, name, text in rows
    )
    return _document(
        title, f'<h1>{escape(title)}</h1><p class="dim">Python {about["python"]}</p><table>{items}</table>'
    )


def page(data: dict[str, Any], what: str, by: str, tasks: list[str]) -> str:
    """Return the page of the goroutines or of the leaks."""
    name = "Goroutines" if what == "goroutines" else "Leaked goroutines"
    title = f"{name}: {data['program']}, process {data['pid']}"
    names = {"count": "count", "state": "state", "place": "place", "number": "number", "seen": "wait"}
    sorts = " ".join(
        f"<strong>{shown}</strong>" if s == by else f'<a href="?sort={s}">{shown}</a>'
        for s, shown in names.items()
    )
    controls = (
        '<button id="pause" type="button">Pause</button>'
        if what == "goroutines"
        else '<a href="/debug/leaks">Search again</a>'
    )
    body = (
        f'<h1>{escape(title)}</h1><nav><a href="/">index</a> <span>sort by {sorts}</span> '
        f'<a href="?format=text">text</a> <a href="?format=json">JSON</a> {controls}</nav>'
        f'<p class="error" id="note" role="status"></p><div id="live">{table(data, what, tasks)}</div>'
    )
    return _document(title, body)


def table(data: dict[str, Any], what: str, tasks: list[str]) -> str:
    """Return the part of the page that is refreshed."""
    groups = data["groups"]
    if what == "leaks":
        lead = "No leak was found." if not groups else f"{data['count']} leaked."
    elif data["running"]:
        lead = f"{data['count']} goroutines"
    else:
        lead = "No goroutines: no program runs."
    states: dict[str, int] = {}
    for g in groups:
        name = g["reason"] or g["state"]
        states[name] = states.get(name, 0) + g["count"]
    most = sorted(states.items(), key=lambda item: (-item[1], item[0]))
    counts = ", ".join(f"{count} {escape(name)}" for name, count in most)
    head = f'<p><strong>{lead}</strong> <span class="dim">{counts}</span></p>'
    rows = "".join(map(_row, groups[:LISTED]))
    more = len(groups) - LISTED
    left = f"<p>{more} more places are not shown.</p>" if more > 0 else ""
    body = (
        '<table class="groups"><thead><tr><th class="n">count</th><th>state</th><th class="n">waits</th>'
        f"<th>where</th></tr></thead><tbody>{rows}</tbody></table>{left}"
        if groups
        else ""
    )
    waiting = "".join(f"<pre>{escape(task)}</pre>" for task in tasks[:LISTED])
    return head + body + (f"<h2>asyncio tasks</h2>{waiting}" if waiting else "")


def _row(g: dict[str, Any]) -> str:
    stack = g["stack"]
    if stack:
        top = stack[0]
        where = f"{_short(top['file'])}:{top['line']} in {top['function']}"
        source = linecache.getline(top["file"], top["line"]).strip()
    else:
        where, source = f"{g['function']}{'' if g['started'] else ', not started yet'}", ""
        if g["created_by"] is not None:
            where += f", from {_short(g['created_by']['file'])}:{g['created_by']['line']}"
    lines = []
    for frame in stack:
        lines.append(f'File "{frame["file"]}", line {frame["line"]}, in {frame["function"]}')
        text = linecache.getline(frame["file"], frame["line"]).strip()
        if text:
            lines.append(f"    {text}")
    made = g["created_by"]
    if made is not None:
        lines.append(f'created at File "{made["file"]}", line {made["line"]}, in {made["function"]}')
    lines += [f"waits for {o}" for o in g["objects"]]
    members = ", ".join([*map(str, g["numbers"]), *(f"thread {name}" for name in g["threads"])])
    rest = g["count"] - len(g["numbers"]) - len(g["threads"])
    members += f" and {rest} more" if rest > 0 else ""
    lines.append(f"goroutines {members}" if g["numbers"] else members)
    key = escape(f"{g['state']} {g['reason']} {where} {g['function']} {made}", quote=True)
    waited = g["since"] if g["since"] is not None else g["seen"]
    seen = "" if not waited or g["state"] != "waiting" else _seconds(waited)
    state = escape(g["reason"] or g["state"])
    return (
        f'<tr><td class="n">{g["count"]}</td><td class="{g["state"]}">{state}</td>'
        f'<td class="n">{seen}</td><td class="where"><details data-key="{key}"><summary><code>'
        f'{escape(where)}</code> <code class="dim">{escape(source)}</code></summary>'
        f"<pre>{escape(chr(10).join(lines))}</pre></details></td></tr>"
    )


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").rsplit("/", 2)[-2:])


def _seconds(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"

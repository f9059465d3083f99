// The filter of the table of all of Go. Without this script the table is complete, and has no filter.
"use strict";
(() => {
  const table = document.querySelector("table.all-of-go");
  if (!table) {
    return;
  }

  // Brackets and commas separate words, so that make(chan) finds make(chan int), and wg.Add() finds wg.Add(delta).
  const words = (text) => text.toLowerCase().split(/[\s()[\]{},;]+/).filter(Boolean);

  const groups = [];
  for (const element of table.tBodies[0].rows) {
    if (element.classList.contains("group")) {
      groups.push({ element, title: words(element.textContent), rows: [] });
    } else {
      groups.at(-1).rows.push({ element, words: words(element.textContent) });
    }
  }
  const all = groups.reduce((sum, group) => sum + group.rows.length, 0);

  // A short word, as go or os, stands for itself. A longer one may be part of a name: timeout finds WithTimeout.
  const finds = (word, among) => among.some((other) => (word.length < 3 ? other === word : other.includes(word)));

  const form = document.createElement("form");
  form.className = "all-of-go-filter";
  form.setAttribute("role", "search");
  form.innerHTML =
    '<label for="all-of-go-query">Filter</label>' +
    '<input id="all-of-go-query" type="search" autocomplete="off" autocapitalize="off" spellcheck="false"' +
    ' placeholder="WithTimeout, wg.Add, select, &lt;-ch">' +
    '<span role="status"></span>';
  const input = form.querySelector("input");
  const status = form.querySelector("span");

  const filter = () => {
    const wanted = words(input.value);
    let shown = 0;
    for (const group of groups) {
      let some = false;
      for (const row of group.rows) {
        const found = wanted.every((word) => finds(word, row.words) || finds(word, group.title));
        row.element.hidden = !found;
        some ||= found;
        shown += found;
      }
      group.element.hidden = !some;
    }
    status.textContent = wanted.length === 0 ? `${all} rows` : shown === 0 ? "No row" : `${shown} of ${all} rows`;
  };

  const changed = () => {
    filter();
    // The address keeps the filter, for a bookmark or a link.
    const address = new URL(location.href);
    if (input.value) {
      address.searchParams.set("find", input.value);
    } else {
      address.searchParams.delete("find");
    }
    history.replaceState(null, "", address);
  };
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      changed();
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  (table.closest(".table-wrapper") ?? table).before(form);
  input.value = new URLSearchParams(location.search).get("find") ?? "";
  filter();
})();

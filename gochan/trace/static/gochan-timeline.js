// Tells the interactive timelines in this page whether it is dark, also when the reader changes that.

(() => {
  "use strict";

  /** The page is dark if its text is light, whatever its theme calls that. */
  const theme = (element) => {
    const [red, green, blue] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
    return 0.3 * red + 0.6 * green + 0.1 * blue > 127 ? "dark" : "light";
  };

  const start = () => {
    const frames = [...document.querySelectorAll(".gochan-timeline-live iframe")];
    if (!frames.length) return;
    const told = new Map();
    const loaded = new Set();
    const tell = () => {
      for (const frame of frames) {
        const now = theme(frame.parentElement);
        if (told.get(frame) === now) continue;
        told.set(frame, now);
        // A page that is there takes a message. One that is not loaded yet would not hear it.
        if (loaded.has(frame)) frame.contentWindow.postMessage({ gochanTheme: now }, "*");
        else frame.src = `${frame.src.replace(/&theme=\w+$/, "")}&theme=${now}`;
      }
    };
    for (const frame of frames) frame.addEventListener("load", () => loaded.add(frame));
    tell();
    const watch = new MutationObserver(tell);
    for (const element of [document.documentElement, document.body]) watch.observe(element, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

// Keys of the desk: j and k move along the list, o opens, a acts; a page names others with
// `data-desk-key`. Every page works without this.
(() => {
  "use strict";

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  const links = () => [...document.querySelectorAll("[data-desk-row] [data-desk-open]")];

  // Where the file that is open stands in the list. Once treated it may have left the list: what
  // followed it stands in its place then, and is the next.
  const PLACE = "desk-place";
  const openedAt = (all) => all.findIndex((link) => link.hasAttribute("aria-current"));
  const remember = () => {
    const opened = openedAt(links());
    if (opened >= 0) sessionStorage.setItem(PLACE, opened);
  };
  const left = (step) => {
    const place = sessionStorage.getItem(PLACE);
    if (place === null || !document.getElementById("file-title")) return -1;
    return step > 0 ? Number(place) - 1 : Number(place);
  };

  const move = (step) => {
    const all = links();
    if (!all.length) return;
    const focused = all.indexOf(document.activeElement);
    const opened = openedAt(all);
    const from = focused >= 0 ? focused : opened >= 0 ? opened : left(step);
    const next = all[Math.min(Math.max(from + step, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  // What can be done here, one after the other: what waits first, then the acts.
  const act = () => {
    const all = [...document.querySelectorAll("[data-desk-act]")];
    const at = all.indexOf(document.activeElement);
    const opened = document.querySelector("details[open] > [data-desk-act]");
    const next = at < 0 && opened ? opened : all[(at + 1) % all.length];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  // A key of the page itself opens what it names, or follows it.
  const FIELDS = "textarea, select, input:not([type=hidden])";
  const follow = (key) => {
    const named = document.querySelector(`[data-desk-key="${CSS.escape(key)}"]`);
    if (!named) return false;
    if (named.matches("details")) {
      named.open = true;
      (named.querySelector(FIELDS) || named.querySelector("summary")).focus();
    } else {
      named.click();
    }
    return true;
  };

  const read = () => document.getElementById("file-title")?.focus({ preventScroll: true });

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => {
      const link = links().find((each) => each === document.activeElement);
      if (link) link.click();
    },
    a: act,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const action = keys[event.key];
    if (action) action();
    else if (!follow(event.key)) {
      document.dispatchEvent(new CustomEvent("desk:key", { detail: event.key }));
      return;
    }
    event.preventDefault();
  });

  // A file opened beside the list: the list shows which one, and the reading starts at its title.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "file-view") return;
    const opened = new URL(window.location.href).pathname;
    const address = event.detail.pathInfo?.requestPath?.split("?")[0] || opened;
    for (const link of links()) {
      if (new URL(link.href).pathname === address) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const hidden of document.querySelectorAll("#file-view [data-needs-js]")) hidden.hidden = false;
    window.scrollTo({ top: 0 });
    remember();
    read();
  });

  // The same when the whole page came, unless it says itself where to begin.
  remember();
  if (!window.location.hash && !document.querySelector("[autofocus], .error-summary")) read();
})();

// Keys of the desk: j and k move along the list, o opens, a acts. Every page works without this.
(() => {
  "use strict";

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  const links = () => [...document.querySelectorAll("[data-desk-row] [data-desk-open]")];

  const move = (step) => {
    const all = links();
    if (!all.length) return;
    const focused = all.indexOf(document.activeElement);
    const opened = all.findIndex((link) => link.hasAttribute("aria-current"));
    const from = focused >= 0 ? focused : opened;
    const next = all[Math.min(Math.max(from + step, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const act = () => {
    const first = document.querySelector(".acts-pane details[open] summary, .acts-pane summary");
    if (!first) return;
    first.focus();
    first.scrollIntoView({ block: "nearest" });
  };

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
    if (!action) return;
    event.preventDefault();
    action();
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
    document.getElementById("file-title")?.focus({ preventScroll: true });
  });
})();

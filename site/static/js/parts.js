// The parts of a file: n and p go from one to the next, and the one in view is marked in their
// list. Every part is a link of this list: without this, the links lead there.
(() => {
  "use strict";

  // Where the eye is: a line under the list of parts.
  const READING = { rootMargin: "-18% 0px -80% 0px" };
  let observer;

  const links = () => [...document.querySelectorAll(".file-parts a")];
  const titleOf = (link) => document.getElementById(link.hash.slice(1));
  const marked = (link) => link.hasAttribute("aria-current");

  const mark = (section) => {
    for (const link of links()) {
      if (titleOf(link)?.closest("section") === section) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const watch = () => {
    observer?.disconnect();
    observer = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(entry.target);
    }, READING);
    for (const link of links()) {
      const section = titleOf(link)?.closest("section");
      if (section) observer.observe(section);
    }
  };

  const go = (link) => {
    const title = link && titleOf(link);
    if (!title) return;
    title.tabIndex = -1;
    title.scrollIntoView();
    title.focus({ preventScroll: true });
    mark(title.closest("section"));
  };

  const step = (by) => {
    const all = links();
    const read = all.findIndex((link) => titleOf(link) === document.activeElement);
    const from = read >= 0 ? read : all.findIndex(marked);
    go(all[Math.min(Math.max(from + by, 0), all.length - 1)]);
  };

  document.addEventListener("desk:key", (event) => {
    if (event.detail === "n") step(1);
    if (event.detail === "p") step(-1);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".file-parts a");
    if (!link) return;
    event.preventDefault();
    go(link);
  });
  document.addEventListener("htmx:afterSwap", watch);
  watch();
})();

// Saves while one types, and looks at a photo before it is sent. The pages work without it.
(() => {
  "use strict";

  const EVERY = 20000;
  const AFTER_A_CHANGE = 1500;
  const form = document.querySelector("form[data-autosave]");

  const startAutosave = () => {
    const status = form.querySelector("[data-autosave-status]");
    let changed = false;
    let leaving = false;
    let stopped = false;
    let soon = 0;
    let travelling = new AbortController();
    const sentAt = form.querySelector("[name=page_time]");

    const say = (text) => {
      status.textContent = text;
      status.hidden = false;
    };

    const report = (code) => {
      if (code === 204) {
        const now = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
        say(`${status.dataset.saved} ${now}`);
      } else if (code === 401 || code === 403) {
        stopped = true;
        say(status.dataset.signedOut);
      } else if (code === 409) {
        stopped = true;
        say(status.dataset.elsewhere);
      } else if (code === 410) {
        stopped = true;
        say(status.dataset.sent);
      } else {
        changed = true;
        say(status.dataset.offline);
      }
    };

    const save = async () => {
      if (!changed || leaving || stopped) return;
      changed = false;
      travelling = new AbortController();
      sentAt.value = Date.now();
      try {
        const response = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Autosave": "1" },
          redirect: "manual",
          signal: travelling.signal,
        });
        report(response.status);
      } catch {
        if (!leaving) report(0);
      }
    };

    // On a slow phone, people type before this script is there.
    const differs = (field) =>
      field.options
        ? [...field.options].some((option) => option.selected !== option.defaultSelected)
        : field.checked !== field.defaultChecked || field.value !== field.defaultValue;
    if ([...form.querySelectorAll("input:not([type=hidden]):not([type=file]), select, textarea")].some(differs)) {
      changed = true;
      soon = setTimeout(save, AFTER_A_CHANGE);
    }

    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("change", () => {
      clearTimeout(soon);
      soon = setTimeout(save, AFTER_A_CHANGE);
    });
    // What is sent now must win over what was saved a moment ago, whichever arrives first.
    form.addEventListener("submit", () => {
      leaving = true;
      travelling.abort();
      sentAt.value = Date.now() + 1;
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    window.addEventListener("pageshow", () => { leaving = false; });
    setInterval(save, EVERY);
  };

  // A commune was moved: stay on its line. It was added or removed: go on from the search.
  let moved = "";
  const notePressed = (event) => {
    const [verb, insee] = (event.submitter?.value || "").split(":");
    moved = ["up", "down"].includes(verb) ? insee : "";
  };

  const keepPlace = () => {
    if (!document.getElementById("communes-area") || document.activeElement !== document.body) return;
    const line = document.getElementById(`down-${moved}`) || document.getElementById(`up-${moved}`);
    (line || document.getElementById("id_commune_search")).focus();
  };

  document.addEventListener("submit", notePressed, true);
  document.addEventListener("htmx:afterSettle", keepPlace);
  if (form) startAutosave();
})();

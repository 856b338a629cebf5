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

  // Enough pixels to read a card, and enough light: a hint, never a refusal.
  const SMALL = 900;
  const DARK = 60;

  const brightness = (picture) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0, 32, 32);
    const pixels = context.getImageData(0, 0, 32, 32).data;
    let total = 0;
    for (let i = 0; i < pixels.length; i += 4) total += (pixels[i] + pixels[i + 1] + pixels[i + 2]) / 3;
    return total / (pixels.length / 4);
  };

  const lookAtPhoto = (input, box) => {
    const picture = box.querySelector("[data-photo]");
    const says = box.querySelector("[data-photo-says]");
    picture.addEventListener("load", () => {
      const longest = Math.max(picture.naturalWidth, picture.naturalHeight);
      if (longest < SMALL) says.textContent = box.dataset.small;
      else if (brightness(picture) < DARK) says.textContent = box.dataset.dark;
      else says.textContent = box.dataset.good;
      box.hidden = false;
    });
    picture.addEventListener("error", () => { box.hidden = true; });
    input.addEventListener("change", () => {
      box.hidden = true;
      const file = [...input.files].find((each) => each.type.startsWith("image/"));
      if (!file) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => { picture.src = reader.result; });
      reader.readAsDataURL(file);
    });
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
  const box = document.querySelector("[data-photo-check]");
  const input = document.querySelector('input[type="file"]');
  if (box && input) lookAtPhoto(input, box);
})();

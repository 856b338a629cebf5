// Warns two minutes before the session ends, and begins its time again on one press.
(() => {
  "use strict";

  const WARN_BEFORE = 120000;
  const LOOK_EVERY = 5000;
  const dialog = document.querySelector("[data-session-end]");
  if (!dialog) return;

  const says = dialog.querySelector("[data-session-says]");
  const goOn = dialog.querySelector("form[method=post]");
  const warning = says.textContent;
  let closedFor = 0;

  const end = () => Number(/(?:^|; )session_ends=(\d+)/.exec(document.cookie)?.[1] ?? 0) * 1000;

  const look = () => {
    const ends = end();
    if (!ends || closedFor === ends) return;
    const left = ends - Date.now();
    if (left > WARN_BEFORE) {
      if (dialog.open) dialog.close();
      return;
    }
    says.textContent = left > 0 ? warning : dialog.dataset.ended;
    goOn.hidden = left <= 0;
    if (!dialog.open) dialog.showModal();
  };

  const stay = async (event) => {
    event.preventDefault();
    try {
      const response = await fetch(goOn.action, { method: "POST", body: new FormData(goOn), redirect: "manual" });
      if (response.status === 204) dialog.close();
      else says.textContent = dialog.dataset.ended;
    } catch {
      says.textContent = warning;
    }
    delete goOn.dataset.sent;
  };

  dialog.addEventListener("close", () => { if (end() - Date.now() <= WARN_BEFORE) closedFor = end(); });
  goOn.addEventListener("submit", stay);
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_EVERY);
  look();
})();

// Small comforts. Every page works without this file.
(() => {
  "use strict";

  const focusProblems = (root) => {
    const summary = root.querySelector?.(".error-summary");
    if (summary) summary.focus();
  };

  // The phone menu closes on Escape or when the person taps elsewhere.
  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.nav-phone[open]")) {
      if (event.key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (event.type === "click" && !menu.contains(event.target)) {
        menu.open = false;
      }
    }
  };

  // A second press on "send" while the first is travelling must not send twice.
  const holdSecondPress = (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  };

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  const deskKeys = (event) => {
    const help = document.getElementById("keyboard-help");
    if (!help || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") help.showModal();
    if (event.key === "/") {
      const search = document.querySelector("[data-desk-search]");
      event.preventDefault();
      if (search) search.focus();
      else window.location.assign(help.dataset.search);
    }
  };

  // A file too heavy or of a kind nobody can read is said before it is sent.
  const checkFile = (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.dataset.maxBytes) return;
    const hint = document.getElementById(input.dataset.hint);
    if (!hint) return;
    const tooBig = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
    hint.textContent = tooBig ? input.dataset.tooBig : [...input.files].map((file) => file.name).join(", ");
    hint.classList.toggle("is-problem", tooBig);
  };

  const copyText = async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.querySelector("[data-copy-label]") || button;
    said.textContent = button.dataset.copied;
  };

  const printPage = (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  };

  document.addEventListener("click", closeMenus);
  document.addEventListener("click", copyText);
  document.addEventListener("click", printPage);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("keydown", deskKeys);
  document.addEventListener("submit", holdSecondPress);
  document.addEventListener("change", checkFile);
  document.addEventListener("htmx:afterSwap", (event) => focusProblems(event.target));
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  focusProblems(document);
  for (const hidden of document.querySelectorAll("[data-needs-js]")) hidden.hidden = false;
})();

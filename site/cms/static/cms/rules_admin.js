/* The rule editor: the sentence follows what is typed, and the keyboard keeps its place. */
(() => {
  "use strict";

  const WAIT = 400;
  const form = document.querySelector("[data-edit-form]");
  const sentence = document.querySelector("[data-rules-sentence]");

  function follow() {
    let timer = null;
    let asked = 0;

    async function read() {
      const mine = ++asked;
      sentence.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(sentence.dataset.rulesSentence, {
          method: "POST", body: new FormData(form), credentials: "same-origin",
          headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        if (answer.ok && mine === asked) show(await answer.text());
      } catch {
        /* Offline: the button still reads the sentence when the line is back. */
      } finally {
        if (mine === asked) sentence.removeAttribute("aria-busy");
      }
    }

    /* While something is missing, the last whole sentence stays, with what is missing under it. */
    function show(html) {
      const next = document.createElement("div");
      next.innerHTML = html;
      const said = sentence.querySelector("[data-rules-said]");
      const whole = next.querySelector("[data-rules-said]");
      if (!whole && said) {
        said.classList.add("is-old");
        next.prepend(said);
      }
      if (next.innerHTML !== sentence.innerHTML) sentence.replaceChildren(...next.childNodes);
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(read, WAIT);
    }

    for (const kind of ["input", "change"]) form.addEventListener(kind, later);
    new MutationObserver((changes) => {
      const blocks = changes.flatMap((change) => [...change.addedNodes, ...change.removedNodes, change.target]);
      if (blocks.some(isBlock)) later();
    }).observe(form, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-hidden"] });
  }

  function isBlock(node) {
    return node.nodeType === Node.ELEMENT_NODE && node.matches("[data-streamfield-child]");
  }

  /* Wagtail hides the blocks that are removed. */
  function isGone(block) {
    return block.getAttribute("aria-hidden") === "true";
  }

  /* Moving or removing a block takes it out of the page for an instant, and the focus with it. */
  function keepFocus() {
    form.addEventListener("click", (event) => {
      if (event.target.closest(".c-sf-add-button")) setTimeout(enterMenu, WAIT / 8);
      const button = event.target.closest("[data-streamfield-action]");
      if (!button) return;
      const block = button.closest("[data-streamfield-child]");
      const action = button.dataset.streamfieldAction;
      if (action === "DELETE") afterDelete(block);
      else if (action.startsWith("MOVE")) setTimeout(() => afterMove(block, button), 0);
    }, true);
  }

  /* Wagtail opens its menu of blocks and leaves the keyboard outside; on a slow machine, later. */
  function enterMenu(tries = 20) {
    const field = document.querySelector("[data-tippy-root] input");
    field?.focus();
    if (tries && (!field || document.activeElement !== field)) setTimeout(enterMenu, WAIT / 8, tries - 1);
  }

  function afterMove(block, button) {
    const other = [...block.querySelectorAll("[data-streamfield-action^=MOVE]")]
      .find((each) => each.closest("[data-streamfield-child]") === block && !each.disabled);
    (button.disabled ? other : button)?.focus();
    block.scrollIntoView({ block: "nearest" });
  }

  function afterDelete(block) {
    const list = block.parentElement;
    const siblings = [...list.children].filter((each) => isBlock(each) && (each === block || !isGone(each)));
    const at = siblings.indexOf(block);
    const neighbour = siblings[at + 1] || siblings[at - 1];
    setTimeout(() => {
      const target = neighbour?.querySelector("[data-panel-toggle]") || [...list.querySelectorAll(":scope > button, :scope > div > button")].at(-1);
      target?.focus();
    }, 0);
  }

  if (!form) return;
  if (sentence) follow();
  keepFocus();
  document.getElementById("rules-errors")?.focus();
})();

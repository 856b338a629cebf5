/* Choosing among many things with the keyboard: a fact by its name, codes in a list. */
(() => {
  "use strict";

  const SHOWN = 60;
  const MOST_FOUND = 200;
  let known = null;

  /* What the vocabulary offers, written once in the page. */
  function palette() {
    known ??= JSON.parse(document.getElementById("rules-palette").textContent);
    return known;
  }

  const lists = new Map();

  /* A long list by its name, each name followed by its code: [[code, label], …]. */
  function listed(name) {
    if (!lists.has(name)) lists.set(name, made(name));
    return lists.get(name);
  }

  function made(name) {
    const { lists: served, levels } = palette();
    if (name !== "territory" && served[name]) return served[name].map(([code, text]) => [code, `${text} (${code})`]);
    const whole = name === "territory" || name === "area";
    return served.territory
      .map(([key, text]) => [key, text, ...key.split(":")])
      .filter(([, , level]) => (whole ? name === "territory" || level !== "quarter" : level === name))
      .map(([key, text, level, code]) => [whole ? key : code, `${text} (${levels[level]} ${code})`]);
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’']/g, " ").toLowerCase();
  }

  function matches(text, typed) {
    const whole = plain(text);
    return plain(typed).split(/\s+/).every((word) => whole.includes(word));
  }

  function options(choices, value) {
    return choices.map(([code, label]) => {
      const option = element("option", { value: code }, label);
      option.selected = code === value;
      return option;
    });
  }

  /* A list whose items come under headings, searched by typing (ARIA combobox with a listbox). */
  class Chooser {
    constructor({ id, items, value, label, words, onChoose }) {
      this.items = items;
      this.value = value;
      this.onChoose = onChoose;
      this.listId = `${id}-list`;
      this.input = element("input", {
        type: "text", id: `${id}-search`, role: "combobox", autocomplete: "off", spellcheck: "false",
        "aria-label": label, "aria-autocomplete": "list", "aria-expanded": "false",
        "aria-controls": this.listId, placeholder: words || palette().words.search,
      });
      this.list = element("div", { id: this.listId, role: "listbox", "aria-label": label, class: "rules-chooser__list" });
      this.list.hidden = true;
      this.element = element("div", { class: "rules-chooser" }, this.input, this.list);
      this.active = -1;
      this.show();
      this.listen();
    }

    listen() {
      this.input.addEventListener("input", () => this.open(this.input.value));
      this.input.addEventListener("click", () => this.open(""));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const option = event.target.closest("[role=option]");
        if (option) this.choose(option.dataset.code);
      });
    }

    show() {
      const found = this.items.find((item) => item.code === this.value);
      this.input.value = found ? found.label : this.value;
      this.input.title = this.input.value;
    }

    open(typed) {
      this.list.replaceChildren();
      let theme = null;
      let group = null;
      this.found = this.items.filter((item) => matches(`${item.label} ${item.theme}`, typed)).slice(0, MOST_FOUND);
      this.found.forEach((item, index) => {
        if (group === null || item.theme !== theme) {
          theme = item.theme;
          group = element("div", { role: "group", "aria-label": theme || null });
          if (theme) group.append(element("div", { class: "rules-chooser__theme", "aria-hidden": "true" }, theme));
          this.list.append(group);
        }
        group.append(element("div", {
          role: "option", id: `${this.listId}-${index}`, "data-code": item.code,
          "aria-selected": item.code === this.value ? "true" : "false",
        }, item.label));
      });
      if (!this.found.length) {
        this.list.append(element("div", { role: "option", "aria-disabled": "true", class: "rules-chooser__none" }, palette().words.none));
      }
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const current = this.found.findIndex((item) => item.code === this.value);
      this.mark(typed ? 0 : Math.max(current, 0));
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.show();
    }

    mark(index) {
      const all = [...this.list.querySelectorAll("[data-code]")];
      if (!all.length) return;
      this.active = (index + all.length) % all.length;
      all.forEach((option, at) => option.classList.toggle("is-active", at === this.active));
      this.input.setAttribute("aria-activedescendant", all[this.active].id);
      all[this.active].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      const closed = this.list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (closed) this.open("");
        else this.mark(this.active + step);
      } else if (event.key === "Enter") {
        event.preventDefault();
        const found = !closed && this.found[this.active];
        if (found) this.choose(found.code);
      } else if (event.key === "Escape" && !closed) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    }

    choose(code) {
      this.value = code;
      this.close();
      this.onChoose(code);
    }
  }

  /* Codes ticked in a list; what is chosen stays in sight whatever is searched. */
  class CodeList {
    constructor({ name, id, choices, values, label, onChange }) {
      this.name = name;
      this.choices = choices;
      this.chosen = new Set(values);
      this.onChange = onChange;
      this.id = id;
      this.list = element("div", { class: "rules-codes__list" });
      this.element = element("div", { class: "rules-codes", role: "group", "aria-label": label });
      if (choices.length > 12) {
        this.search = element("input", { type: "text", "aria-label": palette().words.filter, placeholder: palette().words.filter, autocomplete: "off" });
        this.search.addEventListener("input", (event) => {
          event.stopPropagation();
          this.fill();
        });
        this.search.addEventListener("keydown", (event) => {
          if (event.key === "Enter") event.preventDefault();
        });
        this.element.append(this.search);
      }
      this.element.append(this.list);
      this.list.addEventListener("change", (event) => {
        if (event.target.checked) this.chosen.add(event.target.value);
        else this.chosen.delete(event.target.value);
        this.onChange();
      });
      this.fill();
    }

    fill() {
      const typed = this.search ? this.search.value : "";
      const labels = new Map(this.choices);
      const strangers = [...this.chosen].filter((code) => !labels.has(code)).map((code) => [code, code]);
      const long = this.choices.length > SHOWN;
      const chosen = this.choices.filter(([code]) => this.chosen.has(code));
      const others = this.choices
        .filter(([code, label]) => !this.chosen.has(code) && matches(label, typed))
        .slice(0, SHOWN);
      const inOrder = this.choices.filter(([code, label]) => this.chosen.has(code) || matches(label, typed));
      const shown = [...strangers, ...(long ? [...chosen, ...others] : inOrder)];
      this.list.replaceChildren(...shown.map(([code, label], index) => this.box(code, label, index)));
    }

    box(code, label, index) {
      const input = element("input", { type: "checkbox", name: `${this.name}-value`, value: code, id: `${this.id}-code-${index}` });
      input.checked = this.chosen.has(code);
      return element("label", { for: input.id, class: "rules-codes__code" }, input, label);
    }
  }

  window.rulesEditor = { palette, element, listed, options, Chooser, CodeList, SHOWN };
})();

/* One comparison: a fact, how it is compared, with what. Only what fits the fact is offered. */
(() => {
  "use strict";

  const { palette, element, listed, options, Chooser, CodeList, SHOWN } = window.rulesEditor;
  const WRITTEN = "written";

  class Comparison {
    constructor(root, name, id, state, settings, attributes) {
      const { compares, about } = settings;
      this.settings = settings;
      this.root = root;
      this.name = name;
      this.id = id;
      this.compares = compares;
      this.hidden = root.querySelector(`[name="${name}-fact"]`);
      this.facts = palette().facts.filter(
        (fact) => about === "everything" || (fact.principal === (about === "principal")
          && (about !== "sets" || fact.type === "code_set")),
      );
      this.mayBeUnknown = about !== "sets";
      this.idForLabel = "";
      this.described = attributes["aria-describedby"];
      this.setState(state);
    }

    get words() {
      return palette().words;
    }

    setState(state) {
      this.state = { fact: "", op: "", source: WRITTEN, value: "", ...(state || {}) };
      this.draw();
    }

    getState() {
      return { ...this.state };
    }

    getValue() {
      return this.getState();
    }

    /* Redraw everything that depends on the fact; the chooser itself stays, and keeps the focus. */
    draw() {
      this.hidden.value = this.state.fact;
      if (!this.chooser) {
        this.chooser = new Chooser({
          id: this.id, items: this.facts, value: this.state.fact, label: this.words.fact,
          onChoose: (code) => this.chooseFact(code),
        });
        if (this.described) this.chooser.input.setAttribute("aria-describedby", this.described);
        this.rest = element("div", { class: "rules-comparison__rest" });
        this.root.append(this.chooser.element, this.rest);
      } else {
        this.chooser.value = this.state.fact;
        this.chooser.show();
      }
      this.rest.replaceChildren(...this.parts());
    }

    fact() {
      return palette().facts.find((fact) => fact.code === this.state.fact);
    }

    /* [operator, type of what it is compared with ("" for nothing), unit] */
    operators() {
      const fact = this.fact();
      return fact ? palette().types[fact.type] : [];
    }

    wanted() {
      const fact = this.fact();
      if (!fact) return ["", ""];
      if (!this.compares) return [fact.type, fact.unit];
      const found = this.operators().find(([operator]) => operator === this.state.op);
      return found ? [found[1], found[2] || (found[1] === fact.type ? fact.unit : "")] : ["", ""];
    }

    parts() {
      if (!this.fact()) return [];
      const [wanted, unit] = this.wanted();
      const parts = [];
      if (this.compares) parts.push(this.operatorSelect());
      const sources = wanted ? this.sources(wanted) : [];
      const source = sources.length > 1 ? [this.sourceSelect(sources)] : [];
      if (this.compares) parts.push(...source);
      if (wanted && this.state.source === WRITTEN) parts.push(this.written(wanted, unit));
      if (wanted && this.state.source === "ref") parts.push(this.reference(wanted));
      if (wanted && this.state.source === "number") parts.push(this.computed());
      return this.compares ? parts : [...parts, ...source];
    }

    operatorSelect() {
      const names = palette().operators;
      const choices = this.operators().map(([operator]) => [operator, names[operator]]);
      return this.select("op", this.words.operator, choices, this.state.op, (value) => this.chooseOperator(value));
    }

    sources(wanted) {
      const sources = [[WRITTEN, this.words.written]];
      if (!this.compares) return this.mayBeUnknown ? [...sources, ["unknown", this.words.unknown]] : sources;
      if (this.state.source === "number") sources.push(["number", this.words.number]);
      return this.references(wanted).length ? [...sources, ["ref", this.words.ref]] : sources;
    }

    sourceSelect(sources) {
      return this.select("source", this.words.source, sources, this.state.source, (value) => {
        this.change({ source: value, value: "" });
      });
    }

    /* A number computed on the row: kept as the module has it. */
    computed() {
      const field = element("input", { type: "hidden", name: `${this.name}-value`, value: this.state.value });
      return element("span", { class: "rules-comparison__kept" }, field, this.words.kept);
    }

    /* The facts of the right type; a code is compared with codes of the same list. */
    references(wanted) {
      const codes = palette().references[wanted] || [];
      const list = this.fact().choices.map(([code]) => code).join();
      return palette().facts.filter(
        (fact) => codes.includes(fact.code) && fact.code !== this.state.fact
          && fact.listed === this.fact().listed && fact.choices.map(([code]) => code).join() === list,
      );
    }

    reference(wanted) {
      const choices = this.references(wanted).map((fact) => [fact.code, fact.label]);
      return this.select("value", this.words.value, [["", this.words.choose], ...choices], this.state.value,
        (value) => this.keep({ value }));
    }

    written(wanted, unit) {
      const input = palette().inputs[wanted];
      const choices = this.choices(wanted);
      if (input === "codes") return this.codes(choices);
      if (input === "yesno") {
        const answers = [["", this.words.choose], ["yes", this.words.yes], ["no", this.words.no]];
        return this.select("value", this.words.value, answers, this.state.value, (value) => this.keep({ value }));
      }
      if (input === "code" && choices.length > SHOWN) return this.searched(choices);
      if (input === "code" && choices.length) {
        return this.select("value", this.words.value, [["", this.words.choose], ...choices], this.state.value,
          (value) => this.keep({ value }));
      }
      return this.typed(input, unit);
    }

    /* The codes with their names: those of the fact, or a long list served with the page. */
    choices(wanted) {
      const fact = this.fact();
      if (wanted === "territory_set") return listed(fact.areas);
      return fact.listed ? listed(fact.listed) : fact.choices;
    }

    /* One code of a long list, found by typing a part of its name. */
    searched(choices) {
      const field = element("input", { type: "hidden", name: `${this.name}-value`, value: this.state.value });
      const chooser = new Chooser({
        id: `${this.id}-value`, value: this.state.value, label: this.words.value, words: this.words.filter,
        items: choices.map(([code, label]) => ({ code, label, theme: "" })),
        onChoose: (value) => {
          this.keep({ value });
          field.value = value;
          field.dispatchEvent(new Event("change", { bubbles: true }));
        },
      });
      return element("div", { class: "rules-comparison__part" }, field, chooser.element);
    }

    typed(input, unit) {
      const field = element("input", {
        type: input === "date" ? "date" : "text", name: `${this.name}-value`, id: `${this.id}-value`,
        "aria-label": this.words.value, inputmode: ["whole", "number"].includes(input) ? "decimal" : null,
        class: `rules-typed rules-typed--${input}`, autocomplete: "off",
      });
      field.value = this.state.value;
      field.addEventListener("input", () => {
        this.state.value = field.value;
      });
      const parts = unit ? [field, element("span", { class: "rules-unit" }, unit)] : [field];
      return element("span", { class: "rules-comparison__part" }, ...parts);
    }

    codes(choices) {
      const values = Array.isArray(this.state.value) ? this.state.value : [this.state.value].filter(Boolean);
      if (!choices.length) {
        this.state.value = values.join(", ");
        const typed = this.typed("text", "");
        typed.firstChild.setAttribute("aria-label", this.words.codes);
        typed.firstChild.setAttribute("placeholder", this.words.codes);
        return typed;
      }
      const several = element("input", { type: "hidden", name: `${this.name}-several`, value: "1" });
      const list = new CodeList({
        name: this.name, id: this.id, choices, values, label: this.words.value,
        onChange: () => {
          this.state.value = [...list.chosen];
        },
      });
      return element("div", { class: "rules-comparison__codes" }, several, list.element);
    }

    select(part, label, choices, value, onChange) {
      const known = choices.some(([code]) => code === value);
      const all = known ? choices : [[value, value], ...choices];
      const select = element("select", { name: `${this.name}-${part}`, id: `${this.id}-${part}`, "aria-label": label }, ...options(all, value));
      select.addEventListener("change", () => onChange(select.value));
      return element("span", { class: "rules-comparison__part" }, select);
    }

    chooseFact(code) {
      const before = this.fact();
      this.state.fact = code;
      const same = before && this.fact() && before.type === this.fact().type;
      const names = this.operators().map(([operator]) => operator);
      const op = names.includes(this.state.op) ? this.state.op : names[0] || "";
      this.change({ op, ...(same && !this.fact().choices.length && !this.fact().listed ? {} : { source: WRITTEN, value: "" }) });
      this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }

    chooseOperator(op) {
      const [before] = this.wanted();
      this.state.op = op;
      const [after] = this.wanted();
      this.change(before === after ? {} : { source: WRITTEN, value: "" });
      this.rest.querySelector(`[name="${this.name}-op"]`).focus();
    }

    /* What changes the fields to show. */
    change(values) {
      const focused = document.activeElement && document.activeElement.id;
      Object.assign(this.state, values);
      this.draw();
      if (focused && this.root.contains(document.getElementById(focused))) document.getElementById(focused).focus();
    }

    /* What changes nothing but the value. */
    keep(values) {
      Object.assign(this.state, values);
    }

    setInvalid(invalid) {
      this.chooser.input.setAttribute("aria-invalid", invalid ? "true" : "false");
    }

    getTextLabel() {
      const fact = this.fact();
      if (!fact) return "";
      return this.compares ? `${fact.label} – ${palette().operators[this.state.op] || ""}` : fact.label;
    }

    focus() {
      this.chooser.input.focus();
    }
  }

  class ComparisonDefinition {
    constructor(html, settings) {
      this.html = html;
      this.settings = settings;
    }

    render(placeholder, name, id, state, _capabilities, { attributes = {} } = {}) {
      const holder = document.createElement("div");
      holder.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
      const root = holder.firstElementChild;
      placeholder.replaceWith(root);
      return this.made(root, name, id, state, this.settings, attributes);
    }

    made(...given) {
      return new Comparison(...given);
    }
  }

  Object.assign(window.rulesEditor, { Comparison, ComparisonDefinition });

  window.telepath.register("rules.Comparison", ComparisonDefinition);
})();

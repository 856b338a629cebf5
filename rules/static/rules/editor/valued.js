/* The value of what another field chooses: the codes of that fact by name, yes or no, a figure. */
(() => {
  "use strict";

  const { palette, element, Comparison, ComparisonDefinition } = window.rulesEditor;

  class ValueOf extends Comparison {
    get words() {
      return { ...palette().words, value: this.settings.label || palette().words.value };
    }

    /* The nearest field of that name around this one. */
    other() {
      for (let stem = this.name; stem.includes("-");) {
        stem = stem.slice(0, stem.lastIndexOf("-"));
        const found = document.querySelector(`[name="${stem}-${this.settings.of}"]`);
        if (found) return found;
      }
      return null;
    }

    fact() {
      const other = this.other();
      return (this.settings.items || palette().facts).find((fact) => other && fact.code === other.value);
    }

    draw() {
      if (!this.rest) {
        this.rest = element("div", { class: "rules-comparison__rest" });
        this.root.append(this.rest);
        this.follow();
      }
      this.state.fact = this.fact() ? this.fact().code : "";
      this.hidden.value = this.state.fact;
      this.rest.replaceChildren(...this.parts());
    }

    /* What may be filled in changes with the fact; what was filled in stays until it is changed. */
    follow() {
      const changed = (event) => {
        if (!this.root.isConnected) document.removeEventListener("change", changed);
        else if (event.target === this.other()) this.draw();
      };
      document.addEventListener("change", changed);
    }

    parts() {
      const fact = this.fact();
      const part = fact && fact.type ? this.written(fact.type, fact.unit) : this.typed("text", "");
      for (const field of part.querySelectorAll(`[name="${this.name}-value"]`)) {
        if (this.described) field.setAttribute("aria-describedby", this.described);
      }
      return [part];
    }

    fields() {
      return this.rest.querySelectorAll("input, select");
    }

    setInvalid(invalid) {
      for (const field of this.fields()) field.setAttribute("aria-invalid", invalid ? "true" : "false");
    }

    getTextLabel() {
      const fact = this.fact();
      const value = [this.state.value].flat();
      const names = new Map(fact && fact.type ? this.choices(fact.type) : []);
      return value.map((code) => names.get(code) || code).join(", ");
    }

    focus() {
      if (this.fields().length) this.fields()[0].focus();
    }
  }

  class ValueOfDefinition extends ComparisonDefinition {
    made(...given) {
      return new ValueOf(...given);
    }
  }

  window.telepath.register("rules.ValueOf", ValueOfDefinition);
})();

/* The whole rule: a block of Wagtail's that is never folded away, under the name its page expects. */
(() => {
  "use strict";

  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  class RuleDefinition {
    constructor(name, children, meta) {
      /* A plain definition: Wagtail labels the blocks inside one of its own kind only once. */
      const definition = new StructBlockDefinition(name, children, meta);
      const render = definition.render.bind(definition);
      definition.collapsible = false;
      /* Faults are shown once every part is there: blocks that are shown with them open parts not yet made. */
      definition.render = (placeholder, prefix, state, faults, ...rest) => {
        const block = render(placeholder, prefix, state, undefined, ...rest);
        block.element = block.container[0];
        if (faults) block.setError(faults);
        return block;
      };
      return definition;
    }
  }

  window.telepath.register("rules.Rule", RuleDefinition);
})();

/* The whole rule: a block of Wagtail's that is never folded away, under the name its page expects. */
(() => {
  "use strict";

  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  class RuleDefinition extends StructBlockDefinition {
    render(placeholder, prefix, state, error) {
      this.collapsible = false;
      const block = super.render(placeholder, prefix, state, error);
      block.element = block.container[0];
      return block;
    }
  }

  window.telepath.register("rules.Rule", RuleDefinition);
})();

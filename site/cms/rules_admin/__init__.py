"""The rule editor of the editing space: modules, their rules as blocks, their review."""

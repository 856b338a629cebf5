"""A StreamField whose blocks stay out of the migrations."""

from typing import Any

from wagtail.fields import StreamField


class ContentField(StreamField):
    """Page content made of blocks.

    The column is JSON whatever the blocks are, so adding or renaming a block changes no table and
    needs no migration.
    """

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        super().__init__(block_types or [], **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Describe the column only."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs

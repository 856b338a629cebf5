"""What an editor puts on a page, named as an editor would name it."""

from .body import BodyBlock, FigureStreamBlock, LinkedPagesBlock, StepStreamBlock
from .questions import QuestionGroupsBlock

__all__ = [
    "BodyBlock",
    "FigureStreamBlock",
    "LinkedPagesBlock",
    "QuestionGroupsBlock",
    "StepStreamBlock",
]

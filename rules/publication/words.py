"""The names of actions, data and stages, as the charter and the screens print them."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rules.formatting import listed
from rules.kinds.documents import FileKind, Mark, Provider, Stage
from rules.kinds.fields import FieldSet, Level
from rules.kinds.questions import QuestionType
from rules.kinds.rights import Action

ACTIONS: Mapping[Action, Promise] = {
    Action.LIST: gettext_lazy("see demands in the list"),
    Action.VIEW: gettext_lazy("open a file"),
    Action.VIEW_DOCUMENT: gettext_lazy("open its documents"),
    Action.VERIFY_DOCUMENT: gettext_lazy("verify its documents"),
    Action.RECORD_ACT: gettext_lazy("record acts"),
    Action.EXPORT: gettext_lazy("export"),
    Action.STATISTICS: gettext_lazy("see statistics"),
    Action.RENEW: gettext_lazy("renew the demand"),
    Action.EDIT: gettext_lazy("correct the demand"),
    Action.ANSWER: gettext_lazy("send documents and answer requests to correct"),
    Action.MODIFY: gettext_lazy("change the declaration"),
    Action.WITHDRAW: gettext_lazy("withdraw the demand"),
    Action.CONCLUDE: gettext_lazy("end the demand at the lease, or as inadmissible"),
    Action.LAPSE: gettext_lazy("end a demand that was not renewed"),
}

FIELD_SETS: Mapping[FieldSet, Promise] = {
    FieldSet.IDENTITY: pgettext_lazy("group of data", "identity"),
    FieldSet.CONTACT: pgettext_lazy("group of data", "contact details"),
    FieldSet.HOUSEHOLD: pgettext_lazy("group of data", "household situation"),
    FieldSet.RESOURCES: pgettext_lazy("group of data", "resources"),
    FieldSet.HEALTH: pgettext_lazy("group of data", "disability needs"),
    FieldSet.WISHES: pgettext_lazy("group of data", "wished home"),
    FieldSet.DOCUMENTS: pgettext_lazy("group of data", "documents"),
    FieldSet.NOTES: pgettext_lazy("group of data", "agents’ notes"),
    FieldSet.SCORE: pgettext_lazy("group of data", "score"),
}

LEVELS: Mapping[Level, Promise] = {
    Level.WRITE: gettext_lazy("read and changed: {data}"),
    Level.READ: gettext_lazy("read: {data}"),
    Level.MASKED: gettext_lazy("shown without detail: {data}"),
    Level.NONE: gettext_lazy("not shown: {data}"),
}

STAGES: Mapping[Stage, Promise] = {
    Stage.REGISTRATION: gettext_lazy("To register the demand; no other paper may be required."),
    Stage.INSTRUCTION: gettext_lazy("When the demand is examined, from everybody."),
    Stage.COMPLEMENT: gettext_lazy("When the demand is examined, if the situation calls for it."),
}

MARKS: Mapping[Mark, Promise] = {
    Mark.UNUSABLE: gettext_lazy("It cannot be used"),
    Mark.UNLISTED: gettext_lazy("It is none of the list"),
}

FILES: Mapping[FileKind, Promise] = {
    FileKind.IDENTITY: gettext_lazy("Identity or residence document"),
    FileKind.FAMILY: gettext_lazy("Family situation"),
    FileKind.TAX_NOTICE: gettext_lazy("Tax notice"),
    FileKind.INCOME: gettext_lazy("Monthly income"),
    FileKind.HOUSING: gettext_lazy("Current housing"),
    FileKind.REASON: gettext_lazy("Reason for the demand"),
}

PROVIDERS: Mapping[Provider, Promise] = {
    Provider.APPLICANT: gettext_lazy("From the applicant."),
    Provider.EACH_ADULT: gettext_lazy("From each adult of the household."),
    Provider.EACH_TAX_HOUSEHOLD: gettext_lazy(
        "From each tax household: one for spouses or civil partners on the same notice."
    ),
    Provider.PERSON_CONCERNED: gettext_lazy("From the person of the household concerned."),
}

ANSWERS: Mapping[QuestionType, Promise] = {
    QuestionType.BOOLEAN: gettext_lazy("Yes or no"),
    QuestionType.INTEGER: gettext_lazy("A whole number"),
    QuestionType.DECIMAL: gettext_lazy("A number"),
    QuestionType.MONEY_MONTH: gettext_lazy("An amount per month"),
    QuestionType.MONEY_YEAR: gettext_lazy("An amount per year"),
    QuestionType.DATE: gettext_lazy("A date"),
    QuestionType.TEXT: gettext_lazy("A few words, which no rule uses"),
}


def actions_text(actions: Iterable[Action]) -> str:
    """What may be done, or is refused, as one sentence."""
    chosen = set(actions)
    names = [str(name) for action, name in ACTIONS.items() if action in chosen]
    return f"{capfirst(listed(names, every=True))}."


def fields_text(fields: Mapping[FieldSet, Level]) -> str:
    """How much this rule discloses of each group of data that it names, as one sentence."""
    clauses = []
    for level, wording in LEVELS.items():
        names = [str(FIELD_SETS[name]) for name, given in fields.items() if given is level]
        if names:
            clauses.append(str(wording).format(data=listed(names, every=True)))
    return f"{capfirst(_('; ').join(clauses))}."


def stage_text(stage: Stage) -> str:
    """When a paper may be asked for."""
    return str(STAGES[stage])

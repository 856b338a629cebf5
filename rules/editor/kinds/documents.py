"""Papers as a form: which, when, from whom, why."""

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, chapter
from rules.editor.facts import Facts
from rules.editor.structure import Conditions, Repeated
from rules.editor.texts import Bilingual, Line, code
from rules.kinds.documents import FileKind, Provider, Stage
from rules.publication.words import FIELD_SETS, STAGES

from .sections import Section

_STAGES = tuple((stage.value, STAGES[stage]) for stage in Stage)
_PROVIDERS = (
    (Provider.APPLICANT.value, _("the applicant")),
    (Provider.EACH_ADULT.value, _("each adult to house")),
    (Provider.PERSON_CONCERNED.value, _("the person concerned")),
)
_KINDS = (
    (FileKind.IDENTITY.value, _("identity")),
    (FileKind.FAMILY.value, _("family")),
    (FileKind.TAX_NOTICE.value, _("tax notice")),
    (FileKind.INCOME.value, _("income")),
    (FileKind.HOUSING.value, _("current home")),
    (FileKind.REASON.value, _("reason of the demand")),
)

SECTIONS = (
    Section(
        key="documents",
        title=_("Papers"),
        one=_("a paper"),
        fields=(
            code(),
            Choice(key="stage", label=_("When"), choices=_STAGES),
            Choice(key="from", label=_("From whom"), choices=_PROVIDERS, optional=True),
            Choice(key="kind", label=_("Kept in the file under"), choices=_KINDS, optional=True),
            Bilingual(key="title", label=_("Title")),
            Bilingual(key="explanation", label=_("Explanation"), long=True),
            Line(key="legal_basis", label=_("Legal basis")),
            Conditions(
                key="when",
                label=_("In which situation"),
                help=_("No condition: asked of everybody."),
                optional=True,
            ),
            Choice(
                key="tells",
                label=_("What asking for it tells"),
                help=_("Only those who read these data are offered this paper."),
                choices=tuple((name.value, label) for name, label in FIELD_SETS.items()),
                optional=True,
            ),
            Repeated(
                key="accepted",
                label=_("Accepted papers"),
                of=Bilingual(key="paper", label=_("Paper")),
            ),
            chapter(),
        ),
    ),
)
CASES = Section(
    key="tests",
    title=_("Test cases"),
    one=_("a test case"),
    fields=(
        Line(key="name", label=_("What is tried")),
        Choice(key="stage", label=_("Every paper of that moment"), choices=_STAGES, optional=True),
        Facts(
            key="row",
            label=_("Or the papers that this demand calls for"),
            row_only=True,
            optional=True,
        ),
        Line(
            key="expect",
            label=_("What must come out"),
            help=_("Codes of papers, in the order of the list: “identity, tax_notice”."),
            keeps_empty=True,
        ),
    ),
)

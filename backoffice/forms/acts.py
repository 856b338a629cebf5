"""The acts an agent records on a demand, one form each, in the order of the panel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.act import ActForm, choice_field, day_field, text_field
from backoffice.forms.asked import AskedForm
from backoffice.forms.communes import CommuneInput, one_commune
from backoffice.forms.corrections import AskCorrectionForm, CloseCorrectionForm
from backoffice.forms.events import (
    DeathForm,
    OtherDepartmentForm,
    SeparationForm,
    TakeBackDeathForm,
    TransferForm,
)
from backoffice.forms.life import (
    InadmissibleForm,
    LeaseForm,
    RenewForm,
    ResumeForm,
    UnansweredForm,
    WarningForm,
    WithdrawForm,
)
from backoffice.forms.papers import ListedPaperField, by_stage
from backoffice.forms.safe_way import SafeWayForm
from backoffice.forms.words import ReadAgain, Words
from register import access, codes, papers
from register.models import Demand, Event, EventKind, MessageTemplate
from register.principals import Principal
from register.selectors import notes
from register.selectors.templates import templates_of
from register.selectors.to_take_up import words_for
from register.services import acts, labels, messages

# What a counter scanned as it is proves nothing of what is declared.
_PROVING = [kind for kind in codes.DocumentKind.choices if kind[0] not in codes.SCANNED_KINDS]


class RequestPieceForm(ActForm):
    """A paper of the limitative list (CCH R441-2-4-1)."""

    code, icon = "piece", "paperclip"
    title, button = _("Ask for a document"), _("Ask for this document")
    done = _("The document was asked for.")
    tells = EventKind.PIECE_REQUESTED
    service = staticmethod(acts.request_piece)

    piece = ListedPaperField(
        label=_("Which document"),
        error_messages={"required": _("Choose an answer of the list.")},
    )
    text = text_field(
        _("A word for the applicant"), _("What is wrong or unclear, simply."), required=False
    )

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """The list is that of the people to be housed: an association is asked for none."""
        return not demand.is_association

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """The papers that may be asked of this applicant, by stage of the list."""
        field: Any = self.fields["piece"]
        field.choices = by_stage(papers.requestable(principal, demand))
        return self


class ContactForm(AskedForm):
    """A contact that took place."""

    code, icon, key = "contact", "telephone", "c"
    title, button = _("Record a contact"), _("Record this contact")
    done = _("The contact was recorded.")
    service = staticmethod(acts.record_contact)

    channel = choice_field(_("How"), codes.ContactChannel, _("Choose a way"))
    text = text_field(_("What was said"), _("Facts only: the applicant can read it."))


class MessageForm(ActForm):
    """A message the applicant reads in her space."""

    code, icon, key = "message", "send", "m"
    title, button = _("Write to the applicant"), _("Send the message")
    done = _("The message was sent.")
    tells = EventKind.MESSAGE_SENT

    body = text_field(_("Your message"), _("It is signed with the name of your organisation."))
    templates: list[MessageTemplate] = []

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """With the texts of her organisation, one of which may be chosen to start from."""
        self.templates = templates_of(principal)
        return self

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """A message depends on no state of the demand: it is sent whatever happened meanwhile."""
        body = self.cleaned_data["body"]
        return acts.send_message(principal=principal, demand=demand, body=body)


class NothingToAnswerForm(ActForm):
    """What the applicant wrote calls for no answer."""

    code, icon = "no-answer", "check-circle"
    title, button = _("Nothing to answer"), _("It needs no answer")
    done = _("What the applicant wrote waits no more.")
    hint = _("What she wrote leaves the list of what waits. She is told nothing.")
    service = staticmethod(messages.leave_unanswered)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """While words of the applicant wait for this organisation."""
        return bool(words_for(principal, demand))


class ProposeForm(ActForm):
    """A candidacy for one home (CCH R441-3)."""

    code, icon, move = "candidate", "house-door", "propose_candidate"
    title, button = _("Propose for a home"), _("Propose this applicant")
    done = _("The candidacy was recorded.")
    tells = EventKind.CANDIDATE_PROPOSED
    service = staticmethod(acts.propose_candidate)

    home_type = choice_field(_("Size of the home"), codes.HomeType, _("Choose a size"))
    commune = forms.CharField(
        label=_("Commune of the home"),
        max_length=100,
        widget=CommuneInput,
        error_messages={"required": _("Give the commune of the home.")},
    )
    residence = forms.CharField(
        label=_("Residence or street"),
        help_text=_("As the applicant will read it."),
        max_length=150,
        required=False,
    )

    def clean_commune(self) -> str:
        """INSEE code of the one commune that is meant."""
        return one_commune(self.cleaned_data["commune"])


class RefuseForm(ActForm):
    """A home not allocated, for a legal reason told to the applicant (CCH L441-2-2)."""

    code, icon, move = "refusal", "x-circle-fill", "refuse_candidate"
    title, button = _("Record that the home was not allocated"), _("Record the decision")
    done = _("The decision was recorded.")
    tells = EventKind.CANDIDATE_REFUSED
    service = staticmethod(acts.refuse_candidate)

    reason = choice_field(_("Legal reason"), codes.RefusalReason, _("Choose a reason"))
    text = text_field(
        _("Explanation for the applicant"),
        _("In simple words: what led to this decision, and what may help next time."),
    )


class DeclineForm(ActForm):
    """A home that the applicant did not take (CCH R441-10)."""

    code, icon, move = "declined", "house", "decline_offer"
    title, button = _("Record that the applicant declined"), _("Record the applicant’s answer")
    done = _("The answer was recorded.")
    tells = EventKind.OFFER_DECLINED
    service = staticmethod(acts.decline_offer)

    reason = choice_field(_("Applicant’s reason"), codes.DeclineReason, _("Choose a reason"))
    text = text_field(_("What the applicant said"), required=False)


class PriorityForm(ActForm):
    """The answer of a person or body about a priority (CCH L441-1, R441-2-15)."""

    code, icon = "priority", "star"
    title, button = _("Answer about a priority"), _("Record the answer")
    done = _("The answer was recorded. The applicant reads it in her space.")
    service = staticmethod(labels.answer_priority)

    label = choice_field(_("Which priority"), codes.PriorityLabel, _("Choose a priority"))
    decision = choice_field(_("Answer"), codes.LabelDecision, _("Choose an answer"))
    body = forms.ChoiceField(
        label=_("In the name of"),
        required=False,
        choices=[("", _("My organisation, as usual")), *codes.RecognisingBody.choices],
    )
    paper = forms.ChoiceField(
        label=_("Document of the file that proves it"),
        required=False,
        choices=[("", _("None")), *_PROVING],
    )
    ground = Words(
        label=_("Ground"),
        help_text=_("Required when the priority is not recognised: the applicant reads it."),
        required=False,
        max_length=200,
    )
    valid_to = day_field(
        _("Until"), required=False, help_text=_("Empty: as long as the rules say.")
    )

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """Priorities are of people, never of an association."""
        return not demand.is_association

    def suit(self, principal: Principal, demand: Demand) -> "ActForm":
        """Priorities that tell of health or violence are named to those who may read of them."""
        field: Any = self.fields["label"]
        if not access.fields(principal, demand).can_read("health"):
            field.choices = [
                (code, name) for code, name in field.choices if code not in codes.SENSITIVE_LABELS
            ]
        return self

    def said(self, principal: Principal, demand: Demand) -> str:
        """A refusal is told by whatever way there is, a recognition by e-mail."""
        self.tells = labels.EVENTS[codes.LabelDecision(self.cleaned_data["decision"])]
        return super().said(principal, demand)


class NoteForm(ActForm):
    """A note between agents."""

    code, icon, writes = "note", "journal-text", "notes"
    title, button = _("Internal note"), _("Keep this note")
    done = _("The note was kept.")
    service = staticmethod(acts.add_note)

    text = text_field(
        _("Note"),
        _("Objective and useful: the person may ask to read everything kept about her."),
    )
    to = forms.ChoiceField(
        label=_("Who reads it"),
        help_text=_("An answer is read by those who read the note that it answers."),
        required=False,
    )

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """Everybody, her own body, another one, or those who read an earlier note."""
        field: Any = self.fields["to"]
        field.choices = [
            (notes.EVERYBODY, _("All who read the notes of this file")),
            (notes.US, _("My organisation alone")),
            (_("My organisation and another"), notes.readers(principal)),
        ]
        if earlier := notes.answerable(principal, demand):
            field.choices += [(_("In answer to"), earlier)]
        return self


ACTS: dict[str, type[ActForm]] = {
    form.code: form
    for form in (
        RequestPieceForm,
        ContactForm,
        MessageForm,
        NothingToAnswerForm,
        AskCorrectionForm,
        CloseCorrectionForm,
        ProposeForm,
        RefuseForm,
        DeclineForm,
        PriorityForm,
        NoteForm,
        RenewForm,
        ResumeForm,
        LeaseForm,
        WarningForm,
        UnansweredForm,
        InadmissibleForm,
        WithdrawForm,
        SafeWayForm,
        SeparationForm,
        TransferForm,
        OtherDepartmentForm,
        DeathForm,
        TakeBackDeathForm,
    )
}


class ShareForm(ReadAgain):
    """An exceptional share of one file with one organisation, or with one of its agents."""

    organisation = forms.ModelChoiceField(
        label=_("Share with"),
        queryset=None,
        empty_label=_("Choose an organisation"),
        error_messages={"required": _("Choose an organisation.")},
    )
    recipient_email = forms.EmailField(
        label=_("With one agent only"),
        help_text=_("The professional address of the agent. Empty: all agents who read files."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = Words(
        label=_("Reason"),
        help_text=_("The applicant reads it."),
        max_length=300,
        error_messages={"required": _("Say why the file is shared.")},
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"))

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="share_%s", **kwargs)
        self.fields["organisation"].queryset = organisations

    def clean(self) -> dict[str, Any]:
        """A share cannot end before it starts."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("A share cannot end before it starts."))
        return data

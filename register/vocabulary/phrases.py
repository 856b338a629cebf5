"""How rules speak of the register's facts, where the general wording would be clumsy."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PHRASES: Mapping[str, Mapping[str, Promise]] = {
    "principal.kind": {
        "is:membership": _("the person acts for an organisation"),
        "is_not:membership": _("the person does not act for an organisation"),
        "is:applicant": _("the person acts as an applicant or as a helper"),
        "is_not:applicant": _("the person acts neither as an applicant nor as a helper"),
        "is:system": _("the register itself acts"),
        "is_not:system": _("somebody other than the register itself acts"),
    },
    "membership.role": {
        "is": _("the person has the role {value}"),
        "is_not": _("the person does not have the role {value}"),
        "in": _("the person has one of these roles: {value}"),
        "not_in": _("the person has none of these roles: {value}"),
    },
    "organisation.kind": {
        "is:landlord": _("the organisation is a social landlord"),
        "is:state": _("the organisation is a State service"),
        "is:commune": _("the organisation is a commune"),
        "is:epci": _("the organisation is an intercommunality"),
        "is:department": _("the organisation is a department council"),
        "is:manager": _("the organisation is the manager of the shared file"),
        "is_not:manager": _("the organisation is not the manager of the shared file"),
        "in": _("the organisation is of one of these kinds: {value}"),
        "not_in": _("the organisation is of none of these kinds: {value}"),
    },
    "organisation.is_counter": {"no": _("the organisation is not a counter")},
    "demand.departments": {
        "overlaps": _("the demand is for one of these departments: {value}"),
        "disjoint": _("the demand is for none of these departments: {value}"),
        "overlaps:organisation.stock_departments": _(
            "the demand is for a department where the organisation has homes"
        ),
        "disjoint:organisation.stock_departments": _(
            "the demand is for a department where the organisation has no homes"
        ),
        "overlaps:organisation.departments": _(
            "the demand is for a department of the organisation’s agreement"
        ),
        "disjoint:organisation.departments": _(
            "the demand is for a department outside the organisation’s agreement"
        ),
    },
    "demand.wished_communes": {
        "overlaps": _("the demand wishes one of these communes: {value}"),
        "disjoint": _("the demand wishes none of these communes: {value}"),
        "overlaps:organisation.commune_codes": _(
            "the demand wishes a commune of the organisation’s agreement"
        ),
        "disjoint:organisation.commune_codes": _(
            "the demand wishes no commune of the organisation’s agreement"
        ),
        "overlaps:organisation.stock_communes": _(
            "the demand wishes a commune of the agreement, in a department with homes of the"
            " organisation"
        ),
        "disjoint:organisation.stock_communes": _(
            "the demand wishes no commune of the agreement in a department with homes of the"
            " organisation"
        ),
    },
    "demand.wished_epcis": {
        "overlaps": _("the demand wishes one of these intercommunalities: {value}"),
        "disjoint": _("the demand wishes none of these intercommunalities: {value}"),
        "overlaps:organisation.epci_codes": _(
            "the demand wishes an intercommunality of the organisation’s agreement"
        ),
        "disjoint:organisation.epci_codes": _(
            "the demand wishes no intercommunality of the organisation’s agreement"
        ),
        "overlaps:organisation.stock_epcis": _(
            "the demand wishes an intercommunality of the agreement where the organisation has"
            " homes"
        ),
        "disjoint:organisation.stock_epcis": _(
            "the demand wishes no intercommunality of the agreement where the organisation has"
            " homes"
        ),
    },
    "demand.wished_quarters": {
        "overlaps": _("the demand wishes one of these quarters, or its whole commune: {value}"),
        "disjoint": _("the demand wishes none of these quarters, nor its whole commune: {value}"),
        "overlaps:organisation.quarter_codes": _(
            "the demand wishes a quarter of the organisation’s agreement, or its whole commune"
        ),
        "disjoint:organisation.quarter_codes": _(
            "the demand wishes no quarter of the organisation’s agreement, nor its whole commune"
        ),
        "overlaps:organisation.stock_quarters": _(
            "the demand wishes a quarter of the agreement, or its whole commune, in a department"
            " with homes of the organisation"
        ),
        "disjoint:organisation.stock_quarters": _(
            "the demand wishes no quarter of the agreement, nor its whole commune, in a department"
            " with homes of the organisation"
        ),
    },
    "demand.registering_organisations": {
        "overlaps:organisation.codes": _("the organisation registered the demand"),
        "disjoint:organisation.codes": _("the organisation did not register the demand"),
    },
    "demand.accounts": {
        "overlaps:principal.user_ids": _("the demand is the person’s own"),
        "disjoint:principal.user_ids": _("the demand is somebody else’s"),
    },
    "demand.helpers": {
        "overlaps:principal.user_ids": _("the applicant gave the person a mandate in force"),
        "disjoint:principal.user_ids": _("the person has no mandate in force from the applicant"),
    },
    "demand.helpers_who_answer": {
        "overlaps:principal.user_ids": _(
            "the applicant gave the person a mandate in force to send documents and answer"
        ),
        "disjoint:principal.user_ids": _(
            "the person has no mandate in force to send documents and answer"
        ),
    },
    "demand.helpers_who_modify": {
        "overlaps:principal.user_ids": _(
            "the applicant gave the person a mandate in force to change the declaration and renew"
        ),
        "disjoint:principal.user_ids": _(
            "the person has no mandate in force to change the declaration and renew"
        ),
    },
    "demand.helpers_who_represent": {
        "overlaps:principal.user_ids": _("the person represents the applicant by a judgment"),
        "disjoint:principal.user_ids": _("the person does not represent the applicant"),
    },
    "demand.shares": {
        "overlaps:principal.share_keys": _(
            "the file is exceptionally shared with the organisation"
        ),
        "disjoint:principal.share_keys": _("the file is not shared with the organisation"),
    },
    "demand.people_shared_with": {
        "overlaps:principal.person_share_keys": _(
            "the file is exceptionally shared with the person"
        ),
        "disjoint:principal.person_share_keys": _("the file is not shared with the person"),
    },
    "organisation.data_classes": {
        "overlaps": _("the agreement opens one of these groups of data: {value}"),
        "disjoint": _("the agreement opens none of these groups of data: {value}"),
    },
    "organisation.purposes": {
        "overlaps": _("the agreement has one of these purposes: {value}"),
        "disjoint": _("the agreement has none of these purposes: {value}"),
    },
    "demand.state": {
        "is:erased": _("the demand is erased"),
        "is_not:erased": _("the demand is not erased"),
    },
    "demand.sealed": {"no": _("the file is not sealed")},
    "demand.first_application": {"no": _("the applicant already lives in social housing")},
}

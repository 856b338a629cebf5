"""Who edits the public site: two groups and one review workflow."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

EDITORS = "Éditeurs USH"
WRITERS = "Rédacteurs"
REVIEW = "Relecture par un éditeur"

_PAGE_RIGHTS = {
    EDITORS: ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page"],
    WRITERS: ["add_page", "change_page"],
}
_FILE_RIGHTS = {EDITORS: ["add", "change", "delete", "choose"], WRITERS: ["add", "choose"]}
# Reference tables: people never appear in them, so the model-wide right is the right one.
_REFERENCE_RIGHTS = {
    "organisation": ("view", "change"),
    "counter": ("view", "change"),
    "parameter": ("view", "add", "change"),
    "agreement": ("view",),
    "listedcode": ("view",),
    "commune": ("view",),
    "epci": ("view",),
    "quarter": ("view",),
}
_WAGTAIL_DEFAULT_GROUPS = ("Moderators", "Editors")
_WAGTAIL_DEFAULT_WORKFLOW = "Moderators approval"


@transaction.atomic
def set_up_editorial_team() -> None:
    """Create the groups and the workflow that are missing; run again, it changes nothing.

    An existing group keeps the rights an administrator gave it since; a right that nobody holds
    yet, because it is younger than the groups, goes to the editors.
    """
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    for name in (EDITORS, WRITERS):
        group, created = Group.objects.get_or_create(name=name)
        if created:
            _give_rights(group, root, collection)
    for right in (rules_right(), codes_right()):
        if not right.group_set.exists():
            Group.objects.get(name=EDITORS).permissions.add(right)
    workflow, created = Workflow.objects.get_or_create(name=REVIEW)
    if created:
        task = GroupApprovalTask.objects.create(name=REVIEW)
        task.groups.set(Group.objects.filter(name=EDITORS))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
        _drop_wagtail_defaults()


def _give_rights(group: Group, root: Page, collection: Collection) -> None:
    admin = Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    group.permissions.add(admin)
    rights = Permission.objects.filter(content_type__app_label="wagtailcore")
    for codename in _PAGE_RIGHTS[group.name]:
        GroupPagePermission.objects.create(
            group=group, page=root, permission=rights.get(codename=codename)
        )
    for model, app in (("image", "wagtailimages"), ("document", "wagtaildocs")):
        for verb in _FILE_RIGHTS[group.name]:
            GroupCollectionPermission.objects.create(
                group=group,
                collection=collection,
                permission=Permission.objects.get(
                    codename=f"{verb}_{model}", content_type__app_label=app
                ),
            )
    if group.name == EDITORS:
        group.permissions.add(*reference_rights(), rules_right())


def reference_rights() -> list[Permission]:
    """The right to consult reference tables and to change what gives no right over demands."""
    codenames = [f"{verb}_{name}" for name, verbs in _REFERENCE_RIGHTS.items() for verb in verbs]
    return list(
        Permission.objects.filter(content_type__app_label="register", codename__in=codenames)
    )


def rules_right() -> Permission:
    """The right to write drafts of rules and to send them for review."""
    return Permission.objects.get(codename="change_rulemodule", content_type__app_label="rules")


def codes_right() -> Permission:
    """The right to consult the lists of codes."""
    return Permission.objects.get(codename="view_listedcode", content_type__app_label="register")


def _drop_wagtail_defaults() -> None:
    """Remove the English-named groups and workflow of a bare Wagtail, if nobody uses them."""
    Workflow.objects.filter(name=_WAGTAIL_DEFAULT_WORKFLOW).delete()
    GroupApprovalTask.objects.filter(name=_WAGTAIL_DEFAULT_WORKFLOW).delete()
    Group.objects.filter(name__in=_WAGTAIL_DEFAULT_GROUPS, user__isnull=True).delete()

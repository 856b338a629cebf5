"""Addresses of the desk."""

from django.urls import path, re_path

from backoffice.views import (
    acts,
    documents,
    export,
    file,
    follow_up,
    letters,
    memberships,
    worklist,
)

app_name = "desk"

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("recherche/", worklist.search, name="search"),
    path("communes/", worklist.communes, name="communes"),
    re_path(r"^export/(?P<form>xlsx|csv)/$", export.export, name="export"),
    path("aide/", worklist.shortcuts, name="help"),
    path("suivi/", follow_up.follow, name="follow_up"),
    path("organismes/", memberships.memberships, name="memberships"),
    path("dossiers/<str:number>/", file.file, name="file"),
    path("dossiers/<str:number>/actes/<slug:act>/", acts.record, name="act"),
    path("dossiers/<str:number>/courriers/", letters.letters, name="letters"),
    path("dossiers/<str:number>/courriers/<slug:letter>/", letters.letter, name="letter"),
    path("dossiers/<str:number>/partages/", acts.share, name="share"),
    path("dossiers/<str:number>/partages/<int:share_id>/fin/", acts.end_share, name="end_share"),
    path("dossiers/<str:number>/documents/<int:document_id>/", documents.document, name="document"),
    path(
        "dossiers/<str:number>/documents/<int:document_id>/controle/",
        documents.check,
        name="check_document",
    ),
    path(
        "dossiers/<str:number>/documents/<int:document_id>/fichier/",
        documents.document_file,
        name="document_file",
    ),
    path(
        "dossiers/<str:number>/documents/<int:document_id>/pages/<int:page>/",
        documents.document_page,
        name="document_page",
    ),
]

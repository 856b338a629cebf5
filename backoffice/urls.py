"""Addresses of the desk."""

from django.urls import path, re_path

from backoffice.views import (
    acts,
    agreements,
    documents,
    export,
    file,
    follow_up,
    letters,
    memberships,
    oversight,
    simulation,
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
    path("acces/", oversight.desk, name="oversight"),
    path("acces/expliquer/", oversight.explain_access, name="oversight_explain"),
    path("acces/comparer/", oversight.compare_people, name="oversight_compare"),
    path("acces/voir-comme/", oversight.see_as, name="seeing_as"),
    path("acces/voir-comme/fin/", oversight.stop_seeing, name="seeing_as_end"),
    path("conventions/", agreements.listing, name="agreements"),
    path("conventions/nouvelle/", agreements.new, name="agreement_new"),
    path("conventions/<int:agreement_id>/", agreements.agreement, name="agreement"),
    path("conventions/<int:agreement_id>/modifier/", agreements.change, name="agreement_change"),
    path("conventions/<int:agreement_id>/signer/", agreements.sign, name="agreement_sign"),
    path("conventions/<int:agreement_id>/fichier/", agreements.signed_file, name="agreement_file"),
    path("conventions/<int:agreement_id>/<slug:step>/", agreements.step, name="agreement_step"),
    path("regles/<int:version>/simulation/", simulation.simulation, name="simulation"),
    path(
        "regles/<int:version>/simulation/tableaux.csv",
        simulation.simulation_csv,
        name="simulation_csv",
    ),
    path("organismes/", memberships.memberships, name="memberships"),
    path("dossiers/<str:number>/", file.file, name="file"),
    path("dossiers/<str:number>/acces/", oversight.why, name="why"),
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

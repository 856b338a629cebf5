"""Addresses that exist in a demonstration only."""

from django.urls import path

from exchange import demo_views

app_name = "demo"
urlpatterns = [
    path("", demo_views.mail_list, name="mailbox"),
    path("<slug:key>/", demo_views.mail_detail, name="mail"),
    path("<slug:key>/<int:position>/", demo_views.mail_attachment, name="attachment"),
]

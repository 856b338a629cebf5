"""Addresses of the whole house: one line per room."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path

urlpatterns = [
    path("demande/", include("portal.urls.demand")),
    path("mon-espace/", include("portal.urls.space")),
    path("bureau/", include("backoffice.urls")),
    path("observatoire/", include("observatory.urls")),
    path("", include("exchange.urls")),
    path("compte/", include("allauth.urls")),
    path("langue/", include("django.conf.urls.i18n")),
    path("documents/", include("wagtail.documents.urls")),
    path("edition/", include("wagtail.admin.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include("cms.urls")),
]

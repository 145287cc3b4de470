from django.urls import path

from portal.views import health, home, public, withdraw

app_name = "portal"

urlpatterns = [
    path("", public.welcome, name="welcome"),
    path("promotions/<slug:slug>/", public.cohort, name="cohort"),
    path("devenir-mentor/", public.become_mentor, name="become_mentor"),
    path("questions/", public.faq, name="faq"),
    path("contact/", public.contact, name="contact"),
    path("mentions-legales/", public.legal, name="legal"),
    path("vie-privee/", public.privacy, name="privacy"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("mon-espace/", home.home, name="home"),
    path("candidature/<slug:reference>/retirer/", withdraw.withdraw, name="withdraw"),
    path("healthz", health.healthz, name="healthz"),
]

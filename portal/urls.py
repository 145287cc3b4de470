from django.urls import path

from portal.views import (
    agreements,
    authorisation,
    guardian,
    health,
    home,
    keep_in_touch,
    letters,
    lost_link,
    public,
    withdraw,
)

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
    path("mon-espace/courriels/", letters.Letters.as_view(), name="letters"),
    path("mon-espace/courriels/<int:pk>/", letters.letter, name="letter"),
    path("mon-espace/garder-le-contact/", keep_in_touch.keep_in_touch, name="keep_in_touch"),
    path("mon-espace/accords/", agreements.agreements, name="agreements"),
    path("mon-espace/accords/<slug:key>/donner/", agreements.agree, name="agree"),
    path("mon-espace/accords/<slug:key>/retirer/", agreements.take_back, name="take_back"),
    path("mon-espace/autorisation/<slug:reference>/", authorisation.authorisation, name="authorisation"),
    path("mon-espace/autorisation/<slug:reference>/nommer/", authorisation.name, name="authorisation_name"),
    path("mon-espace/autorisation/<slug:reference>/<int:pk>/lien/", authorisation.send_link, name="authorisation_link"),
    path("mon-espace/autorisation/<slug:reference>/<int:pk>/adresse/", authorisation.correct, name="authorisation_fix"),
    path("candidature/<slug:reference>/retirer/", withdraw.withdraw, name="withdraw"),
    path("autorisation/", lost_link.lost_link, name="lost_link"),
    path("autorisation/courriel/", lost_link.link_sent, name="link_sent"),
    path("autorisation/<str:token>/", guardian.guardian, name="guardian"),
    path("autorisation/<str:token>/signer/", guardian.sign, name="guardian_sign"),
    path("autorisation/<str:token>/refuser/", guardian.refuse, name="guardian_refuse"),
    path("autorisation/<str:token>/retirer/", guardian.withdraw, name="guardian_withdraw"),
    path("autorisation/<str:token>/appel/", guardian.call, name="guardian_call"),
    path("autorisation/<str:token>/nouveau-lien/", guardian.send_link, name="guardian_send_link"),
    path("healthz", health.healthz, name="healthz"),
]

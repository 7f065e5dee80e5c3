"""All addresses."""

from django.urls import include, path

urlpatterns = [
    path("sitting/", include("shuyang.web.pages.sitting")),  # first: asked for more than all others together
    path("", include("shuyang.web.pages.home")),
    path("", include("shuyang.web.pages.account")),
    path("", include("shuyang.web.pages.enter")),
    path("people/", include("shuyang.web.pages.people")),
    path("framework/", include("shuyang.web.pages.framework")),
    path("bank/", include("shuyang.web.pages.bank")),
    path("campaigns/", include("shuyang.web.pages.campaigns")),
    path("sitting/", include("shuyang.web.pages.sitting_room")),
    path("rooms/", include("shuyang.web.pages.live")),
    path("", include("shuyang.web.pages.credentials")),
    path("rooms/", include("shuyang.web.pages.rulings")),
    path("standards/", include("shuyang.web.pages.standards")),
    path("recruitment/", include("shuyang.web.pages.recruitment")),
    path("integrity/", include("shuyang.web.pages.integrity")),
    path("surveys/", include("shuyang.web.pages.survey")),
    path("", include("shuyang.web.pages.my_data")),
    path("results/", include("shuyang.web.pages.results")),
    path("learn/", include("shuyang.web.pages.learning")),
    path("range/", include("shuyang.web.pages.practice")),
    path("units/", include("shuyang.web.pages.units")),
    path("overview/", include("shuyang.web.pages.overview")),
    path("briefings/", include("shuyang.web.pages.briefings")),
    path("audit/", include("shuyang.web.pages.audit")),
    path("developers/", include("shuyang.web.pages.developers")),
    path("account/tokens/", include("shuyang.web.pages.tokens")),
    path("api/", include("shuyang.web.api.root")),
]
handler400 = "shuyang.web.errors.bad_request"
handler404 = "shuyang.web.errors.not_found"
handler500 = "shuyang.web.errors.server_error"

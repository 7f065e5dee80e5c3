"""Certificates: ask for one, download it, revoke it; and the public pages by which anyone checks one."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuyang.feedback import api as feedback
from shuyang.kernel.errors import Invalid, NotFound
from shuyang.trust.api import public_key_pem
from shuyang.web.access import Request, signed_in
from shuyang.web.credential_view import REFUSAL_WORDS, statement_words
from shuyang.web.errors import words
from shuyang.web.paper.certificate import certificate


@signed_in
@require_http_methods(["GET", "POST"])
def result_credential(request: Request, estimate_id: UUID) -> HttpResponse:
    """What a certificate of this result would say; make it, or why there can be none."""
    refused = feedback.credential_refusal(actor=request.actor, estimate_id=estimate_id)
    if request.method == "POST" and refused is None:
        address = request.build_absolute_uri(reverse("verify_code", kwargs={"code": "CODE"}))
        feedback.issue_credential(
            actor=request.actor,
            estimate_id=estimate_id,
            organisation=settings.SHUYANG_ORGANISATION,
            verify_at=address.replace("CODE", "{code}"),
        )
        return redirect("result_credential", estimate_id=estimate_id)
    own = [c for c in feedback.credentials(actor=request.actor) if c.estimate_id == estimate_id]
    context = {
        "report": feedback.result(actor=request.actor, estimate_id=estimate_id),
        "credentials": [(c, statement_words(c.statement)) for c in own],
        "valid": any(c.state == feedback.CredentialState.VALID for c in own),
        "refused": REFUSAL_WORDS[refused]() if refused else "",
        "title": _("Certificate and badge"),
    }
    return render(request, "credentials/own.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_GET
def credential_pdf(request: Request, credential_id: UUID) -> HttpResponse:
    """The certificate on paper, with the badge inside the file."""
    found = feedback.credential(actor=request.actor, credential_id=credential_id)
    return _file(certificate(found), "application/pdf", f"certificate-{found.statement.code}.pdf")


@signed_in
@require_GET
def credential_badge(request: Request, credential_id: UUID) -> HttpResponse:
    """The Open Badge as a signed JWT."""
    found = feedback.credential(actor=request.actor, credential_id=credential_id)
    token = feedback.badge_of(actor=request.actor, credential_id=credential_id)
    return _file(token.encode(), "application/vc+jwt", f"badge-{found.statement.code}.jwt")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def verify(request: Request) -> HttpResponse:
    """Type in the code of a certificate; for anyone, without signing in."""
    code = request.GET.get("code", "")
    if code.strip():
        return redirect("verify_code", code="".join(c for c in code if c.isalnum())[:24] or "-")
    return render(request, "credentials/verify.html", {"title": _("Check a certificate")})


@require_GET
def verify_code(request: Request, code: str) -> HttpResponse:
    """What the certificate with this code says, and whether it holds now. Shows nothing else about the person."""
    try:
        found = feedback.public_credential(code=code)
    except NotFound:
        return _public(
            request, "credentials/unknown.html", {"code": code, "title": _("Check a certificate")}, status=404
        )
    context = {
        "credential": found,
        "statement": statement_words(found.statement),
        "revocable": feedback.revocable(actor=request.actor, code=code) is not None,
        "title": _("Check a certificate"),
    }
    return _public(request, "credentials/public.html", context)


def _public(request: Request, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_POST
def revoke(request: Request, code: str) -> HttpResponse:
    """Revoke for good: the person himself, or an organiser with a reason."""
    try:
        feedback.revoke_credential(actor=request.actor, code=code, reason=request.POST.get("reason", ""))
    except Invalid as error:
        messages.error(request, " ".join(words(p) for p in error.problems))
    else:
        messages.success(request, _("The certificate is revoked. Its public page says so from now on."))
    return redirect("verify_code", code=code)


@require_GET
def public_key(request: Request) -> HttpResponse:
    """The installation's public key: receipts and badges are checked with it."""
    return _file(public_key_pem().encode(), "application/x-pem-file", "shuyang-public-key.pem")


urlpatterns = [
    path("results/<uuid:estimate_id>/certificate/", result_credential, name="result_credential"),
    path("credentials/<uuid:credential_id>/pdf/", credential_pdf, name="credential_pdf"),
    path("credentials/<uuid:credential_id>/badge/", credential_badge, name="credential_badge"),
    path("verify/", verify, name="verify"),
    path("verify/key.pem", public_key, name="public_key"),
    path("verify/<slug:code>/", verify_code, name="verify_code"),
    path("verify/<slug:code>/revoke/", revoke, name="revoke_credential"),
]

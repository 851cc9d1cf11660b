"""The files of an application's papers: uploaded at the desk, or from a phone through a one-time address."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from stations.access import allowed
from stations.files import handing_out, sealed
from stations.models import Look, LookKind
from stations.papers.squares import qr_square
from stations.roles import Ability

from ..applications import acts
from ..intake import uploads
from ..models import Application, Material, Upload, UploadTicket
from ..terms import MaterialState
from .taking_files import take, take_and_tell

# htmx asks no more after this answer.
STOP_ASKING = 286


def _may_add(user, application):
    """Files come in where the file is handled: at its station, and at the center, until it ends."""
    return not application.is_ended and (
        acts.holds_at_station(user, application, Ability.TAKE_IN)
        or acts.holds_at_center(user, application, Ability.EXAMINE)
    )


def _material_to_fill(request, pk):
    """A material the person sees, 404 otherwise; 403 where adding files is not theirs."""
    material = get_object_or_404(
        Material.objects.visible_to(request.user).select_related("application__station"), pk=pk
    )
    if not _may_add(request.user, material.application):
        raise PermissionDenied
    return material


def panel(application, user, materials):
    """What `_materials.html` shows: each paper with its files, and whether more may be added."""
    materials = list(materials)
    return {
        "application": application,
        "materials": materials,
        "given": sum(row.state == MaterialState.GIVEN for row in materials),
        "missing": sum(row.state == MaterialState.MISSING for row in materials),
        "may_change": _may_add(user, application),
    }


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
@vary_on_headers("HX-Request")
def material_list(request, pk):
    """The panel again, while something is expected from a phone."""
    application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(application)
    is_expected = UploadTicket.objects.open_at(timezone.now()).filter(
        material__application=application
    )
    return TemplateResponse(
        request,
        "casework/applications/_materials.html",
        panel(application, request.user, application.materials.with_files()),
        status=200 if is_expected.exists() else STOP_ASKING,
    )


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_POST
def material_upload(request, pk):
    """Take files in for one paper; each is taken or refused by itself."""
    material = _material_to_fill(request, pk)
    take_and_tell(request, lambda file: uploads.add(material, file, by=request.user))
    return redirect(material.application)


@allowed(Ability.SEE_APPLICATIONS)
@require_GET
def material_file(request, pk):
    """Show one file; who looked is kept."""
    upload = get_object_or_404(
        _files_for(request.user).select_related(
            "material__application__station", "material__application__county"
        ),
        pk=pk,
    )
    application = upload.material.application
    Look.objects.create(
        kind=LookKind.REVEAL,
        user=request.user,
        station=application.station,
        county=application.county,
        subject=f"upload:{upload.pk}",
        reason=_("file of a paper"),
    )
    return handing_out.shown(sealed.content_of(upload), upload.name, upload.media_type)


def _files_for(user):
    """Files this person may open; the bureau only those of an application it hears (rules 8.2)."""
    files = Upload.objects.visible_to(user)
    if user.may(Ability.TAKE_IN) or user.may(Ability.EXAMINE):
        return files
    return files.filter(material__application__decisions__objection__isnull=False).distinct()


# ── From a phone ────────────────────────────────────────────────────────────────────────


@allowed(Ability.TAKE_IN, Ability.EXAMINE)
@require_POST
def upload_ticket(request, pk):
    """Make a one-time address for one paper and show it as a QR code, this once."""
    material = _material_to_fill(request, pk)
    ticket, token = uploads.make_ticket(material, by=request.user)
    address = settings.SITE_URL + reverse("casework:phone_upload", args=[token])
    code = qr_square(address, border=2)
    template = "_ticket" if request.htmx else "ticket"
    return TemplateResponse(
        request,
        f"casework/applications/{template}.html",
        {
            "application": material.application,
            "material": material,
            "ticket": ticket,
            "code": code,
            "minutes": uploads.TICKET_MINUTES,
        },
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def phone_upload(request, token):
    """The page behind the QR code: no sign-in, one paper, ten minutes, nothing about anybody."""
    ticket = uploads.open_ticket(token)
    if ticket is None:
        response = TemplateResponse(
            request, "casework/applications/phone_over.html", status=410
        )
        return _unindexed(response)
    refused, taken = [], 0
    if request.method == "POST":
        if "done" in request.POST:
            UploadTicket.objects.open_at(timezone.now()).filter(pk=ticket.pk).update(
                closed_at=timezone.now()
            )
            return redirect("casework:phone_upload", token)
        taken, refused = take(request, lambda file: uploads.add_by_ticket(ticket, file))
        if not refused:
            return redirect("casework:phone_upload", token)
    return _unindexed(
        TemplateResponse(
            request,
            "casework/applications/phone.html",
            {
                "ticket": ticket,
                "files": uploads.sent_by(ticket),
                "refused": refused,
                "taken": taken,
                "most": uploads.MOST_FILES,
            },
            status=422 if refused else 200,
        )
    )


def _unindexed(response):
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response

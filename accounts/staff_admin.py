"""What every staff screen is made of: who may enter, how one searches, pages to read, buttons that call verbs.

    @admin.register(Letter)
    class LetterAdmin(ReadablePageMixin, CoordinatorAdmin):
        list_display = ["subject", "to", "status"]
        search_fields = ["subject", "person__last_name__unaccent__icontains"]   # « Zoé » is found by « zoe »
        change_form_template = "admin/notifications/letter/page.html"           # extends admin/readable_page.html
        verbs = ["resend"]

        def page_context(self, request, letter):
            return {"kind": kinds.get(letter.kind)}

        @verb(_("Relancer"), path="relancer", confirm=_("Le courriel arrivera peut-être deux fois."))
        def resend(self, request, letter):
            outbox.resend(letter, actor=request.user)
            return _("Le courriel repartira dans la minute.")

A verb's method calls one function of a `transitions.py` and returns the sentence of success, None, or a response when
it leads elsewhere. A Refusal becomes a message on the page. Its address is `<pk>/<path>/`, named
`admin:<app>_<model>_<method>`; it acts on POST alone. With `confirm` or `form_class`, GET shows a page with the
sentence, the form and the button, and a form's cleaned data is given to the method as `data`. The admin's own log keeps
`str(object)`: that is a reference, never a name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.queries import letters_about, story_of
from lifecycle.refusals import Refusal


class CoordinatorAdmin(admin.ModelAdmin):
    """A staff screen for coordinators, and for nobody else. Nothing is added or deleted unless the class says so."""

    can_add = False
    can_change = True
    can_delete = False
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.ALLOW

    def has_module_permission(self, request):
        return request.user.is_coordinator

    def has_view_permission(self, request, obj=None):
        return request.user.is_coordinator

    def has_add_permission(self, request, obj=None):
        return request.user.is_coordinator and self.can_add

    def has_change_permission(self, request, obj=None):
        return request.user.is_coordinator and self.can_change

    def has_delete_permission(self, request, obj=None):
        return request.user.is_coordinator and self.can_delete

    def changelist_view(self, request, extra_context=None):
        """Under the name of what it lists, in the place of Django's « Sélectionnez l’objet … à changer »."""
        if _is_forged(request):
            return HttpResponseRedirect(request.path)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def require_view(self, request) -> None:
        """For pages of our own. Raises PermissionDenied, like the stock ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def get_readonly_fields(self, request, obj=None):
        """`state` changes by verbs alone, so no form ever edits it."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "state"] if _has_state(self.model) and "state" not in fields else fields

    def each_told(self, request, queryset, act: Callable[[Model], object], done: str) -> None:
        """For an action on several rows: call `act` on each, and tell how many went well and why others did not.

        `done` is the sentence of success, with `%(count)s` in it.
        """
        count = 0
        for row in queryset:
            try:
                act(row)
            except Refusal as refusal:
                messages.error(request, _("%(row)s : %(why)s") % {"row": self.row_label(row), "why": refusal.sentence})
            else:
                count += 1
        if count:
            messages.success(request, done % {"count": count})

    def row_label(self, row) -> str:
        """How a row is named on the page that asks for confirmation; override."""
        return str(row)

    def ask_first(self, request, queryset, *, title: str, sentence: str, button: str):
        """For an action: the page that asks for confirmation, or None once the answer is yes.

        if page := self.ask_first(request, queryset, title=…, sentence=…, button=…):
            return page
        """
        if "confirmed" in request.POST:
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "sentence": sentence,
            "button": button,
            "rows": [self.row_label(row) for row in queryset],
            "action": request.POST["action"],
            "selected": request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)


def _is_forged(request) -> bool:
    """Whether filters hold NUL, which PostgreSQL refuses, or chosen rows are no numbers: no page sends either."""
    filters = (value for _name, values in request.GET.lists() for value in values)
    chosen = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
    return any("\x00" in value for value in filters) or not all(re.fullmatch(r"[0-9]{1,18}", pk) for pk in chosen)


def _has_state(model) -> bool:
    try:
        model._meta.get_field("state")
    except FieldDoesNotExist:
        return False
    return True


@dataclass(frozen=True)
class VerbButton:
    """How one verb is shown and reached. Made by `verb`."""

    label: str
    path: str
    confirm: str = ""
    form_class: type[forms.Form] | None = None
    is_danger: bool = False
    offered: Callable[..., bool] = lambda request, thing: True

    @property
    def asks_first(self) -> bool:
        return bool(self.confirm or self.form_class)


def verb(label: str, *, path: str, confirm="", form_class=None, is_danger=False, offered=None):
    """Make a method of the admin a button of its readable pages, listed in `verbs`. See the module's docstring.

    `offered(request, thing)` says whether the button is shown; the verb itself still decides whether it may be done.
    """

    def decorate(method):
        shown = {"offered": offered} if offered else {}
        method.button = VerbButton(label, path, confirm, form_class, is_danger, **shown)
        return method

    return decorate


class ReadablePageMixin:
    """A page to read in the place of the change form: no inputs, the object's letters and journal, verb buttons.

    The template extends `admin/readable_page.html` (blocks `page` and `page_aside`) and knows `original`, `buttons`,
    `letters`, `story`, and what `page_context` returns. Put it before CoordinatorAdmin.
    """

    can_change = False
    change_form_template = "admin/readable_page.html"
    verbs: list[str] = []

    def page_title(self, request, thing) -> str:
        return str(thing)

    def page_context(self, request, thing) -> dict:
        """What the page shows beside the object itself; override."""
        return {}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        thing = self.found(request, object_id)
        context = {
            **self._context(request, thing),
            "buttons": self.buttons(request, thing),
            "letters": letters_about(thing),
            "story": story_of(thing),
            **self.page_context(request, thing),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.change_form_template, context)

    def found(self, request, object_id):
        """The object, for whoever may see it; 404 for others, 403 where the whole screen is closed."""
        self.require_view(request)
        thing = self.get_object(request, unquote(object_id))
        if thing is None or not self.has_view_permission(request, thing):
            raise Http404
        return thing

    def verb_initial(self, request, thing, name: str) -> dict:
        """What the form of a verb starts with; override."""
        return {}

    def confirm_sentence(self, request, thing, name: str) -> str:
        """What a verb says before it is done; override where that depends on the object."""
        return getattr(self, name).button.confirm

    def buttons(self, request, thing) -> list[dict]:
        """The verbs offered for this object now, with their addresses."""
        shown = []
        for name in self.verbs:
            button = getattr(self, name).button
            if button.offered(request, thing):
                shown.append({"button": button, "url": self.verb_url(name, thing)})
        return shown

    def verb_url(self, name: str, thing) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[thing.pk])

    def page_url(self, thing) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thing.pk])

    def get_urls(self):
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<path:object_id>/{getattr(self, name).button.path}/",
                self.admin_site.admin_view(partial(self.verb_view, name=name)),
                name=f"{model}_{name}",
            )
            for name in self.verbs
        ]
        return own + super().get_urls()

    def verb_view(self, request, object_id, *, name):
        thing = self.found(request, object_id)
        method = getattr(self, name)
        button = method.button
        if request.method != "POST" and not (button.asks_first and request.method in ("GET", "HEAD")):
            return HttpResponseNotAllowed(["GET", "POST"] if button.asks_first else ["POST"])
        form = None
        if button.form_class:
            typed = request.POST if request.method == "POST" else None
            form = button.form_class(typed, initial=self.verb_initial(request, thing, name))
        if request.method != "POST" or (form is not None and not form.is_valid()):
            button = replace(button, confirm=self.confirm_sentence(request, thing, name))
            context = {**self._context(request, thing), "button": button, "form": form, "back": self.page_url(thing)}
            context["subtitle"] = button.label
            return TemplateResponse(request, "admin/confirm_verb.html", context)
        try:
            done = method(request, thing, **({"data": form.cleaned_data} if form is not None else {}))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            if isinstance(done, HttpResponseBase):
                return done
            if done:
                messages.success(request, done)
        return HttpResponseRedirect(self.page_url(thing))

    def _context(self, request, thing) -> dict:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": thing,
            "title": self.page_title(request, thing),
            "has_view_permission": True,
            "media": self.media,
        }

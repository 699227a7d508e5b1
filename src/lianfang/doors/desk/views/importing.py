"""Accounts from an Excel list: tried first, then saved, with a verdict and a reason for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.forms.accounts import ImportForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.grants import roles_to_give
from lianfang.doors.desk.whereabouts import post_of
from lianfang.doors.desk.workbooks import XLSX
from lianfang.ground.accounts import commands
from lianfang.ground.accounts.list_types import RowVerdict
from lianfang.ground.accounts.rules.roles import Role
from lianfang.kernel.errors import Refused

if TYPE_CHECKING:
    from lianfang.ground.accounts.list_types import ImportAnswer, RowAnswer

VERDICTS = {
    RowVerdict.ADDED: (gettext_lazy("new account"), "ok"),
    RowVerdict.GRANTED: (gettext_lazy("one more role"), "ok"),
    RowVerdict.REPEATED: (gettext_lazy("was there already"), ""),
    RowVerdict.DOUBTFUL: (gettext_lazy("doubtful"), "warn"),
    RowVerdict.REFUSED: (gettext_lazy("refused"), "bad"),
}


@page("accounts.edit", methods=("GET", "POST"))
def accounts_import(request: DeskRequest) -> HttpResponse:
    """Try a list, save it, or fetch it back with a verdict beside every row or with the joining links."""
    form = ImportForm(request.POST or None, request.FILES or None, roles=roles_to_give(request))
    answer: ImportAnswer | None = None
    step = request.POST.get("step", "try")
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        role = form.cleaned_data["role"]
        options = commands.ListOptions(
            role=Role(role) if role else None,
            within=post_of(request.actor),
            accept_doubtful=form.cleaned_data["accept_doubtful"],
            dry_run=step != "save",
        )
        try:
            answer = commands.import_accounts(content, options, by=request.actor)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "file"),))
        else:
            if step == "file":
                return _file(commands.answer_file(content, answer, _headings(), _cells), "verdicts.xlsx")
            if step == "save" and answer.links:
                return _file(_links(request, answer), "joining.xlsx")
    context = {"form": form, "rows": _rows(answer) if answer else None, "sums": _sums(answer) if answer else [], "saved": step == "save"}
    return pages.show(request, "desk/accounts/import.html", context)


def _headings() -> list[str]:
    return [_("Verdict"), _("Reason"), _("Login")]


def _cells(row: RowAnswer) -> list[str]:
    return [str(VERDICTS[row.verdict][0]), said(row.reason) if row.reason else "", row.login]


def _links(request: DeskRequest, answer: ImportAnswer) -> bytes:
    """The joining links of the new accounts, a row a person: handed out once, kept nowhere."""

    def address(token: str) -> str:
        return request.build_absolute_uri(reverse("desk:join", args=[token]))

    def post(row: RowAnswer) -> str:
        return f"{words.word(words.ROLES, row.role)} {row.read_as}".strip()

    headings = [_("Name"), _("Role"), _("Login"), _("Address"), _("Valid until")]
    return commands.joining_sheet(answer, headings, address, post)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _rows(answer: ImportAnswer) -> list[dict[str, Any]]:
    return [
        {
            "row": row.line,
            "name": row.name,
            "login": row.login,
            "read_as": f"{words.word(words.ROLES, row.role)} {row.read_as}".strip(),
            "verdict": VERDICTS[row.verdict][0],
            "tone": VERDICTS[row.verdict][1],
            "reason": said(row.reason) if row.reason else "",
        }
        for row in answer.rows
    ]


def _sums(answer: ImportAnswer) -> list[dict[str, Any]]:
    return [
        {"name": VERDICTS[RowVerdict(key)][0], "tone": VERDICTS[RowVerdict(key)][1], "count": count}
        for key, count in answer.counts.items()
        if count
    ]

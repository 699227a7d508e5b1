"""What waits to be sent goes out by the plain HTTP adapter, or by e-mail: at least once, with a key, tried again later when it fails.

The receiver gets `POST {"key", "to", "text"}` with the bearer token of the settings, and answers 2xx when it has taken the message; a key
it has had before it takes without sending again. The number is opened for the moment of sending and stands in no row, log or argument.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from smtplib import SMTPException
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from lianfang.ground.accounts import access
from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId
from lianfang.kernel.sealing import keyring
from lianfang.work.mobilisation.commands.calling import token_of, widen
from lianfang.work.mobilisation.models import Call, Dispatch
from lianfang.work.mobilisation.models.forces import PURPOSES
from lianfang.work.mobilisation.types import Channel, Sending

AT_ONCE, MOST_TRIES = 50, 6
LEASE, SECONDS = timedelta(seconds=45), 10
Sender = Callable[[str, str, str], bool]


def send_due(send: Sender | None = None) -> int:
    """Send what is due, one batch; and widen calls that have waited long enough. How many were tried. For the process of jobs."""
    by = access.local_administrator()
    with access.scoped(by):
        for call_id in Call.objects.filter(closed_at=None, enough_at=None, wave_at__lte=clock.now() - timedelta(minutes=1)).values_list(
            "id", flat=True
        ):
            widen(call_id)
    channels = _open_channels(given=send is not None)
    if not channels:
        return 0
    with access.scoped(by):
        due = Dispatch.objects.select_for_update(skip_locked=True).filter(
            state=Sending.WAITING, due_at__lte=clock.now(), channel__in=channels
        )
        rows = list(
            due.filter(summons__call__closed_at=None).select_related("summons__call", "summons__force").order_by("due_at")[:AT_ONCE]
        )
        Dispatch.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=clock.now() + LEASE, tries=F("tries") + 1)
        numbers = people.numbers_to_reach(PersonId(row.summons.person) for row in rows)
    for row in rows:
        by_mail = row.channel == Channel.EMAIL
        to = _address(row) if by_mail else numbers.get(PersonId(row.summons.person), "")
        went = bool(to) and (send or (by_smtp if by_mail else by_http))(str(row.id), to, _text(row))
        with access.scoped(by):
            Dispatch.objects.filter(pk=row.pk).update(**_after(row, to, went=went))
    return len(rows)


def _open_channels(*, given: bool) -> list[str]:
    """What can go out: short messages where there is an adapter (or `send` was given), e-mail where there is a mail server."""
    sms = [Channel.SMS.value] if given or settings.LIANFANG_SMS_URL else []
    return [*sms, Channel.EMAIL.value] if settings.LIANFANG_EMAIL_HOST else sms


def _address(row: Dispatch) -> str:
    sealed = row.summons.force.mail_sealed
    return keyring().open(bytes(sealed), PURPOSES["mail_sealed"]) if sealed else ""


def _after(row: Dispatch, number: str, *, went: bool) -> dict[str, Any]:
    if went:
        return {"state": Sending.SENT.value, "sent_at": clock.now()}
    if not number:
        return {"state": Sending.NO_NUMBER.value}
    if row.tries + 1 >= MOST_TRIES:
        return {"state": Sending.GIVEN_UP.value}
    return {"due_at": clock.now() + timedelta(seconds=5 * 2**row.tries)}


def _text(row: Dispatch) -> str:
    """What the message says: the words of the call and the link; no name, no address of anybody."""
    return f"{row.summons.call.words} {settings.LIANFANG_PUBLIC_URL}/r/call/{token_of(row.summons_id)}/"


def by_http(key: str, to: str, text: str) -> bool:
    """Hand one message to the adapter; whether it was taken."""
    body = json.dumps({"key": key, "to": to, "text": text}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.LIANFANG_SMS_TOKEN}"}
    try:
        with urlopen(Request(settings.LIANFANG_SMS_URL, body, headers), timeout=SECONDS) as answer:  # noqa: S310 - the address is the operator's own
            return bool(HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES)
    except (URLError, TimeoutError, ConnectionError):
        return False


def by_smtp(key: str, to: str, text: str) -> bool:
    """Hand one message to the mail server; whether it was taken. The key is the message's id, so that a mailbox shows it once."""
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=settings.LIANFANG_EMAIL_HOST,
        port=settings.LIANFANG_EMAIL_PORT,
        username=settings.LIANFANG_EMAIL_USER,
        password=settings.LIANFANG_EMAIL_PASSWORD,
        use_tls=settings.LIANFANG_EMAIL_TLS,
        timeout=SECONDS,
    )
    subject = text.split(" http", 1)[0]
    headers = {"Message-ID": f"<{key}@{settings.LIANFANG_EMAIL_HOST}>"}
    try:
        return bool(EmailMessage(subject, text, settings.LIANFANG_EMAIL_FROM, [to], headers=headers, connection=connection).send())
    except (SMTPException, OSError):
        return False

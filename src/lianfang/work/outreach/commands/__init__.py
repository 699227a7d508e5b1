"""Verbs of messages: sending, taking back, and what a phone says of them."""

from __future__ import annotations

from datetime import timedelta

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.chain_types import Holder
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, MessageId, new_id
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger.intake.books import open_books
from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import book_of
from lianfang.work.outreach import queries
from lianfang.work.outreach.models import Message, Receipt
from lianfang.work.outreach.rules import LONGEST, LONGEST_TITLE, MOST, RECIPIENTS, fits, names_somebody
from lianfang.work.outreach.types import (
    MessageNotFound,
    MessageSeen,
    NamesSomebody,
    NewMessage,
    NobodyThere,
    TooManyThere,
    WordsWrong,
)

__all__ = ["erase_book", "got", "read", "send", "take_back"]

_LONGEST_AGO = 90 * 86_400_000  # milliseconds; what a broken clock counts beyond is not believed


def send(new: NewMessage, *, by: Actor) -> MessageSeen:
    """Send a message to everybody who works at a place today, or in one of its areas, but the sender.

    Raises NotFound or Denied by access, WordsWrong, NamesSomebody, NobodyThere, TooManyThere.
    """
    place = places.place(new.place)
    access.require(by, "messages.send", place)
    title, words = new.title.strip(), new.words.strip()
    if not fits(title, words):
        raise WordsWrong(title=LONGEST_TITLE, words=LONGEST)
    if names_somebody(title) or names_somebody(words):
        raise NamesSomebody
    to = _workers(_where(place.range, new.area), but=by.account_id)
    now = clock.now()
    name = book_of(Retention.ORDER, new.incident, drill=False, at=now)
    row = Message.objects.create(
        id=new_id(now), book=open_books([name])[name].id, place=place.id, position=place.lo, area=new.area, sender=by.account_id,
        title=title, words=words, sent_at=now,
    )  # fmt: skip
    Receipt.objects.bulk_create(
        Receipt(account=one.account_id, message=row, position=place.lo, role=one.role.value, place_in_list=number)
        for number, one in enumerate(to)
    )
    return queries.message(MessageId(row.id))


def _where(whole: Range, area: AreaId | None) -> list[Range]:
    return [whole] if area is None else intersect(places.area_ranges(area), [whole])


def _workers(ranges: list[Range], *, but: AccountId | None) -> list[Holder]:
    """Everybody who works there, each once, nearest to the door first."""
    named: dict[AccountId, Holder] = {}
    for one in accounts.holders(ranges) if ranges else []:
        if one.role in RECIPIENTS and one.account_id != but:
            named.setdefault(one.account_id, one)
    if not named:
        raise NobodyThere
    if len(named) > MOST:
        raise TooManyThere(count=len(named), most=MOST)
    return list(named.values())


def take_back(message_id: MessageId, *, by: Actor) -> MessageSeen:
    """Take a message back: phones drop it at their next contact; who had read it stays known. Raises MessageNotFound, Denied."""
    told = queries.message(message_id)
    access.require(by, "messages.send", places.place(told.place_id))
    Message.objects.filter(pk=message_id, withdrawn_at=None).update(withdrawn_at=clock.now())
    return queries.message(message_id)


def got(account_id: AccountId) -> None:
    """A phone of an account has fetched what is there for it."""
    Receipt.objects.filter(account=account_id, got_at=None).update(got_at=clock.now())


def read(message_id: MessageId, account_id: AccountId, *, ago: int = 0) -> None:
    """An account has read a message, so many milliseconds ago; not before it was sent, and the first time counts. Raises MessageNotFound."""
    now = clock.now()
    mine = Receipt.objects.filter(account=account_id, message_id=message_id)
    sent_at = mine.values_list("message__sent_at", flat=True).first()
    if sent_at is None:
        raise MessageNotFound
    at = max(sent_at, now - timedelta(milliseconds=min(max(0, ago), _LONGEST_AGO)))
    mine.filter(got_at=None).update(got_at=now)
    mine.filter(read_at=None).update(read_at=at)


def erase_book(book: int) -> int:
    """Erase the messages of a book with their receipts; how many messages."""
    rows = Message.objects.filter(book=book)
    found = rows.count()
    rows.delete()
    return found

"""Tables beside the book. The book itself (`ledger_record`, partitioned) and the cursors are made in SQL: Django knows no such tables."""

from __future__ import annotations

from django.db import models

from lianfang.ledger.types import Waiting


class Book(models.Model):
    """A book (账本): what is erased together. The row stays when the book has ended, to answer "ended: delete it"."""

    id = models.AutoField(primary_key=True)
    key = models.TextField(unique=True)
    incident = models.UUIDField(null=True)
    retention = models.TextField()
    period = models.TextField()
    drill = models.BooleanField()
    state = models.TextField(default="open")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_book"
        constraints = (models.CheckConstraint(condition=models.Q(state__in=("open", "ended")), name="ledger_book_state"),)


class Receipt(models.Model):
    """One row per id ever kept: decides what is a repetition and what a conflict. No digest: a correction waits for this root."""

    id = models.UUIDField(primary_key=True)
    book = models.IntegerField()
    digest = models.BinaryField(null=True)

    class Meta:
        db_table = "ledger_receipt"


class SealedRemark(models.Model):
    """The free words that came with a record (备注), sealed; they go with its book."""

    id = models.UUIDField(primary_key=True)
    book = models.IntegerField()
    position = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "ledger_remark"
        indexes = (models.Index(fields=("book",), name="ledger_remark_book"),)


class PhotoLook(models.Model):
    """Somebody saw a photo that came with a record. Append-only; outlives the photo."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    account_id = models.UUIDField()
    record_id = models.UUIDField()
    question = models.TextField()
    reason = models.TextField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "ledger_photo_look"
        constraints = (models.CheckConstraint(condition=~models.Q(reason=""), name="photo_look_has_a_reason"),)
        indexes = (
            models.Index(fields=("record_id",), name="photo_look_by_record"),
            models.Index(fields=("position", "at"), name="photo_look_by_position"),
        )


class Brought(models.Model):
    """A person or a door that was on no list before a record of a book brought it: it goes with the book unless something else knows it."""

    id = models.UUIDField(primary_key=True)
    what = models.TextField()
    book = models.IntegerField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "ledger_brought"
        constraints = (models.CheckConstraint(condition=models.Q(what__in=("person", "door")), name="ledger_brought_what"),)
        indexes = (models.Index(fields=("book", "what"), name="ledger_brought_book"),)


class Served(models.Model):
    """Work done, kept when its records are erased (服务实绩): how many records of a kind somebody made in a community on a day."""

    pk = models.CompositePrimaryKey("book", "actor", "kind", "day", "position")
    book = models.IntegerField()
    actor = models.UUIDField()
    kind = models.TextField()
    day = models.DateField()
    position = models.BigIntegerField()
    records = models.IntegerField()

    class Meta:
        db_table = "ledger_served"
        indexes = (models.Index(fields=("actor", "day"), name="ledger_served_actor"),)


class Quarantined(models.Model):
    """A record from outside its author's grant (待审). Its body is sealed until the secretary decides, then gone from here."""

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField()
    author = models.UUIDField()
    device = models.UUIDField(null=True)
    kind = models.TextField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    incident = models.UUIDField(null=True)
    effective_at = models.DateTimeField()
    received_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)
    cause = models.TextField(default="outside_grant", db_default="outside_grant")
    state = models.TextField(default=Waiting.WAITING.value)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        db_table = "ledger_quarantine"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="waiting", sealed__isnull=False)
                | models.Q(state__in=("released", "rejected"), sealed__isnull=True),
                name="ledger_quarantine_body_only_while_waiting",
            ),
        )
        indexes = (
            models.Index(fields=("position", "received_at"), condition=models.Q(state="waiting"), name="ledger_quarantine_waiting"),
            models.Index(fields=("author",), condition=models.Q(state="waiting"), name="ledger_quarantine_author"),
            models.Index(fields=("author", "received_at"), name="ledger_quarantine_own"),
        )

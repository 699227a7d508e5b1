"""The tables of messages and their receipts."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """A short message to workers (消息). It names no resident; its book is that of orders, with which it goes."""

    id = models.UUIDField(primary_key=True)
    book = models.IntegerField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    area = models.UUIDField(null=True)
    sender = models.UUIDField(null=True)
    title = models.TextField()
    words = models.TextField()
    sent_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_message"
        indexes = (
            models.Index(fields=("position", "id"), name="message_position"),
            models.Index(fields=("book",), name="message_book"),
        )


class Receipt(models.Model):
    """Who a message was for, and what became of it (回执). `position` is the message's: its desk sees it, and whoever it is for."""

    pk = models.CompositePrimaryKey("account", "message_id")
    account = models.UUIDField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="receipts")
    position = models.BigIntegerField()
    role = models.TextField()
    place_in_list = models.IntegerField()
    got_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_receipt"

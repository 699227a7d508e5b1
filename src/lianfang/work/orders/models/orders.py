"""Orders and answers as folded from the book; the words of an order; which were chased."""

from __future__ import annotations

from django.db import models


class Words(models.Model):
    """What an order says. Not in the record: payloads hold no free text. It names no resident, and stays with the order book."""

    id = models.UUIDField(primary_key=True)
    title = models.TextField()
    text = models.TextField()
    document = models.TextField()

    class Meta:
        db_table = "orders_words"


class Order(models.Model):
    """An order; its id is that of the record that issued it."""

    id = models.UUIDField(primary_key=True)
    stream = models.UUIDField()
    book = models.IntegerField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    area = models.UUIDField(null=True)
    incident = models.UUIDField(null=True)
    down_to = models.TextField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)
    acknowledge_by = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "orders_order"
        indexes = (models.Index(fields=("issued_at",), name="order_issued_at"),)


class Answer(models.Model):
    """What one place has answered to one order: the first acknowledgement and completion, the last hindrance."""

    id = models.TextField(primary_key=True)
    order = models.UUIDField()
    place = models.UUIDField()
    book = models.IntegerField()
    position = models.BigIntegerField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    hindered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_answer"
        indexes = (models.Index(fields=("order", "place"), name="order_answer"),)


class Closed(models.Model):
    """An order that nobody has to answer any more: since when, why (as words), by whom."""

    order = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    reason = models.TextField()
    by = models.UUIDField(null=True)

    class Meta:
        db_table = "orders_closed"


class Chased(models.Model):
    """An order whose late answers were made into matters: once."""

    order = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "orders_chased"

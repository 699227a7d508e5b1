"""Persons."""

from __future__ import annotations

from django.db import models

from lianfang.ground.people.types import PaperKind, Sex

PURPOSES = {"birth_sealed": "people_person.birth", "paper_sealed": "people_person.paper", "phone_sealed": "people_person.phone"}
"""What each sealed column is bound to (kernel.sealing); its blind index has the same purpose."""


PHONE_PURPOSES = {"sealed": PURPOSES["phone_sealed"]}
"""Further telephone numbers are bound to the same purpose as the first, so that a number has one blind index."""


class Person(models.Model):
    """One human being, resident or worker or both (人员).

    Row security: visible through a residence inside the scope, or because an account acts for the person.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    name_key = models.TextField()
    name_initials = models.TextField()
    sex = models.TextField(choices=[(sex.value, sex.value) for sex in Sex], default=Sex.UNKNOWN)
    birth_sealed = models.BinaryField(null=True)
    paper_kind = models.TextField(choices=[(kind.value, kind.value) for kind in PaperKind], default=PaperKind.NONE)
    paper_sealed = models.BinaryField(null=True)
    paper_index = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_person"
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(paper_sealed__isnull=True, paper_index__isnull=True)
                | models.Q(paper_sealed__isnull=False, paper_index__isnull=False),
                name="person_paper_sealed_and_indexed",
            ),
            models.CheckConstraint(
                condition=models.Q(phone_sealed__isnull=True, phone_index__isnull=True)
                | models.Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="person_phone_sealed_and_indexed",
            ),
        )
        indexes = (
            models.Index(fields=("paper_index",), name="person_by_paper", condition=models.Q(paper_index__isnull=False)),
            models.Index(fields=("phone_index",), name="person_by_phone", condition=models.Q(phone_index__isnull=False)),
            models.Index(fields=("name",), name="person_by_name"),
            models.Index(fields=("name_key",), name="person_by_name_key"),
            models.Index(fields=("name_initials",), name="person_by_name_initials"),
        )


class Phone(models.Model):
    """A telephone number that a person has beside the first (其他电话). Row security: visible with the person."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    sealed = models.BinaryField()
    index = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_phone"
        constraints = (models.UniqueConstraint(fields=("person", "index"), name="phone_of_a_person_once"),)
        indexes = (models.Index(fields=("index",), name="phone_by_index"),)

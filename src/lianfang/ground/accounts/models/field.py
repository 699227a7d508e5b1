"""How a phone gets its credential: codes that carry a login to another browser, and wrong tries counted over the whole installation."""

from __future__ import annotations

from django.db import models


class Handover(models.Model):
    """A short code with which another browser takes over from a device, once, for minutes (转移登录). Of the code only a keyed fingerprint is kept."""

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey("accounts.Device", on_delete=models.CASCADE, related_name="+")
    code_index = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "accounts_handover"


class WrongCode(models.Model):
    """Somebody typed a code that nobody holds. Six digits can be guessed, so that such tries are few for everybody together."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_wrongcode"

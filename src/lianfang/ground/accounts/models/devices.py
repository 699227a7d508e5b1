"""What lets somebody in without a password: devices, joining links, and the links of doors."""

from __future__ import annotations

from django.db import models

from lianfang.ground.accounts.types import JoiningPurpose


class Device(models.Model):
    """A phone or a program that sends records for an account. Of its token only the hash is kept.

    A phone that joined in the field has the public key with which its parcels are proved. `moved_at`: its login was carried to
    another browser; `wiped_at`: after a cut-off it said that nothing is left on it.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    cut_off_at = models.DateTimeField(null=True)
    stolen = models.BooleanField(default=False)
    public_key = models.BinaryField(null=True)
    moved_at = models.DateTimeField(null=True)
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_device"
        constraints = (
            models.CheckConstraint(condition=models.Q(stolen=False) | models.Q(cut_off_at__isnull=False), name="device_stolen_is_cut_off"),
        )


class Joining(models.Model):
    """A link that lets one person set a password or join with a phone, once, for a short time (开通链接)."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    purpose = models.TextField(choices=[(purpose.value, purpose.value) for purpose in JoiningPurpose])
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "accounts_joining"


class DoorLink(models.Model):
    """The opaque link behind the QR code of a door (门牌码).

    The token is derived from door and generation under the keyring, so that a lost sign can be printed again and a
    leaked one is replaced by the next generation. The sign outside shows the link; a card inside the door shows six
    digits, derived likewise, that open the household's own record. Wrong digits lock them for a while.
    """

    door = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+", primary_key=True)
    generation = models.IntegerField(default=1)
    token_index = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    failed = models.IntegerField(default=0)
    locks = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_doorlink"

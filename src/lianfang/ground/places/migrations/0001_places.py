"""The tables of places."""

import django.db.models.deletion
from django.db import migrations, models

import lianfang.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.UUIDField(default=lianfang.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.UUIDField(default=lianfang.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("level", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("code", models.CharField(max_length=12, null=True)),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("floor", models.SmallIntegerField(null=True)),
                ("ordinal", models.IntegerField(default=0)),
                ("longitude", models.FloatField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("since", models.DateField()),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listed_on", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("file", models.CharField(max_length=200)),
                ("rows", models.IntegerField()),
                ("names", models.JSONField()),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("listed_on", "digest"), name="listing_once")],
            },
        ),
        migrations.CreateModel(
            name="GivenPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=12)),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("given_on", models.DateField()),
                (
                    "place",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "db_table": "places_position",
            },
        ),
        migrations.CreateModel(
            name="AreaMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("excluded", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "area",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.area"),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place")),
            ],
        ),
        migrations.AddField(
            model_name="area",
            name="home",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "place",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.place"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlacePast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=12)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("name", models.CharField(max_length=80)),
                ("code", models.CharField(max_length=12, null=True)),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("moved_itself", models.BooleanField(default=False)),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(db_collation="C", max_length=80)),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.area",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="places.place"
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("doors", models.IntegerField()),
                ("dwellings", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["position"], name="tally_position")],
            },
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["parent", "ordinal"], name="place_children"),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(condition=models.Q(("level", "door"), _negated=True), fields=["lo"], name="place_above_door"),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(condition=models.Q(("code__isnull", False)), fields=["code"], name="place_code"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(condition=models.Q(("level", "door")), fields=("lo",), name="place_door_position_once"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(condition=models.Q(("lo__lt", models.F("hi"))), name="place_range"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__gte", models.F("valid_from")),
                    models.Q(("valid_to", None), ("valid_to__gte", models.F("since")), _connector="OR"),
                ),
                name="place_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "province"), ("parent", None)),
                    models.Q(models.Q(("level", "province"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="place_has_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="place_point_on_earth",
            ),
        ),
        migrations.AddIndex(
            model_name="givenposition",
            index=models.Index(fields=["place"], name="position_of_place"),
        ),
        migrations.AddConstraint(
            model_name="givenposition",
            constraint=models.UniqueConstraint(fields=("level", "lo"), name="position_given_once"),
        ),
        migrations.AddIndex(
            model_name="areamember",
            index=models.Index(fields=["area", "valid_to"], name="member_of_area"),
        ),
        migrations.AddConstraint(
            model_name="areamember",
            constraint=models.UniqueConstraint(condition=models.Q(("valid_to", None)), fields=("area", "place"), name="member_once"),
        ),
        migrations.AddConstraint(
            model_name="areamember",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="member_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["name"], name="area_name"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="area_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["grid", "compound", "ten_households", "responsibility", "risk_zone", "sealed", "command", "other"])
                ),
                name="area_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["place"], name="alias_of_place"),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(condition=models.Q(("valid_to", None)), fields=("place", "name"), name="alias_once"),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="alias_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="placepast",
            index=models.Index(fields=["place"], name="past_of_place"),
        ),
        migrations.AddIndex(
            model_name="placepast",
            index=models.Index(fields=["lo"], name="past_position"),
        ),
        migrations.AddIndex(
            model_name="placepast",
            index=models.Index(condition=models.Q(("code__isnull", False)), fields=["code"], name="past_code"),
        ),
        migrations.AddIndex(
            model_name="placepast",
            index=models.Index(fields=["parent"], name="past_children"),
        ),
        migrations.AddIndex(
            model_name="placepast",
            index=models.Index(condition=models.Q(("moved_itself", True)), fields=["place"], name="past_moves"),
        ),
        migrations.AddConstraint(
            model_name="placepast",
            constraint=models.CheckConstraint(condition=models.Q(("valid_from__lte", models.F("valid_to"))), name="past_days_in_order"),
        ),
        migrations.AddConstraint(
            model_name="placepast",
            constraint=models.CheckConstraint(condition=models.Q(("lo__lt", models.F("hi"))), name="past_range"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(fields=["key"], name="searchkey_key"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(condition=models.Q(("place__isnull", False)), fields=["place"], name="searchkey_place"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(condition=models.Q(("area__isnull", False)), fields=["area"], name="searchkey_area"),
        ),
        migrations.AddConstraint(
            model_name="searchkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("place", None), ("area", None), _connector="XOR"), name="searchkey_names_one"
            ),
        ),
    ]

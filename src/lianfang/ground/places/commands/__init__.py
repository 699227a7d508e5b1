"""Verbs of places. Each runs in one transaction, logged under `by`; whether `by` may act here was asked by the door."""

from lianfang.ground.places.commands.areas import drop, end_area, exclude, found_area, include, rename_area
from lianfang.ground.places.commands.changing import (
    add_alias,
    add_floor,
    end,
    end_alias,
    merge_doors,
    rename,
    set_kind,
    set_point,
    split_door,
)
from lianfang.ground.places.commands.divisions import load_divisions, load_shipped
from lianfang.ground.places.commands.drawing import Drawn, draw_areas
from lianfang.ground.places.commands.erasing import unname_doors
from lianfang.ground.places.commands.laying import (
    LaidOut,
    add_building,
    add_door,
    add_doors,
    add_houses,
    add_site,
    add_unit,
    lay_out,
    open_no_fixed_dwelling,
)
from lianfang.ground.places.commands.listed import ListedDoor, add_listed, building_key, floor_of
from lianfang.ground.places.commands.mending import recount, respell_all
from lianfang.ground.places.commands.moving import merge_communities, move
from lianfang.ground.places.rules.layouts import LayoutSpec, parse_layout, preview

__all__ = [
    "Drawn",
    "LaidOut",
    "LayoutSpec",
    "ListedDoor",
    "add_alias",
    "add_building",
    "add_door",
    "add_doors",
    "add_floor",
    "add_houses",
    "add_listed",
    "add_site",
    "add_unit",
    "building_key",
    "draw_areas",
    "drop",
    "end",
    "end_alias",
    "end_area",
    "exclude",
    "floor_of",
    "found_area",
    "include",
    "lay_out",
    "load_divisions",
    "load_shipped",
    "merge_communities",
    "merge_doors",
    "move",
    "open_no_fixed_dwelling",
    "parse_layout",
    "preview",
    "recount",
    "rename",
    "rename_area",
    "respell_all",
    "set_kind",
    "set_point",
    "split_door",
    "unname_doors",
]

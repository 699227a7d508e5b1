"""Faults on purpose: the real program under load is killed, cut off, filled up and misled, and everything is counted again by other ways.

`world` serves a small town, `phones` send to it, `scenarios` break it, `recount` counts; `command` is `./lianfang faults`.
"""

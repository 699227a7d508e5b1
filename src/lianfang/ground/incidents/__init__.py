"""Incidents (事件): what the emergency is, where, since when, until when, and whether it is a drill.

Owns the list of incidents with their timeline of decisions (level, phase, period, rule set), the measures that hold at places (管控措施)
with the orders that raised and lifted them, and the rule sets (防控规则), which are dated files beside the code: none is active by default.
Does not own: what people do because of it (duties), the switch from peacetime (headquarters.playbooks), its end (headquarters.closing).
"""

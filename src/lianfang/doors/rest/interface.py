"""The whole interface, version 1."""

from __future__ import annotations

from ninja import NinjaAPI

from lianfang.doors.rest import (
    arrivals,
    bulletins,
    figures,
    forces,
    frame,
    incidents,
    matters,
    messages,
    orders,
    organisations,
    places,
    plans,
    records,
    rounds,
)

api = NinjaAPI(
    title="联防 Lianfang",
    version="1",
    description="One ledger from the doorstep to the city. Every call is made as a device (bearer token) or as somebody signed in.",
    auth=[frame.ByDevice(), frame.BySession()],
    urls_namespace="rest-1",
    docs_url=None,
)
api.add_router("/places", places.router)
api.add_router("/figures", figures.router)
api.add_router("/bulletins", bulletins.router)
api.add_router("/matters", matters.router)
api.add_router("/messages", messages.router)
api.add_router("/rounds", rounds.router)
api.add_router("/arrivals", arrivals.router)
api.add_router("/incidents", incidents.router)
api.add_router("/orders", orders.router)
api.add_router("/forces", forces.router)
api.add_router("/organisations", organisations.router)
api.add_router("", plans.router)
api.add_router("", records.router)
frame.answers_refusals(api)

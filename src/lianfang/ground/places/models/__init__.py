"""Tables of places. Seen by this context only; others get instances from queries and change nothing."""

from lianfang.ground.places.models.areas import Area, AreaMember
from lianfang.ground.places.models.listings import Listing
from lianfang.ground.places.models.names import Alias, SearchKey
from lianfang.ground.places.models.places import GivenPosition, Place, PlacePast, Tally

__all__ = ["Alias", "Area", "AreaMember", "GivenPosition", "Listing", "Place", "PlacePast", "SearchKey", "Tally"]

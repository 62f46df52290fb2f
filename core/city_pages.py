"""Public addresses that people are pointed to. Nothing here is asked by us."""

from typing import Final
from urllib.parse import quote

from core.catalog import Office

PHONE: Final = "115"  # the public authorities' number, which answers for the City
_SERVICE: Final = "https://stadt.muenchen.de/service/info/{}"  # as the City's own booking page links to it
_PIN: Final = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=18/{lat:.5f}/{lon:.5f}"
_SEARCH: Final = "https://www.openstreetmap.org/search?query={}"


def service_page(service_id: int) -> str:
    """What the City says of the service, with the list of papers that counts."""
    return _SERVICE.format(service_id)


def map_page(office: Office) -> str:
    """Empty for an office that is nowhere."""
    if office.latitude is not None and office.longitude is not None:
        return _PIN.format(lat=office.latitude, lon=office.longitude)
    return _SEARCH.format(quote(office.address)) if office.address else ""

"""The practice city's catalogue as the portal reads it, and what stands in it."""

import json

from core.catalog import Catalog
from portal import contract, contract_catalog
from rehearsal.catalog import load_catalog
from rehearsal.settings import Dialect
from rehearsal.shapes import offices_and_services
from tests.contract_cast import reply

REGISTRATION, PASSPORT, IDENTITY, TEMPORARY = 1063475, 1063453, 1063441, 1080582
BUSINESS, PENSION, CAR_HERE, GOOD_CONDUCT = 1063423, 10387820, 1064314, 1063565
ORLEANS, PASING, RUPPERT, RUPPERT_TRAINING = 102522, 54261, 10489, 10503


def city(spoken: Dialect = Dialect.AUG) -> Catalog:
    said = json.dumps(offices_and_services(load_catalog(), spoken))
    return contract.read_catalog(reply(contract_catalog.ENDPOINT, said))[0]

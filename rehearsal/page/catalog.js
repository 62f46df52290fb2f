// What the catalogue says: which offices offer a service, and which of them one appointment may choose from.

export const sameId = (one, other) => String(one) === String(other);

export class Catalog {
  constructor({ services, offices, relations }, generation) {
    const shape = generation === "feb" ? febService : augService;
    this.services = services.map(shape);
    this.offices = offices;
    this.relations = relations;
    this.generation = generation;
  }

  service(id) {
    return this.services.find((service) => sameId(service.id, id));
  }

  office(id) {
    return this.offices.find((office) => sameId(office.id, id));
  }

  offered() {
    const shown = this.services.filter((service) => service.showOnStartPage === true);
    return this.generation === "feb" ? shown.filter((service) => service.parentId === null) : shown;
  }

  related(serviceId, officeId) {
    return this.relations.some((each) => sameId(each.serviceId, serviceId) && sameId(each.officeId, officeId));
  }

  // Offices of a service with the slots one unit needs there; `among` narrows to these office ids.
  providers(serviceId, among = null) {
    const found = [];
    for (const relation of this.relations) {
      if (!sameId(relation.serviceId, serviceId)) continue;
      const office = this.office(relation.officeId);
      if (!office || (among && !among.some((id) => sameId(id, office.id)))) continue;
      found.push({ ...office, priority: office.priority || 1, slots: relation.slots });
    }
    return found;
  }

  // The captcha box stands there as soon as one office related to the service asks for it.
  needsCaptcha(serviceId) {
    return this.providers(serviceId).some((office) => office.scope?.captchaActivatedRequired === true);
  }
}

const augService = (raw) => ({ ...raw });

function febService({ id, name, maxQuantity, combinable, showOnStartPage, parent_id: parent, variant_id: variant }) {
  const parentId = parent === null || parent === undefined ? null : String(parent);
  const variantId = variant === null || variant === undefined ? null : Number(variant);
  return { id: String(id), name, maxQuantity, combinable, showOnStartPage, parentId, variantId };
}

export const combinations = (service) =>
  Object.values(service.combinable ?? {}).map((pair) => Object.entries(pair)[0]).filter(Boolean);

const list = (value) => (Array.isArray(value) ? value : []);
const mixes = (office) => office.allowDisabledServicesMix === true || list(office.allowDisabledServicesMix).length > 0;
const disables = (office, id) => list(office.disabledByServices).some((each) => sameId(each, id));

export const refusedDeepLink = (office, serviceId) => disables(office, serviceId) && !mixes(office);

// `services`: the chosen ones, each with id and providers. Answers the tiles the page shows, unsorted.
export function selectableOffices(services, generation) {
  if (services.length === 0) return [];
  const everywhere = (office) =>
    services.every((service) => service.providers.some((each) => each.id === office.id));
  const latest = new Map();
  for (const office of services.flatMap((service) => service.providers)) {
    if (everywhere(office)) latest.set(Number(office.id), office);
  }
  const allowed = (office) => mixes(office) || !services.some((service) => disables(office, service.id));
  const offices = [...latest.values()].filter(allowed);
  const groups = generation === "feb" ? groupBy(offices, (office) => office.name) : mixGroups(offices);
  return groups.map((group) => survivor(group, services));
}

function mixGroups(offices) {
  const shared = groupBy(offices, (office) => groupKey(office, office.sharedBookingOfficeIds));
  const lowest = shared.map((group) => [...group].sort((one, other) => one.id - other.id)[0]);
  return groupBy(lowest, (office) => groupKey(office, office.allowDisabledServicesMix));
}

function groupKey(office, ids) {
  const members = list(ids).map(Number).sort((one, other) => one - other);
  return members.length ? members.join(",") : `id:${office.id}`;
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

// Of a group's two faces, the restricted office takes mixed appointments, the clean one those of its own services.
function survivor(group, services) {
  if (group.length === 1) return group[0];
  const clean = group.find((office) => list(office.disabledByServices).length === 0);
  const restricted = group.find((office) => list(office.disabledByServices).length > 0);
  if (!clean || !restricted) return clean ?? restricted ?? group[0];
  return services.every((service) => disables(restricted, service.id)) ? clean : restricted;
}

export function belongsTo(office, preselected, generation) {
  if (!preselected) return false;
  const within = (ids) => list(ids).map(Number).includes(Number(preselected));
  if (sameId(office.id, preselected) || within(office.allowDisabledServicesMix)) return true;
  return generation !== "feb" && (sameId(office.parentId, preselected) || within(office.sharedBookingOfficeIds));
}

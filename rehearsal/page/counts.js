// Slot arithmetic of the counters: an appointment may need at most so many slots, whichever office takes it.
const MOST_SLOTS = 25;

export const slotsOf = (providers) => Math.max(1, ...providers.map((office) => office.slots || 1));

export function slotLimit(providers) {
  const limits = providers.map((office) => Number.parseInt(office.slotsPerAppointment, 10)).filter((n) => n > 0);
  return Math.min(MOST_SLOTS, ...limits);
}

const needOf = (part) => (part.count > 0 ? slotsOf(part.providers) * part.count : 0);

export const slotsTaken = (service) =>
  needOf(service) + (service.subServices ?? []).reduce((sum, sub) => sum + needOf(sub), 0);

// The highest count a counter may show: its own maximum, or what the other counters leave.
export function highest(service, part, limit) {
  const others = slotsTaken(service) - needOf(part);
  const fitting = Math.floor((limit - others) / slotsOf(part.providers));
  const most = Math.max(0, Math.min(part.maxQuantity, fitting));
  return part === service ? Math.max(1, most) : most;
}

// A repeated choice may stand above the limit of the offices now offered.
export function clampCounts(service, limit) {
  if (slotsTaken(service) <= limit) return;
  let left = limit;
  const fit = (part, least) => {
    part.count = Math.max(least, Math.min(part.count, Math.floor(left / slotsOf(part.providers))));
    left -= needOf(part);
  };
  fit(service, 1);
  for (const sub of service.subServices ?? []) fit(sub, 0);
}

// Minutes at this office, or null where one of the services has no relation to it.
export function minutesAt(service, office) {
  if (!service || !office) return null;
  let minutes = 0;
  for (const part of [service, ...(service.subServices ?? []).filter((sub) => sub.count > 0)]) {
    const found = part.providers?.find((each) => each.id === office.id);
    if (!part.count || !found?.slots || !found.slotTimeInMinutes) return null;
    minutes += part.count * found.slots * found.slotTimeInMinutes;
  }
  return minutes;
}

export function leastMinutes(service) {
  const times = service.providers.map((office) => minutesAt(service, office)).filter((minutes) => minutes > 0);
  return times.length ? Math.min(...times) : null;
}

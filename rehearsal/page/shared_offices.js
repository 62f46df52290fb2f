// AUG: offices that share their bookings stand behind one box. All of them are asked, and a slot is booked at the one
// that owns it.
import { sameId } from "./catalog.js";

const groupOf = (office) => (office.sharedBookingOfficeIds ?? []).map(Number);

export class SharedOffices {
  constructor(availability) {
    this.availability = availability;
  }

  // Ticked offices and those of their groups that offer every chosen service.
  asked() {
    const { services } = this.availability;
    const offered = (id) => services.every((service) => service.providers.some((each) => sameId(each.id, id)));
    const ids = new Set();
    for (const id of this.availability.tickedIds()) {
      ids.add(id);
      const office = this.availability.officeById(id);
      if (office) groupOf(office).filter(offered).forEach((peer) => ids.add(peer));
    }
    return [...ids];
  }

  // The ticked office behind whose box this one stands, or null.
  standIn(id) {
    const { offices, ticks } = this.availability;
    return offices.find((office) => ticks[office.id] && groupOf(office).includes(Number(id))) ?? null;
  }

  // The office under whose heading the times of this one are shown.
  displayed(id) {
    const { offices, services } = this.availability;
    const owner = offices.find((office) => groupOf(office).includes(id));
    if (owner) return Number(owner.id);
    const hidden = services.flatMap((service) => service.providers).find((office) => groupOf(office).includes(id));
    if (!hidden) return id;
    const shown = offices.map((office) => Number(office.id)).filter((each) => groupOf(hidden).includes(each));
    return Math.min(...(shown.length ? shown : groupOf(hidden)));
  }

  merge(times) {
    const owners = new Map();
    const merged = new Map();
    for (const { officeId, appointments } of times) {
      const shown = this.displayed(Number(officeId));
      for (const time of appointments) {
        const key = `${shown}_${time}`;
        if (owners.has(key)) continue;
        owners.set(key, Number(officeId));
        merged.set(shown, [...(merged.get(shown) ?? []), time]);
      }
    }
    const sorted = [...merged].map(([officeId, list]) => ({ officeId, appointments: list.sort((a, b) => a - b) }));
    return { merged: sorted, owners };
  }
}

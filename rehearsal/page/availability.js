// Step 2's knowledge that both generations share: the offices to choose from, the ticked ones, the day, the times.
import { belongsTo, sameId, selectableOffices } from "./catalog.js";
import { dateOf, hourOf, monthOf, otherMonth, partOf } from "./dates.js";

export const DEBOUNCE_MS = 150;
const HOURLY_ABOVE = 18;

export class Availability {
  days = []; // {date, providerIDs}
  daysFetched = false;
  switching = false;
  loading = false;
  error = null;
  day = null;
  times = []; // {officeId, appointments} of the day
  count = 0;
  hour = null;
  part = null;
  listView = false;
  infoOpen = false;
  first = null; // days between which the months can be turned
  last = null;
  month = monthOf(new Date().toISOString());
  redrawn = 0; // the calendar is built anew after each answer
  closed = false;

  constructor(app) {
    this.app = app;
    this.services = [app.service, ...(app.service.subServices ?? []).filter((sub) => sub.count > 0)];
    this.offices = this.tiles();
    const ticked = (office) => !app.preselected || belongsTo(office, app.preselected, app.generation);
    this.ticks = Object.fromEntries(this.offices.map((office) => [office.id, ticked(office)]));
  }

  // The preselected office first, the others only where it allows them, then by the City's priority.
  tiles() {
    const { preselected, office: before, route, generation } = this.app;
    const all = selectableOffices(this.services, generation);
    const own = all.filter((office) =>
      preselected ? belongsTo(office, preselected, generation) : before && sameId(office.id, before.id),
    );
    const alone = own.length > 0 && (own[0].showAlternativeLocations === false || route.exclusive);
    const others = all.filter((office) => !own.includes(office) && !sameId(office.id, preselected ?? before?.id));
    const offices = alone ? own : [...own, ...others];
    this.app.office = offices[0] ?? null;
    return offices.sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0));
  }

  begin() {
    this.app.slot = 0;
    this.syncOffice();
    this.open();
  }

  close() {
    this.closed = true;
    window.clearTimeout(this.timer);
  }

  update() {
    if (!this.closed) this.app.update();
  }

  tickedIds() {
    return Object.keys(this.ticks).filter((id) => this.ticks[id]).map(Number);
  }

  // With exactly one office ticked it is the chosen one, before any time is.
  syncOffice() {
    const ticked = this.tickedIds();
    const only = ticked.length === 1 ? this.offices.find((office) => sameId(office.id, ticked[0])) : null;
    this.app.office = only;
  }

  tick(id, on) {
    this.ticks = { ...this.ticks, [id]: on };
    this.syncOffice();
    this.afterTick();
    this.update();
  }

  isTicked(id) {
    return Boolean(this.ticks[String(id).trim()]);
  }

  dayHasTicked = (day) => day.providerIDs.split(",").some((id) => this.isTicked(id));

  officesWithDays() {
    const ids = new Set(this.days.flatMap((day) => day.providerIDs.split(",").map((id) => id.trim())));
    return this.offices.filter((office) => this.appears(office, ids));
  }

  appears(office, ids) {
    return ids.has(String(office.id));
  }

  noneTicked() {
    if (this.tickedIds().length === 0) return true;
    const withDays = this.officesWithDays();
    return withDays.length > 0 && !withDays.some((office) => this.isTicked(office.id));
  }

  // The alert under the boxes, which only offices with an own calendar have.
  mustTick() {
    const boxes = this.offices.filter((office) => office.scope);
    return boxes.length > 0 && !boxes.some((office) => this.isTicked(office.id));
  }

  officeById(id) {
    return this.offices.find((office) => sameId(office.id, id));
  }

  officeName(id) {
    return this.officeById(id)?.name ?? "";
  }

  chooseSlot(officeId, time) {
    this.app.slot = time;
    this.app.office = this.officeById(officeId) ?? null;
    this.app.afterDraw(() => {
      const { root } = this.app;
      root.querySelector(".chosen-slot")?.scrollIntoView({ behavior: "smooth", block: "center" });
      const forward = root.querySelector(".place-and-time > .m-button-group > :last-child");
      forward?.focus({ preventScroll: true });
    });
  }

  isChosen(officeId, time) {
    return this.app.slot === time && sameId(this.app.office?.id, officeId);
  }

  // Whose slot it is that stands under this office's heading.
  ownerOf(officeId) {
    return officeId;
  }

  hourly() {
    return this.count > HOURLY_ABOVE;
  }

  // [{officeId, groups: Map(hour or half day -> times)}] in the order of the tiles.
  grouped(keyOf, times = this.shownTimes()) {
    const place = (office) => this.offices.findIndex((each) => sameId(each.id, office.officeId));
    const rows = times.map(({ officeId, appointments }) => {
      const groups = new Map();
      for (const time of appointments) groups.set(keyOf(time), [...(groups.get(keyOf(time)) ?? []), time]);
      return { officeId: Number(officeId), groups };
    });
    return rows.filter((row) => row.groups.size > 0).sort((one, other) => place(one) - place(other));
  }

  shownTimes() {
    return this.times.filter((office) => this.isTicked(office.officeId));
  }

  groupKeys(keyOf, times) {
    const keys = new Set(this.grouped(keyOf, times).flatMap((row) => [...row.groups.keys()]));
    return keyOf === hourOf ? [...keys].sort((one, other) => one - other) : ["am", "pm"].filter((key) => keys.has(key));
  }

  currentGroup() {
    const keyOf = this.hourly() ? hourOf : partOf;
    const keys = this.groupKeys(keyOf);
    const current = this.hourly() ? this.hour : this.part;
    return { keyOf, keys, current: current ?? keys[0] ?? null };
  }

  showGroup(key) {
    if (this.hourly()) this.hour = key;
    else this.part = key;
    this.update();
  }

  firstGroup() {
    const hours = this.groupKeys(hourOf);
    if (hours.length === 0) return;
    this.hour = hours[0];
  }

  remountCalendar() {
    if (this.day) this.month = monthOf(this.day);
    this.redrawn += 1;
  }

  canTurn(by) {
    if (by < 0) return Boolean(this.first) && this.month > monthOf(this.first);
    return Boolean(this.last) && this.month < monthOf(this.last);
  }

  turn(by) {
    this.month = otherMonth(this.month, by);
    this.update();
  }

  isBefore(key, end) {
    return dateOf(key) < dateOf(end);
  }
}

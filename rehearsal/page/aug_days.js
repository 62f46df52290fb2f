// AUG: the days and times that have been answered so far, and what they mean for the boxes that are ticked.
import { Availability } from "./availability.js";
import { sameId } from "./catalog.js";
import { horizon, monthEnds, monthOf } from "./dates.js";
import { SharedOffices } from "./shared_offices.js";

export class AugDays extends Availability {
  timesByDay = new Map();
  checkedDays = new Set(); // asked for, so an empty one stays closed
  window = null; // the day whose times the last answer carried: [start, end]
  previousBookable = null;
  nextBookable = null;

  constructor(app) {
    super(app);
    this.shared = new SharedOffices(this);
  }

  forgetEverything() {
    this.days = [];
    this.timesByDay = new Map();
    this.checkedDays = new Set();
    this.window = null;
    this.previousBookable = null;
    this.nextBookable = null;
    this.daysFetched = true;
    this.answered = null;
    return false;
  }

  takeCalendar(answer) {
    const days = answer?.availableDays;
    const readable = (day) => day && "date" in day && "providerIDs" in day;
    if (!Array.isArray(days) || !days.every(readable)) return false;
    const { today, end } = horizon();
    this.window = [answer.slotsStartDate ?? answer.startDate ?? today, answer.slotsEndDate ?? answer.endDate ?? end];
    this.previousBookable = answer.prevBookableDate ?? null;
    this.nextBookable = answer.nextBookableDate ?? null;
    const open = days.map((day) => this.takeDay(day)).filter(Boolean);
    const [from] = monthEnds(monthOf(this.window[0]));
    const [, to] = monthEnds(monthOf(this.window[1]));
    const kept = this.days.filter((day) => day.date < from || day.date > to);
    this.days = [...kept, ...open].sort((one, other) => one.date.localeCompare(other.date));
    return true;
  }

  // The day as the calendar keeps it, or null when its times are known to be gone.
  takeDay({ date, providerIDs, offices }) {
    const inWindow = this.inWindow(date);
    const sent = (offices ?? []).map(({ officeId, appointments }) => ({
      officeId: Number(officeId),
      appointments: appointments ?? [],
    }));
    if (inWindow || !this.timesByDay.has(date)) this.timesByDay.set(date, sent);
    if (inWindow) this.checkedDays.add(date);
    if (!providerIDs || (this.checkedDays.has(date) && !this.hasTimes(date))) return null;
    const withTimes = this.timesByDay.get(date).filter((office) => office.appointments.length > 0);
    return { date, providerIDs: withTimes.map((office) => office.officeId).join() || providerIDs };
  }

  inWindow(day) {
    return Boolean(this.window) && day >= this.window[0] && day <= this.window[1];
  }

  hasTimes(day) {
    const offices = this.timesByDay.get(day) ?? [];
    return offices.some((office) => this.isTicked(office.officeId) && office.appointments.length > 0);
  }

  // A box stands for its whole group of offices that share their bookings.
  isTicked(id) {
    return super.isTicked(id) || this.shared.standIn(id) !== null;
  }

  appears(office, ids) {
    return super.appears(office, ids) || (office.sharedBookingOfficeIds ?? []).some((peer) => ids.has(String(peer)));
  }

  earliestLoaded() {
    const loaded = this.days.filter((day) => this.inWindow(day.date));
    const first = loaded.find((day) => this.hasTimes(day.date)) ?? loaded[0] ?? this.days[0];
    return first?.date ?? null;
  }

  fitRange() {
    const days = this.days.map((day) => day.date);
    const { today, end } = horizon();
    const [from, to] = this.window ?? [today, end];
    const earliest = [from, ...days].sort()[0];
    const latest = [to, ...days].sort().at(-1);
    this.first = [this.previousBookable ?? earliest, today].sort().at(-1);
    this.last = [this.nextBookable ?? latest, end].sort()[0];
    if (this.first > this.last) this.last = this.first;
  }

  dayHasBox(day) {
    return day.providerIDs.split(",").some((id) => super.isTicked(id));
  }

  dayIsOpen(key) {
    if (key >= horizon().end) return false;
    const day = this.days.find((each) => each.date === key);
    if (!day || !this.dayHasTicked(day)) return false;
    return this.checkedDays.has(key) || this.inWindow(key) ? this.hasTimes(key) : true;
  }

  ownerOf(officeId, time) {
    return this.owners?.get(`${officeId}_${time}`) ?? officeId;
  }

  officeById(id) {
    const everywhere = this.services.flatMap((service) => service.providers);
    return super.officeById(id) ?? everywhere.find((office) => sameId(office.id, id));
  }

  officeName(id) {
    return super.officeName(this.shared.displayed(Number(id))) || super.officeName(id);
  }

  isChosen(officeId, time) {
    const chosen = this.app.office?.id;
    if (this.app.slot !== time || chosen === undefined) return false;
    return sameId(chosen, officeId) || this.shared.displayed(Number(chosen)) === Number(officeId);
  }

  listDays() {
    return this.days.filter(this.dayHasTicked);
  }

  timesOf(day) {
    const ticked = (this.timesByDay.get(day) ?? []).filter((office) => this.isTicked(office.officeId));
    return this.shared.merge(ticked).merged;
  }

  tickedHasDays() {
    return this.officesWithDays().some((office) => super.isTicked(office.id));
  }
}

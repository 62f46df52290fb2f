// FEB: the days of all offices once, then the times of one day per call. A pause after the first answer and after
// each tick asks again for the same day: the City's page does so too.
import * as api from "./api.js";
import { Availability, DEBOUNCE_MS } from "./availability.js";
import { horizon } from "./dates.js";
import { errorOf, known } from "./errors.js";

export class FebAvailability extends Availability {
  emptyDays = new Set();

  async open() {
    this.settleSoon();
    if (this.offices.length === 0) {
      this.daysFetched = true;
      return this.update();
    }
    // An answer that is not JSON leaves the spinner turning: nobody catches it.
    const answer = await api.febDays(this.question(this.offices.map((office) => Number(office.id))));
    if (this.closed) return undefined;
    const days = answer?.availableDays;
    const readable = (day) => day && "time" in day && "providerIDs" in day;
    if (Array.isArray(days) && days.length > 0 && days.every(readable)) this.takeDays(days);
    else this.error = errorOf(answer) ?? known("genericFallback");
    this.daysFetched = true;
    return this.update();
  }

  question(offices) {
    return { offices, wanted: this.app.wanted, captchaToken: this.app.captchaToken };
  }

  takeDays(days) {
    this.emptyDays.clear();
    this.days = days.map((day) => ({ date: day.time, providerIDs: day.providerIDs }));
    this.error = null;
    this.setDay(this.day ?? this.days[0].date);
    this.remountCalendar();
    this.fitRange();
  }

  setDay(day) {
    if (day === this.day) return;
    this.day = day;
    this.app.slot = 0;
    this.load(day);
  }

  async load(day) {
    this.loading = true;
    this.times = [];
    const ticked = this.tickedIds();
    if (ticked.length === 0) {
      this.loading = false;
      return;
    }
    this.update();
    try {
      this.takeTimes(day, await api.febSlots({ day, ...this.question(ticked) }));
    } catch {
      // An unreadable answer shows as a day without times.
    }
    this.loading = false;
    this.update();
  }

  takeTimes(day, answer) {
    const offices = Array.isArray(answer?.offices) ? answer.offices : null;
    if (offices) {
      this.times = offices;
      this.count = offices.reduce((sum, office) => sum + (office.appointments?.length ?? 0), 0);
      this.firstGroup();
    }
    if (offices && this.count > 0) this.emptyDays.delete(day);
    else this.emptyDays.add(day);
    const nothing = (!offices || this.count === 0) && !this.days.some(this.dayHasTicked);
    this.error = nothing ? known("genericFallback") : null;
  }

  pick(day) {
    if (day === this.day) return;
    this.hour = null;
    this.part = null;
    this.setDay(day);
    this.update();
  }

  fitRange() {
    const days = this.days.filter(this.dayHasTicked);
    if (days.length === 0) return;
    this.first = days[0].date;
    this.last = days.at(-1).date;
    this.remountCalendar();
    this.moveToOfferedDay(days);
  }

  // The next day the ticked offices offer, else the nearest before.
  moveToOfferedDay(days) {
    if (!this.day || days.some((day) => day.date === this.day)) return;
    const next = days.find((day) => day.date >= this.day) ?? days.filter((day) => day.date <= this.day).at(-1);
    if (!next) return;
    this.setDay(next.date);
    this.remountCalendar();
    this.load(next.date);
  }

  afterTick() {
    this.switching = this.days.length > 0;
    if (this.switching) this.error = null;
    this.settleSoon();
  }

  settleSoon() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.settle(), DEBOUNCE_MS);
  }

  settle() {
    const before = this.day;
    this.switching = false;
    this.fitRange();
    if (before && before === this.day) this.load(before);
    this.update();
  }

  dayIsOpen(key) {
    if (key >= horizon().end || this.emptyDays.has(key)) return false;
    const day = this.days.find((each) => each.date === key);
    return Boolean(day) && this.dayHasTicked(day);
  }

  listDays() {
    return this.days.filter((day) => this.dayHasTicked(day) && !this.emptyDays.has(day.date));
  }

  timesOf(day) {
    return day === this.day ? this.shownTimes() : [];
  }

  showsNothingFree() {
    return this.daysFetched && !this.switching && this.noneTicked();
  }

  showsCalendar() {
    const some = this.days.length > 0 && this.tickedIds().length > 0;
    return !this.error && (some || !this.daysFetched || this.switching);
  }

  showsError() {
    return !this.switching && !this.noneTicked();
  }

  sessionLost() {
    return false;
  }

  showList(list) {
    this.listView = list;
    this.update();
  }

  moreListDays() {
    return false;
  }
}

// AUG: one call answers the days of a month and the times of one day. It is asked again for each day, each month and
// each change of offices; a question already answered or under way is not repeated.
import * as api from "./api.js";
import { AugDays } from "./aug_days.js";
import { DEBOUNCE_MS } from "./availability.js";
import { dateOf, horizon, keyOf, monthOf, otherMonth } from "./dates.js";
import { errorOf, known } from "./errors.js";

const SESSION_CODES = ["captchaExpired", "captchaInvalid", "captchaMissing"];

export class AugAvailability extends AugDays {
  sessionOver = false;
  answered = null;
  under = null; // {key, answer} of the call under way
  generation = 0;
  opening = true;

  async open() {
    this.switching = true;
    if (this.offices.length === 0) {
      this.daysFetched = true;
      this.switching = false;
      return this.update();
    }
    const loaded = await this.load();
    this.opening = false;
    // A refusal keeps the spinner's flags as they are: neither calendar nor message is drawn.
    if (loaded && this.day) this.showTimes(this.day);
    if (loaded) this.switching = false;
    return this.update();
  }

  async load({ keepDay = false, replaceDays = !keepDay, follow = true, day = null } = {}) {
    const offices = this.shared.asked();
    const asked = day ?? this.day ?? horizon().today;
    if (offices.length === 0) return this.forgetEverything();
    const key = `${[...offices].sort().join()}|${asked}`;
    if (this.answered === key && this.daysFetched) return true;
    if (this.under?.key === key) return this.under.answer;
    this.abort?.abort();
    this.abort = new AbortController();
    if (!keepDay) {
      this.checkedDays = new Set();
      this.timesByDay = new Map();
    }
    if (replaceDays) this.days = [];
    const answer = this.ask({ key, offices, day: asked, keepDay, follow });
    this.under = { key, answer };
    return answer;
  }

  async ask({ key, offices, day, keepDay, follow }) {
    const generation = (this.generation += 1);
    const { wanted, captchaToken } = this.app;
    const question = { day, offices, wanted, captchaToken, signal: this.abort.signal };
    const answer = await api.augCalendar(question).catch((error) => ({ unreadable: error }));
    if (generation !== this.generation || this.closed) return false;
    this.under = null;
    if (answer?.unreadable) return this.unreadable();
    const failure = errorOf(answer);
    if (failure || !this.takeCalendar(answer)) return this.refuse(failure ?? known("genericFallback"));
    this.answered = key;
    this.daysFetched = true;
    if (!this.sessionOver) this.error = null;
    if (!keepDay && !this.day) this.day = this.earliestLoaded();
    if (follow && this.day && !this.inWindow(this.day)) return this.load({ keepDay: true, follow: false });
    this.remountCalendar();
    this.fitRange();
    return true;
  }

  unreadable() {
    this.error = known("genericFallback");
    this.daysFetched = true;
    this.switching = false;
    this.update();
    return false;
  }

  refuse(error) {
    this.error = error;
    if (SESSION_CODES.includes(error.code)) this.endSession();
    this.update();
    return false;
  }

  endSession() {
    this.sessionOver = true;
    this.forgetEverything();
    this.day = null;
    this.times = [];
    this.app.slot = 0;
    this.switching = false;
    this.loading = false;
  }

  showTimes(day) {
    const ticked = (this.timesByDay.get(day) ?? []).filter((office) => this.isTicked(office.officeId));
    const { merged, owners } = this.shared.merge(ticked);
    this.times = merged;
    this.owners = owners;
    this.count = merged.reduce((sum, office) => sum + office.appointments.length, 0);
    this.error = this.count === 0 ? known("noAppointmentForThisDay") : null;
    this.loading = false;
    this.firstGroup();
  }

  async pick(day) {
    if (this.sessionOver) return;
    const same = day === this.day;
    this.error = null;
    this.app.error = null;
    if (!same) {
      this.day = day;
      this.app.slot = 0;
      this.hour = null;
      this.part = null;
    }
    const picked = (this.picked = (this.picked ?? 0) + 1);
    this.loading = true;
    this.update();
    const loaded = await this.load({ keepDay: true });
    if (picked !== this.picked) return;
    this.loading = false;
    if (loaded) this.showTimes(day);
    this.update();
  }

  // With a bookable day known in that direction, turning the page goes there and takes it.
  turn(by) {
    if (this.loading) return;
    const marked = by < 0 ? this.previousBookable : this.nextBookable;
    if (marked) this.pick(marked);
    else super.turn(by);
  }

  afterTick() {
    if (this.sessionOver) return;
    this.error = null;
    this.app.error = null;
    this.switching = this.tickedIds().length > 0;
    if (this.opening || !this.daysFetched) return;
    window.clearTimeout(this.timer);
    const turn = (this.ticking = (this.ticking ?? 0) + 1);
    this.timer = window.setTimeout(() => this.settle(turn), DEBOUNCE_MS);
  }

  async settle(turn) {
    await this.refreshOffices();
    if (turn !== this.ticking) return;
    this.switching = false;
    this.update();
  }

  async refreshOffices() {
    const offices = this.shared.asked();
    if (offices.length === 0) return;
    if (`${[...offices].sort().join()}|${this.day ?? horizon().today}` === this.answered) return;
    this.switching = true;
    if (!(await this.load({ keepDay: true, replaceDays: true }))) return;
    const days = this.days.filter((day) => this.dayHasBox(day)).map((day) => day.date);
    if (days.length === 0) return;
    if (days[0] === this.day) this.showTimes(this.day);
    else await this.pick(days[0]);
  }

  showsNothingFree() {
    const nothing = this.noneTicked() || !this.tickedHasDays();
    return !this.sessionLost() && this.daysFetched && nothing && !this.switching;
  }

  showsCalendar() {
    const passable = !this.error || this.error.code === "noAppointmentForThisDay";
    return !this.sessionLost() && passable && (this.tickedHasDays() || !this.daysFetched || this.switching);
  }

  showsError() {
    return !this.switching && (this.sessionLost() || !this.noneTicked());
  }

  sessionLost() {
    const codes = [this.error?.code, this.app.error?.code];
    return this.sessionOver || codes.some((code) => SESSION_CODES.includes(code));
  }

  showList(list) {
    this.listView = list;
    this.update();
    if (list || !this.day) return;
    this.remountCalendar();
    this.pick(this.day);
  }

  moreListDays() {
    const last = this.days.at(-1)?.date;
    return Boolean(this.nextBookable) && (!last || this.nextBookable > last);
  }

  async loadMoreListDays() {
    const { today, end } = horizon();
    const last = this.days.at(-1)?.date ?? today;
    let day = this.nextBookable > last ? this.nextBookable : `${otherMonth(monthOf(last), 1)}-01`;
    const known = (month) => this.days.some((each) => monthOf(each.date) === month);
    while (day <= end && known(monthOf(day))) day = keyOf(dateOf(`${otherMonth(monthOf(day), 1)}-01`));
    if (day > end) return;
    await this.load({ keepDay: true, replaceDays: false, follow: false, day });
    this.update();
  }
}

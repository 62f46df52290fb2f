// The days as a list that opens one day at a time.
import { dayText, hourOf, partOf } from "./dates.js";
import { h } from "./dom.js";
import { dayRows, groupPager, slotGrid } from "./slot_grid.js";
import { button } from "./widgets.js";

const FIRST_DAYS = 5;
const MORE_DAYS = 3;
const HOURLY_ABOVE = 18;

export class ListView {
  shown = FIRST_DAYS;
  open = null;
  groups = new Map(); // day -> the hour or half day paged to

  constructor(availability) {
    this.availability = availability;
    const first = availability.listDays()[0];
    // AUG opens the first day itself, which asks for its times once more.
    if (first && !availability.app.feb) this.toggle(first.date);
  }

  toggle(day) {
    this.open = this.open === day ? null : day;
    this.groups.delete(day);
    if (this.open) this.availability.pick(day);
    this.availability.update();
  }

  more() {
    this.shown += MORE_DAYS;
    if (this.shown >= this.availability.listDays().length && this.availability.moreListDays()) {
      this.availability.loadMoreListDays();
    }
    this.availability.update();
  }

  render() {
    const days = this.availability.listDays();
    const longer = days.length > this.shown || this.availability.moreListDays();
    const more = button(this.availability.app.t("loadMore"), { press: () => this.more() });
    const entries = days.slice(0, this.shown).map((day, index) => this.entry(day.date, index));
    return h("div", { key: "list" }, h("div", { id: "listViewAccordion" }, entries), longer ? more : null);
  }

  entry(day, index) {
    const open = this.open === day;
    const heading = { id: `listHeading-${index}`, class: "m-accordion__section-header" };
    const props = { type: "button", class: "m-accordion__section-button", "aria-expanded": String(open) };
    return h(
      "div",
      { key: day },
      h(
        "h4",
        heading,
        h("button", { ...props, on: { click: () => this.toggle(day) } }, dayText(day)),
      ),
      h(
        "section",
        { id: `listContent-${index}`, class: `collapse${open ? " show" : ""}`, "aria-labelledby": `listHeading-${index}` },
        this.availability.loading && open ? null : this.times(day),
      ),
    );
  }

  times(day) {
    const { availability } = this;
    const times = availability.timesOf(day);
    const count = times.reduce((sum, office) => sum + office.appointments.length, 0);
    if (count === 0) return null;
    const keyOf = count > HOURLY_ABOVE ? hourOf : partOf;
    const keys = availability.groupKeys(keyOf, times);
    const paged = this.groups.get(day);
    const current = keys.includes(paged) ? paged : keys[0];
    const show = (key) => {
      this.groups.set(day, key);
      availability.update();
    };
    const titled = availability.offices.length > 1;
    const rows = dayRows(availability, { rows: availability.grouped(keyOf, times), current, titled });
    return [rows.map((row) => slotGrid(availability, row)), groupPager(availability, { keys, current, show })];
  }
}

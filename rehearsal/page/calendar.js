// The month with its days. A day's name has no month in it; the heading above says which one is shown.
import { monthGrid, monthText } from "./dates.js";
import { h } from "./dom.js";
import { button } from "./widgets.js";

const WEEKDAYS = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];

export function calendar(availability) {
  const { month } = availability;
  const { blanks, days } = monthGrid(month);
  const arrow = (sign) => h("span", { "aria-hidden": "true" }, sign);
  const turn = (by) => ({ variant: "ghost", off: !availability.canTurn(by), press: () => availability.turn(by) });
  return h(
    "div",
    { class: "calendar", key: `calendar-${availability.redrawn}` },
    h(
      "div",
      { class: "calendar-caption" },
      button(arrow("‹"), { ...turn(-1), label: "Vorheriger Monat" }),
      h("h3", {}, monthText(month)),
      button(arrow("›"), { ...turn(1), label: "Nächster Monat" }),
    ),
    h("div", { class: "muc-calendar-container table-header" }, WEEKDAYS.map((day) => h("strong", {}, day))),
    h(
      "div",
      { class: "muc-calendar-container", key: month },
      Array.from({ length: blanks }, () => h("div", {})),
      days.map((day) => cell(availability, day)),
    ),
  );
}

function cell(availability, day) {
  const open = availability.dayIsOpen(day);
  const selected = day === availability.day;
  const number = Number(day.slice(8));
  const classes = [selected ? "selected" : "", open ? "" : "disabled-tile", "muc-calendar-item"].filter(Boolean);
  // A second press on the chosen day does not take it back.
  const pick = () => open && !selected && availability.pick(day);
  const keydown = (event) => {
    if (event.key === "Enter") pick();
  };
  const props = { class: classes.join(" "), tabindex: open ? "0" : "-1", role: "button" };
  return h(
    "div",
    { ...props, "aria-label": `${number} auswählen`, "aria-disabled": String(!open), on: { click: pick, keydown } },
    number,
  );
}

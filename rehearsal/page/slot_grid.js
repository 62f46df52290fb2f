// The times of one office in one hour or half day, and the paging between hours.
import { timeText } from "./dates.js";
import { h } from "./dom.js";
import { button } from "./widgets.js";

export const groupLabel = (app, key) => (typeof key === "number" ? `${key}:00-${key}:59` : app.t(key));

export function slotGrid(availability, { officeId, times, label, titled }) {
  const title = h("h5", { id: `provider-${officeId}`, class: "location-title" }, availability.officeName(officeId));
  return h(
    "div",
    { id: `timeslot-grid-provider-${officeId}`, class: "slot-grid" },
    titled ? title : null,
    h(
      "div",
      { class: "slot-row" },
      h("p", { class: "slot-group" }, label),
      h("div", { class: "grid" }, times.map((time) => slot(availability, { officeId, time }))),
    ),
  );
}

function slot(availability, { officeId, time }) {
  const { app } = availability;
  const owner = availability.ownerOf(officeId, time);
  const text = timeText(time);
  const name = availability.officeName(owner) || availability.officeName(officeId);
  const marks = app.feb ? {} : { "data-provider-id": String(owner) };
  const look = {
    id: `provider-${owner}-timeslot-${time}`,
    variant: availability.isChosen(owner, time) ? "primary" : "secondary",
    extra: "timeslot",
    label: `${text} ${app.t("clock")}${name ? `, ${name}` : ""}`,
    data: marks,
    press: () => availability.chooseSlot(owner, time),
  };
  const place = app.feb ? {} : { ...marks, "data-timeslot": String(time) };
  return h("div", { class: "grid-item", key: `${owner}-${time}`, ...place }, button(text, look));
}

// Rows of one day: with several offices only the current hour or half day of each, with one office all of them.
export function dayRows(availability, { rows, current, titled }) {
  const alone = availability.offices.length === 1;
  return rows
    .filter(({ groups }) => alone || groups.has(current))
    .flatMap(({ officeId, groups }) =>
      [...groups]
        .filter(([key]) => alone || key === current)
        .map(([key, times]) => ({ officeId, key, times }))
        .map((row) => ({ ...row, label: groupLabel(availability.app, row.key), titled })),
    );
}

export function groupPager(availability, { keys, current, show }) {
  if (availability.offices.length < 2) return null;
  const { t } = availability.app;
  const at = keys.indexOf(current);
  const step = (by) => ({ variant: "ghost", off: !(at + by in keys), press: () => show(keys[at + by]) });
  return h(
    "div",
    { class: "m-button-group pager", key: `pager-${current}` },
    button(t("earlier"), step(-1)),
    button(t("later"), { ...step(1), extra: "float-right" }),
  );
}

// Step 2: where and when.
import { calendar } from "../calendar.js";
import { minutesAt } from "../counts.js";
import { dayText, timeText } from "../dates.js";
import { cleanHtml, h } from "../dom.js";
import { hold } from "../flow.js";
import { ListView } from "../list_view.js";
import { emptyInfo, releaseInfo } from "../release_info.js";
import { dayRows, groupPager, slotGrid } from "../slot_grid.js";
import { button, buttons, callout, component, content, dialogModal, drawnModal, spinner } from "../widgets.js";
import { officeChoice } from "./offices.js";

export function placeAndTime(app) {
  const { availability } = app;
  const lost = availability.sessionLost();
  const failure = app.bookingError() ?? availability.error;
  const empty = availability.showsNothingFree();
  return h(
    "div",
    { class: "place-and-time" },
    lost ? null : officeChoice(app),
    empty ? nothingFree(app) : availability.showsCalendar() ? times(app) : null,
    failure && availability.showsError() ? failureNotice(app, failure) : null,
    buttons(
      app.moving ? null : button(app.t("back"), { variant: "secondary", press: () => app.back() }),
      button(h("span", {}, nextName(app)), { off: nextIsOff(app), press: () => hold(app) }),
    ),
    infoModal(app),
  );
}

const nextName = (app) => (app.moods.has("missing-control") ? "Fortfahren" : app.t("next"));
const timeWords = (app) => (app.moods.has("unknown-headline") ? "Ihr Wunschtermin" : app.t("time"));
const nextIsOff = (app) => app.slot === 0 || !app.availability.day || Boolean(app.busy.reserving);

function times(app) {
  const { availability } = app;
  const searching = !availability.daysFetched || availability.switching;
  return component(
    viewToggle(app),
    h("div", { key: searching ? "searching" : "times" }, searching ? spinner(app.t("spinnerText")) : view(app)),
    h("div", { class: "chosen-slot", "aria-live": "polite" }, chosen(app)),
  );
}

function viewToggle(app) {
  const { availability } = app;
  const { t } = app;
  const [active, other] = availability.listView
    ? ["listViewActiveLabel", "switchToCalendarViewAriaLabel"]
    : ["calendarViewActiveLabel", "switchToListViewAriaLabel"];
  const click = () => {
    availability.list = null;
    availability.showList(!availability.listView);
  };
  const words = (key) => h("span", { "aria-hidden": "true" }, t(key));
  return h(
    "div",
    { class: "calendar-list-toggle-container" },
    h("h2", { id: "viewToggleLabel" }, timeWords(app)),
    h(
      "button",
      { class: "m-toggle-switch", type: "button", "aria-label": `${t(active)} ${t(other)}`, on: { click } },
      words("calendarView"),
      h("span", { class: `m-toggle-switch__indicator${availability.listView ? " pressed" : ""}`, "aria-hidden": "true" }),
      words("listView"),
    ),
  );
}

function view(app) {
  const { availability } = app;
  if (!availability.listView) return [calendar(availability), dayTimes(app)];
  availability.list ??= new ListView(availability);
  return [content(h("h3", {}, app.t("availableTimes")), infoButton(app, releaseInfo(availability))), availability.list.render()];
}

function dayTimes(app) {
  const { availability } = app;
  const { keyOf, keys, current } = availability.currentGroup();
  const rows = availability.grouped(keyOf);
  if (!availability.day || (rows.length === 0 && !availability.loading)) return null;
  const show = (key) => availability.showGroup(key);
  const heading = content(h("h3", {}, app.t("availableTimes")));
  if (availability.loading) return component(heading, spinner(app.t("spinnerText")));
  const titled = availability.offices.length > 1;
  return component(
    heading,
    infoButton(app, releaseInfo(availability)),
    h("div", { class: "day-line" }, h("h4", {}, dayText(availability.day))),
    h("div", { key: availability.day }, dayRows(availability, { rows, current, titled }).map((row) => slotGrid(availability, row))),
    groupPager(availability, { keys, current, show }),
  );
}

function chosen(app) {
  const { availability, office, slot } = app;
  if (!office || !availability.day || slot <= 0) return null;
  const part = app.feb ? (name) => [h("strong", {}, name), h("br")] : (name) => h("h3", {}, name);
  const remote = app.service.variantId === 2 || app.service.variantId === 3;
  const { street, house_number: number } = office.address;
  const info = cleanHtml(office.scope?.infoForAppointment);
  const place = remote ? app.t(`appointmentTypes.${app.service.variantId}`) : [office.name, h("br"), ` ${street} ${number}`];
  const when = `${dayText(availability.day)}, ${timeText(slot)} ${app.t("clock")}`;
  const length = ` ${app.t("estimatedDuration")} ${minutesAt(app.service, office) ?? ""} ${app.t("minutes")}`;
  const told = [
    h("div", {}, part(app.t("location")), h("p", { id: `provider-${office.id}` }, place)),
    h("div", {}, part(app.t("time")), h("p", {}, when, h("br"), length)),
    info ? h("div", {}, part(app.t("hint")), h("div", { html: info })) : null,
  ];
  return callout("default", app.t("selectedAppointment"), app.feb ? h("p", {}, told) : told);
}

// These two callouts have a heading within their heading.
function headed(app, kind, head, { text, info }) {
  const inner = app.feb ? h("p", {}, h("div", {}, text), info) : [h("p", {}, text), info ? h("p", {}, info) : null];
  return component(h("h2", {}, timeWords(app)), callout(kind, h("h3", {}, head), inner));
}

function nothingFree(app) {
  const [head, text] = app.errorWords("noAppointmentForThisScope");
  return headed(app, "default", head, { text, info: infoButton(app, emptyInfo(app.availability)) });
}

function failureNotice(app, error) {
  const [head, text] = app.errorWords(error.code);
  const none = ["noAppointmentForThisScope", "noAppointmentForThisDay"].includes(error.code);
  const info = none ? infoButton(app, releaseInfo(app.availability)) : null;
  return headed(app, error.callout, head, { text, info });
}

function infoButton(app, html) {
  if (!html) return null;
  const press = () => {
    app.availability.infoOpen = html;
    app.update();
  };
  return content(button(app.t("newAppointmentsInfoLink"), { variant: "ghost", press }));
}

function infoModal(app) {
  const shut = () => {
    app.availability.infoOpen = false;
    app.update();
  };
  const open = app.availability.infoOpen;
  const shown = { title: app.t("newAppointmentsInfoLink"), html: open || releaseInfo(app.availability), shut };
  if (app.feb) return open ? drawnModal(shown) : null;
  return dialogModal({ ...shown, open: Boolean(open) });
}

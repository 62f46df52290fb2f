// Which of the page's parts stand together: an outage, the steps, or an ending.
import { h } from "./dom.js";
import { stepper } from "./stepper.js";
import { contact } from "./steps/contact.js";
import { endings } from "./steps/endings.js";
import { overview } from "./steps/overview.js";
import { placeAndTime } from "./steps/place_time.js";
import { button, callout, errorNotice, pageNotice } from "./widgets.js";

const container = (...children) => h("div", { class: "container" }, children);

export function frame(app) {
  if (app.downtime) return container(outage(app));
  if (app.error?.code === "rateLimitExceeded") return container(throttled(app, app.error));
  return [showsSteps(app) ? steps(app) : null, h("div", { key: "endings" }, container(endings(app)))];
}

function outage(app) {
  const [kind, name] = app.downtime === "maintenance" ? ["warning", "maintenancePage"] : ["error", "systemFailurePage"];
  return pageNotice(app, kind, app.t(`${name}Header`), app.t(`${name}Text`));
}

function throttled(app, error) {
  return pageNotice(app, error.callout, ...app.errorWords(error.code));
}

function showsSteps(app) {
  const gone = ["appointmentNotFound", "invalidJumpinLink"].includes(app.error?.code);
  return app.view < 4 && !gone && (!app.route.confirm || app.alreadyActivated);
}

function steps(app) {
  return h("div", { key: "steps" }, app.isPast() ? null : stepper(app), container(step(app)));
}

// AUG keeps step 2 in the page, hidden, while step 3 is shown.
function step(app) {
  const kept = app.availability && (app.view === 1 || (app.view === 2 && !app.feb));
  const style = app.view === 1 ? null : "display: none";
  return [
    h("div", { key: "service" }, showsService(app) ? app.serviceStep.render() : null),
    h("div", { key: "place", style }, kept ? placeAndTime(app) : null),
    h("div", { key: "contact" }, app.view === 2 ? contact(app) : null),
    h("div", { key: "overview" }, app.view === 3 && app.appointment ? lastStep(app) : null),
  ];
}

const showsService = (app) => app.view === 0 && !app.route.appointment && !app.alreadyActivated;

function lastStep(app) {
  if (app.isPast()) return past(app);
  const refused = app.error && ["update", "preconfirm"].includes(app.errorContext());
  return refused ? errorNotice(app, app.error) : overview(app);
}

function past(app) {
  return [
    callout("error", app.t("rescheduleErrorHeader"), h("p", {}, app.t("rescheduleErrorText"))),
    button(app.t("newAppointmentButton"), { press: () => app.restart() }),
  ];
}

// Step 4: everything once more, the consents, and for an existing appointment the ways to move or cancel it.
import { minutesAt } from "../counts.js";
import { summaryText } from "../dates.js";
import { cleanHtml, h } from "../dom.js";
import { known } from "../errors.js";
import { book, cancelAppointment, keepOld, reschedule } from "../flow.js";
import { button, buttons, component, content, errorNotice } from "../widgets.js";
import { consents, consentsGiven } from "./consents.js";

const INFO = "https://stadt.muenchen.de/service/info/";
const REMOTE = [2, 3];

export function overview(app) {
  const expired = app.isExpired();
  const { processId, displayNumber } = app.appointment;
  const id = `process-${processId}-displayNumber-${displayNumber}`;
  return [
    h("div", { id, key: "overview", class: "m-component" }, expired ? timedOut(app) : [banner(app), summary(app)]),
    expired ? null : managing(app),
    expired ? null : moving(app),
    app.managing || app.moving ? null : booking(app, expired),
  ];
}

const timedOut = (app) => errorNotice(app, known("sessionTimeout"));

function banner(app) {
  if (!app.alreadyActivated || app.moving) return null;
  const mark = { "data-test": "appointment-already-activated-banner" };
  const text = app.t("appointmentAlreadyActivatedHeader");
  return h("div", { class: "m-banner m-banner--success", role: "dialog", "aria-label": "Erfolg", ...mark }, h("p", {}, text));
}

function summary(app) {
  const { appointment, office, t } = app;
  const info = cleanHtml(appointment.scope?.infoForAppointment);
  const minutes = minutesAt(app.service, office) ?? "";
  const when = `${summaryText(Number(appointment.timestamp))} ${t("clock")} `;
  return h(
    "div",
    { class: "m-contact" },
    content(h("h2", {}, `${t("your")} ${t("appointment")}`)),
    section(t("service"), services(app)),
    section(t("location"), office ? place(app) : null),
    section(t("time"), h("p", {}, when, h("br"), ` ${t("estimatedDuration")} ${minutes} ${t("minutes")}`)),
    info ? section(t("hint"), h("div", { tabindex: "0", html: info })) : null,
    section(t("contact"), visitor(app)),
    app.managing ? null : consents(app),
  );
}

const section = (name, ...inner) => [content(h("h3", {}, name)), h("div", { class: "m-content border-bottom" }, inner)];

function services(app) {
  const { service } = app;
  const link = (id, name, own) =>
    h("a", { href: INFO + id, target: "_blank", class: "m-link", tabindex: "0", id: own }, name);
  const chosen = service.subServices.filter((sub) => sub.count > 0);
  return [
    h("p", { id: `service-${service.id}` }, `${service.count}x `, link(service.rootParentId ?? service.id, service.name)),
    h("div", {}, chosen.map((sub) => h("p", {}, `${sub.count}x `, link(sub.id, sub.name, `subservice-${sub.id}`)))),
  ];
}

function place(app) {
  const { office, appointment, t } = app;
  const { variantId } = app.service;
  const { street, house_number: number, postal_code: code, city } = office.address;
  const hint = cleanHtml(appointment.scope?.hint);
  const kind = variantId ? h("p", {}, h("strong", {}, t(`appointmentTypes.${variantId}`))) : null;
  const kindHint = [1, 2, 3].includes(variantId) ? h("p", {}, t(`locationVariantText.${variantId}`)) : null;
  const address = [
    h("p", {}, h("strong", {}, t("address"))),
    h("p", {}, `${street} ${number}`, h("br"), ` ${code} ${city}`, hint ? h("span", { html: `<br><br>${hint}` }) : null),
  ];
  return h(
    "div",
    { id: `provider-${office.id}` },
    h("p", { id: `provider-${office.id}` }, office.name),
    REMOTE.includes(variantId) ? null : address,
    kind,
    kindHint,
  );
}

function visitor(app) {
  const { appointment } = app;
  const { familyName, email, telephone, scope } = appointment;
  const text = (label, value) =>
    value ? h("div", { tabindex: "0" }, h("strong", {}, label ?? ""), h("p", { class: "plain-text" }, value)) : null;
  return [
    h("p", {}, familyName, h("br"), ` ${email}`, h("br"), ` ${telephone ?? ""}`),
    text(scope?.customTextfieldLabel, appointment.customTextfield),
    text(scope?.customTextfield2Label, appointment.customTextfield2),
  ];
}

function managing(app) {
  if (!app.managing) return null;
  const off = Boolean(app.busy.cancelling);
  return buttons(
    button(app.t("rescheduleAppointment"), { press: () => reschedule(app) }),
    button(h("span", {}, app.t("cancelAppointment")), { variant: "secondary", off, press: () => cancelAppointment(app) }),
  );
}

function moving(app) {
  if (!app.moving) return null;
  const off = !consentsGiven(app) || Boolean(app.busy.booking);
  return buttons(
    button(h("span", {}, app.t("rescheduleAppointment")), { off, press: () => book(app) }),
    button(app.t("cancelReschedule"), { variant: "secondary", press: () => keepOld(app) }),
  );
}

function booking(app, expired) {
  const off = !consentsGiven(app) || Boolean(app.busy.booking);
  return buttons(
    button(app.t("back"), { variant: "secondary", press: () => app.back() }),
    expired ? null : button(h("span", {}, app.t("bookAppointment")), { off, press: () => book(app) }),
  );
}

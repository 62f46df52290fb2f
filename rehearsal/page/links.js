// What the mailed links do: a confirm link activates at once, an appointment link opens (or cancels) the appointment.
import * as api from "./api.js";
import { Catalog, sameId } from "./catalog.js";
import { stateOf } from "./downtime.js";
import { cancelAppointment, reschedule } from "./flow.js";
import { readLink } from "./router.js";

export function openRoute(app) {
  if (app.route.confirm) return openConfirm(app, app.route.confirm);
  if (app.route.appointment) return openAppointment(app, app.route.appointment);
  return app.serviceStep.catalog ? undefined : app.serviceStep.open();
}

async function openConfirm(app, encoded) {
  if (encoded === app.confirmedLink) return app.confirmed ? showActivated(app, encoded) : undefined;
  const link = readLink(encoded);
  if (!link) return app.fail("appointmentNotFound");
  app.confirmedLink = encoded;
  app.openedLink = null;
  app.error = null;
  app.view = 5;
  const answer = await api.confirm(link);
  if (answer.processId !== undefined) return activated(app, answer);
  return notActivated(app, { answer, link, encoded });
}

export function activated(app, appointment) {
  app.confirmed = true;
  app.appointment = appointment;
  app.error = null;
  app.update();
}

// FEB cannot tell an appointment activated before from one that ran out; AUG asks for it and shows it.
async function notActivated(app, { answer, link, encoded }) {
  const code = answer.errors?.[0]?.errorCode;
  if (code === "appointmentNotFound") return app.fail("preconfirmationExpired");
  if (code !== "processNotPreconfirmedAnymore") return app.fail(answer);
  if (app.feb) return app.fail("preconfirmationExpired");
  const found = await api.appointment(link);
  return found?.processId === undefined ? app.fail("preconfirmationExpired") : showActivated(app, encoded);
}

function showActivated(app, encoded) {
  app.error = null;
  app.confirmed = false;
  app.alreadyActivated = true;
  return openAppointment(app, encoded);
}

async function openAppointment(app, encoded) {
  if (encoded === app.openedLink) return undefined;
  const link = readLink(encoded);
  if (!link && !app.feb) return app.fail("appointmentNotFound");
  app.openedLink = encoded;
  app.error = null;
  app.managing = true;
  const answer = await api.catalogue();
  const state = stateOf(answer);
  if (state) return app.down(state);
  if (!link) return app.fail("appointmentNotFound");
  if (answer.errors) return app.fail(answer);
  app.serviceStep.catalog = new Catalog(answer, app.generation);
  const found = await api.appointment(link);
  if (found?.processId === undefined) return app.fail("appointmentNotFound");
  return show(app, { appointment: found, action: link.action });
}

function show(app, { appointment, action }) {
  app.appointment = appointment;
  app.captchaToken = appointment.captchaToken || app.captchaToken;
  const { catalog } = app.serviceStep;
  const raw = catalog.service(appointment.serviceId);
  if (!raw) return app.update();
  app.preselected = appointment.officeId;
  app.office = catalog.office(appointment.officeId) ?? null;
  app.service = {
    ...raw,
    id: app.feb ? appointment.serviceId : raw.id, // FEB moves an appointment with the number, books with a string
    count: appointment.serviceCount,
    providers: catalog.providers(raw.id),
    subServices: appointment.subRequestCounts.map((sub) => subService(catalog, sub)),
  };
  if (!action || app.isPast()) return app.show(3);
  return action === "reschedule" ? reschedule(app) : cancelAppointment(app);
}

function subService(catalog, { id, name, count }) {
  const known = catalog.services.find((service) => sameId(service.id, id));
  return { id, name, maxQuantity: known?.maxQuantity ?? count, count, providers: catalog.providers(id) };
}

// The calls that change something, in the City's order: hold, details, preconfirm, cancel, and moving an appointment.
import * as api from "./api.js";
import { AugAvailability } from "./availability_aug.js";
import { FebAvailability } from "./availability_feb.js";
import { activated } from "./links.js";

// One of each at a time; a call that answers no JSON leaves the page as it was.
async function exclusively(app, name, act) {
  if (app.busy[name]) return;
  app.busy[name] = true;
  app.update();
  try {
    await act();
  } finally {
    app.busy[name] = false;
    app.update();
  }
}

export function openPlaceAndTime(app) {
  app.closeAvailability();
  app.show(1);
}

export function beginAvailability(app) {
  const Kind = app.feb ? FebAvailability : AugAvailability;
  app.availability = new Kind(app);
  app.availability.begin();
}

export function wantedOf(service) {
  const wanted = new Map([[service.id, service.count]]);
  for (const sub of service.subServices) if (sub.count > 0) wanted.set(String(sub.id), sub.count);
  return wanted;
}

export function hold(app) {
  return exclusively(app, "reserving", async () => {
    app.error = null;
    app.managing = false;
    app.update();
    const { slot, wanted, captchaToken } = app;
    const answer = await api.reserve({ timestamp: slot, wanted, officeId: app.office?.id ?? "", captchaToken });
    if (answer.processId === undefined) return app.fail(answer);
    const earlier = app.appointment;
    app.appointment = answer;
    app.reservedAt = Date.now();
    if (app.moving) return copyDetails(app);
    if (earlier) api.cancel(earlier);
    return app.show(2);
  });
}

// The new hold of a moved appointment takes over what the citizen had entered for the old one.
async function copyDetails(app) {
  const { familyName, email, telephone, customTextfield, customTextfield2 } = app.old;
  Object.assign(app.appointment, { familyName, email, telephone, customTextfield, customTextfield2 });
  await sendDetails(app);
  app.show(3);
}

async function sendDetails(app) {
  app.error = null;
  app.context = "update";
  const answer = await api.updateAppointment(app.appointment);
  if (answer.processId === undefined) app.fail(answer);
  else app.appointment = answer;
}

export function saveDetails(app) {
  return exclusively(app, "updating", async () => {
    const { firstName, lastName, mailAddress, telephoneNumber, remarks, remarks2 } = app.person;
    Object.assign(app.appointment, {
      familyName: `${firstName} ${lastName}`,
      email: mailAddress,
      telephone: telephoneNumber || undefined,
      customTextfield: remarks || undefined,
      customTextfield2: remarks2 || undefined,
    });
    await sendDetails(app);
    app.show(3);
  });
}

export function book(app) {
  return exclusively(app, "booking", async () => {
    app.error = null;
    if (app.moving) return move(app);
    app.context = "preconfirm";
    const answer = await api.preconfirm(app.appointment);
    if (answer.errors?.length) return app.fail(answer);
    if (answer.processId === undefined) return undefined;
    app.appointment = answer;
    return app.show(4);
  });
}

// Moving needs no second mail: the new hold is confirmed straight away, then the old appointment is given back.
async function move(app) {
  const { processId, authKey } = app.appointment;
  const answer = await api.confirm({ id: processId, authKey });
  app.show(5);
  if (answer.processId === undefined) return app.fail(answer);
  activated(app, answer);
  app.context = "cancel";
  return api.cancel(app.old);
}

export function cancelAppointment(app) {
  return exclusively(app, "cancelling", async () => {
    app.error = null;
    app.context = "cancel";
    const answer = await api.cancel(app.appointment);
    if (answer.errors?.length) return app.fail(answer);
    app.cancelled = answer.processId !== undefined;
    return app.show(4);
  });
}

export function reschedule(app) {
  app.error = null;
  if (app.isPast()) return app.show(3);
  app.moving = true;
  app.old = app.appointment;
  app.wanted = wantedOf(app.service);
  return openPlaceAndTime(app);
}

export function keepOld(app) {
  app.error = null;
  app.moving = false;
  app.managing = true;
  app.update();
}

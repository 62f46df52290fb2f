// What stands at the end of a way: preconfirmed, cancelled, confirmed, or why not.
import { h } from "../dom.js";
import { button, buttons, errorNotice, notice, pageNotice } from "../widgets.js";

export function endings(app) {
  return app.view === 4 ? afterBooking(app) : afterLink(app);
}

function afterBooking(app) {
  if (app.cancelled) {
    const words = [app.t("appointmentSuccessfullyCanceledHeader"), app.t("appointmentSuccessfullyCanceledText")];
    return [notice("success", ...words)];
  }
  const minutes = app.appointment?.scope?.activationDuration ?? app.office?.scope?.activationDuration ?? 30;
  const unknown = app.moods.has("unknown-headline");
  const head = unknown ? "Wir haben Ihre Anfrage erhalten." : app.t("confirmAppointmentHeader");
  const text = unknown ? "Sie hören von uns." : app.t("confirmAppointmentText", { activationMinutes: minutes });
  return [notice("warning", head, text)];
}

function afterLink(app) {
  const context = app.errorContext();
  const shown = app.error && !app.confirmed;
  const linked = shown && (context === "initialization" || (context === "confirm" && !app.alreadyActivated));
  const jump = app.error?.code === "invalidJumpinLink";
  return [
    app.confirmed ? confirmed(app) : null,
    linked && !jump ? errorNotice(app, app.error) : null,
    jump ? invalidJump(app) : null,
  ];
}

function confirmed(app) {
  const { t } = app;
  const file = app.appointment?.icsContent;
  return [
    notice("success", t("appointmentSuccessfullyBookedHeader"), t("appointmentSuccessfullyBookedText")),
    buttons(
      file ? button(t("downloadAppointment"), { press: () => download(app.root, file) }) : null,
      button(t("bookAnotherAppointment"), { variant: "secondary", press: () => app.restart() }),
    ),
  ];
}

function download(root, calendar) {
  const url = URL.createObjectURL(new Blob([calendar], { type: "text/calendar;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "Termin.ics";
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}

function invalidJump(app) {
  const [head, text] = app.errorWords("invalidJumpinLink");
  const start = button(app.t("bookAppointmentStart"), { press: () => app.restart() });
  return pageNotice(app, "error", head, text, buttons(app.feb ? start : h("p", {}, start)));
}

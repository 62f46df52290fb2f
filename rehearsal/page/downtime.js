// Maintenance and system failure are read off the catalogue alone; while one of them shows, the catalogue is asked
// again every 30 seconds and the page comes back by itself.
import * as api from "./api.js";

const EVERY = 30_000;

// maintenance | failure | null. Any refusal but the rate limit looks like maintenance, a blocked address too.
export function stateOf(answer) {
  if (!answer || typeof answer !== "object" || Array.isArray(answer)) return "failure";
  const error = answer.errors?.[0];
  if (!error || error.errorCode === "rateLimitExceeded") return null;
  if (error.statusCode === 503 || error.errorCode === "serviceUnavailable") return "maintenance";
  if (error.statusCode >= 500 || error.statusCode === 0) return "failure";
  return error.statusCode >= 400 ? "maintenance" : null;
}

export function watchRecovery(app) {
  window.clearInterval(app.recovery);
  app.recovery = window.setInterval(async () => {
    const state = stateOf(await api.catalogue());
    if (state === app.downtime) return;
    app.downtime = state;
    if (state === null) {
      window.clearInterval(app.recovery);
      app.error = null;
      if (!app.route.appointment && !app.route.confirm && app.view === 0) app.serviceStep.open();
    }
    app.update();
  }, EVERY);
}

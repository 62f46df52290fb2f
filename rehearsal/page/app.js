// What the booking knows at any moment, and the plain moves between its steps.
// view: 0 service, 1 place and time, 2 contact, 3 overview, 4 preconfirmed or cancelled, 5 after a confirm link.
import { watchRecovery } from "./downtime.js";
import { errorOf, errorWords, known } from "./errors.js";
import { beginAvailability, openPlaceAndTime } from "./flow.js";
import { labelsOf } from "./labels.js";
import { openRoute } from "./links.js";
import { readRoute } from "./router.js";
import { focusCurrentStep } from "./stepper.js";
import { ServiceStep } from "./steps/service.js";

export class App {
  draw = () => {};
  drawing = false;
  view = 0;
  route = {};
  downtime = null; // maintenance | failure
  error = null; // {code, callout}, with the call it came from in `context`
  context = "update";
  service = null; // chosen, with count, providers, subServices
  wanted = new Map(); // service id -> count
  captchaToken = undefined;
  availability = null;
  office = null;
  slot = 0;
  appointment = null;
  reservedAt = null;
  person = { firstName: "", lastName: "", mailAddress: "", telephoneNumber: "", remarks: "", remarks2: "" };
  showContactErrors = false;
  consents = {};
  busy = {};
  old = null; // the appointment being moved
  managing = false; // opened by an appointment link
  moving = false;
  cancelled = false;
  confirmed = false;
  alreadyActivated = false;

  constructor({ generation, moods, root }) {
    this.generation = generation;
    this.feb = generation === "feb";
    this.moods = new Set(moods);
    this.root = root;
    this.t = labelsOf(generation);
  }

  start() {
    this.route = readRoute();
    this.preselected = this.route.locationId;
    this.serviceStep = new ServiceStep(this);
    window.addEventListener("hashchange", () => this.followHash());
    window.setInterval(() => (this.view === 2 || this.view === 3) && this.update(), 1000);
    openRoute(this);
    this.update();
    queueMicrotask(() => focusCurrentStep(this.root));
  }

  // A new service in the hash is not loaded: FEB ignores it, AUG hides the picker and shows nothing in its place.
  followHash() {
    if (this.feb) return;
    this.route = readRoute();
    openRoute(this);
    this.update();
  }

  update() {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      this.draw();
    });
  }

  // Runs after the page shows what has just been decided.
  afterDraw(act) {
    this.update();
    queueMicrotask(() => queueMicrotask(act));
  }

  show(view) {
    if (this.view === view) return this.update();
    const leaving = this.view;
    this.view = view;
    if (view === 0) this.serviceStep.open();
    this.mountPlace();
    if (leaving === 3 || view === 3) this.consents = {};
    if (leaving === 2) this.showContactErrors = false;
    this.afterDraw(() => {
      window.scrollTo({ top: 0, behavior: "instant" });
      focusCurrentStep(this.root);
    });
    return undefined;
  }

  // AUG has step 2 in the page during step 3 too. Whenever it comes in, it asks anew.
  mountPlace() {
    const mounted = this.view === 1 || (this.view === 2 && !this.feb);
    if (!mounted) this.closeAvailability();
    else if (!this.availability) beginAvailability(this);
  }

  closeAvailability() {
    this.availability?.close();
    this.availability = null;
  }

  stepsLocked() {
    return Boolean(this.route.appointment) || this.alreadyActivated;
  }

  backTo(step) {
    if (step >= this.view || this.stepsLocked()) return;
    this.error = null;
    this.show(step);
  }

  back() {
    if (!this.feb) this.error = null;
    this.show(this.view - 1);
  }

  fail(answerOrCode) {
    this.error = typeof answerOrCode === "string" ? known(answerOrCode) : errorOf(answerOrCode);
    this.update();
  }

  // The call whose failure is shown now. Links overrule: their page has only one place for errors.
  errorContext() {
    if (this.route.confirm) return "confirm";
    if (this.route.appointment && !this.moving) return "initialization";
    return this.context;
  }

  errorWords(code) {
    return errorWords(this.generation, code);
  }

  down(state) {
    this.downtime = state;
    watchRecovery(this);
    this.update();
  }

  isPast() {
    return Boolean(this.appointment?.timestamp) && Number(this.appointment.timestamp) * 1000 < Date.now();
  }

  // No countdown is shown: when the hold's minutes are over, the form gives way to a callout.
  isExpired() {
    const minutes = this.appointment?.scope?.reservationDuration;
    if (this.reservedAt === null || !Number.isFinite(minutes)) return false;
    return Date.now() >= this.reservedAt + minutes * 60_000;
  }

  // A failed hold that the calendar tells of below itself.
  bookingError() {
    const told = ["appointmentNotAvailable", "captchaExpired", "captchaMissing", "captchaInvalid"];
    return this.error && told.includes(this.error.code) ? { ...this.error, callout: "error" } : null;
  }

  openPlaceAndTime() {
    openPlaceAndTime(this);
  }

  restart() {
    window.location.href = window.location.origin + window.location.pathname;
  }
}

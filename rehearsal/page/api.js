// The City's citizen API as the page calls it. Answers are parsed JSON; the HTTP status is ignored, as the City's
// page ignores it, except on the catalogue, whose failures become an errors list of their own.
import { horizon } from "./dates.js";

const BASE = "/buergeransicht/api/citizen";

const get = (path, params, signal) => ask(`${path}?${new URLSearchParams(params)}`, { method: "GET", signal });
const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ask(path, init) {
  const response = await fetch(BASE + path, init);
  return response.json();
}

export async function catalogue({ serviceId, locationId } = {}) {
  const params = new URLSearchParams();
  if (serviceId) params.append("serviceId", serviceId);
  if (serviceId && locationId) params.append("locationId", locationId);
  const query = params.size ? `?${params}` : "";
  try {
    const response = await fetch(`${BASE}/offices-and-services/${query}`);
    return response.status < 400 ? await response.json() : await failedCatalogue(response);
  } catch {
    return { errors: [{ errorCode: "networkError", errorType: "error", statusCode: 0 }] };
  }
}

async function failedCatalogue(response) {
  const answer = await response.json().catch(() => ({}));
  const errorCode = response.status >= 500 ? "serverError" : "internalError";
  return answer.errors ? answer : { errors: [{ errorCode, statusCode: response.status }] };
}

const counted = (wanted) => [[...wanted.keys()], [...wanted.values()]];
const token = (captchaToken) => (captchaToken ? { captchaToken } : {});

export function febDays({ offices, wanted, captchaToken }) {
  const { today, end } = horizon();
  const [serviceId, serviceCount] = counted(wanted);
  const asked = { startDate: today, endDate: end, officeId: offices, serviceId, serviceCount };
  return get("/available-days-by-office/", { ...asked, ...token(captchaToken) });
}

export function febSlots({ day, offices, wanted, captchaToken }) {
  const [serviceId, serviceCount] = counted(wanted);
  const asked = { date: day, officeId: offices, serviceId, serviceCount };
  return get("/available-appointments-by-office/", { ...asked, ...token(captchaToken) });
}

export function augCalendar({ day, offices, wanted, captchaToken, signal }) {
  const { today, end } = horizon();
  const [serviceIds, serviceCounts] = counted(wanted);
  const asked = { startDate: today, endDate: end, officeIds: offices, serviceIds, serviceCounts };
  const window = { slotsStartDate: day, slotsEndDate: day };
  return get("/available-calendar/", { ...asked, ...token(captchaToken), ...window }, signal);
}

export function reserve({ timestamp, wanted, officeId, captchaToken }) {
  const [serviceId, serviceCount] = counted(wanted);
  return post("/reserve-appointment/", { timestamp, serviceCount, officeId, serviceId, ...token(captchaToken) });
}

export function updateAppointment(appointment) {
  const { processId, authKey, scope, familyName, email, telephone } = appointment;
  const { customTextfield, customTextfield2 } = appointment;
  const body = { processId, authKey, scope, familyName, email, telephone, customTextfield, customTextfield2 };
  return post("/update-appointment/", body);
}

const held = ({ processId, authKey, scope }) => ({ processId, authKey, scope });

export const preconfirm = (appointment) => post("/preconfirm-appointment/", held(appointment));
export const cancel = (appointment) => post("/cancel-appointment/", held(appointment));
export const confirm = ({ id, authKey, scope }) =>
  post("/confirm-appointment/", { processId: id, authKey, scope });
export const appointment = ({ id, authKey, scope }) =>
  get("/appointment/", { processId: id, authKey, ...(scope ? { scope: scope.id } : {}) });

export async function captchaDetails() {
  const response = await fetch(`${BASE}/captcha-details/`);
  if (!response.ok) throw new Error("captcha details refused");
  return response.json();
}

export const captchaChallenge = () => ask("/captcha-challenge/", { method: "GET" });
export const captchaVerify = (payload) => post("/captcha-verify/", { payload });

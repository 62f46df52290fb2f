// Days are keys ("2026-11-24"), instants are unix seconds; both are read on Berlin's clock.
const BERLIN = "Europe/Berlin";
const format = (options) => new Intl.DateTimeFormat("de-DE", options);

const dayFormat = format({ weekday: "long", year: "numeric", month: "2-digit", day: "2-digit" });
const summaryDayFormat = format({ weekday: "long", year: "numeric", month: "numeric", day: "numeric" });
const monthFormat = format({ month: "long", year: "numeric" });
const timeFormat = format({ timeZone: BERLIN, hour: "2-digit", minute: "2-digit", hour12: false });
const hourFormat = format({ timeZone: BERLIN, hour: "numeric", hour12: false });

const two = (number) => String(number).padStart(2, "0");

export const keyOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
// Noon, so that no offset of the browser's zone can shift the day.
export const dateOf = (key) => new Date(`${key.slice(0, 10)}T12:00:00`);
export const monthOf = (key) => key.slice(0, 7);

export function horizon() {
  const today = new Date();
  const end = new Date(today.getFullYear(), today.getMonth() + 6, today.getDate());
  return { today: keyOf(today), end: keyOf(end) };
}

export function otherMonth(month, by) {
  const [year, number] = month.split("-").map(Number);
  return keyOf(new Date(year, number - 1 + by, 1, 12)).slice(0, 7);
}

export function monthGrid(month) {
  const [year, number] = month.split("-").map(Number);
  const blanks = (new Date(year, number - 1, 1, 12).getDay() + 6) % 7;
  const length = new Date(year, number, 0, 12).getDate();
  return { blanks, days: Array.from({ length }, (_, index) => `${month}-${two(index + 1)}`) };
}

export const monthEnds = (month) => {
  const { days } = monthGrid(month);
  return [days[0], days.at(-1)];
};

export const dayText = (key) => dayFormat.format(dateOf(key));
export const monthText = (month) => monthFormat.format(dateOf(`${month}-01`));
export const timeText = (instant) => timeFormat.format(new Date(instant * 1000));
export const hourOf = (instant) => Number.parseInt(hourFormat.format(new Date(instant * 1000)), 10);
export const partOf = (instant) => (hourOf(instant) >= 12 ? "pm" : "am");
export function summaryText(instant) {
  const date = new Date(instant * 1000);
  return `${summaryDayFormat.format(date)}, ${timeFormat.format(date)}`;
}

// "Wann gibt es neue Termine?": what the ticked offices say about the release of new times.
import { cleanHtml } from "./dom.js";

export function releaseInfo(availability) {
  const ticked = availability.offices.filter((office) => availability.isTicked(office.id));
  const { office } = availability.app;
  return ticked.length === 0 && office ? infoOf(office) : together(ticked);
}

// With nothing to show, the FEB page tells of all offices and only if none is ticked.
export function emptyInfo(availability) {
  if (availability.noneTicked()) return together(availability.offices);
  return availability.app.feb ? "" : releaseInfo(availability);
}

const infoOf = (office) => cleanHtml((office.scope?.infoForAllAppointments ?? "").trim());

function together(offices) {
  const namesByInfo = new Map();
  for (const office of offices) {
    const info = infoOf(office);
    if (info) namesByInfo.set(info, [...(namesByInfo.get(info) ?? []), plainName(office.name)]);
  }
  if (namesByInfo.size === 1) return [...namesByInfo.keys()][0];
  return [...namesByInfo].map(([info, names]) => `<h3>${joined(names)}</h3><div>${info}</div>`).join("");
}

const plainName = (name) => cleanHtml(name.replaceAll(/[-–—,;\d]/g, " ").replaceAll(/\s+/g, " ").trim());

// "Bürgerbüro Pasing, Scheidplatz" rather than the common beginning twice.
function joined(names) {
  let common = names[0];
  while (!names.every((name) => name.startsWith(common))) common = common.slice(0, -1);
  if (names.length < 2 || common.length < 3 || !common.endsWith(" ")) return names.join(", ");
  return common + names.map((name) => name.slice(common.length)).join(", ");
}

// Reads the address: deep links to a service and office, appointment links, confirm links.

// Mail programs encode the hash again and again; five rounds are undone.
function decodedHash() {
  let text = location.hash.replace(/^#/, "");
  for (let round = 0; round < 5; round += 1) {
    let decoded = text;
    try {
      decoded = decodeURIComponent(text);
    } catch {
      break;
    }
    if (decoded === text) break;
    text = decoded;
  }
  return text.replace(/=+$/, "");
}

export function readRoute() {
  const text = decodedHash();
  const parts = (text.startsWith("/") ? text : `/${text}`).split("/");
  const route = { exclusive: Boolean(new URLSearchParams(location.search).get("exclusiveLocation")) };
  if (parts[1] === "services" && parts.length >= 3) route.serviceId = parts[2] || undefined;
  if (parts[3] === "locations" && parts.length >= 5) route.locationId = parts[4] || undefined;
  if (parts[1] === "appointment" && parts[2] === "confirm" && parts.length === 4) route.confirm = parts[3];
  else if (parts[1] === "appointment" && parts.length === 3) route.appointment = parts[2];
  return route;
}

// {id, authKey, scope?, action?} or null when the link is garbage. Padding may be missing.
export function readLink(encoded) {
  try {
    const padded = encoded + "=".repeat((4 - (encoded.length % 4)) % 4);
    const link = JSON.parse(atob(padded));
    return link.id === undefined || link.authKey === undefined ? null : link;
  } catch {
    return null;
  }
}

// The counters of step 1. The names of their buttons say the number a press would lead to, even below zero.
import { highest } from "../counts.js";
import { h } from "../dom.js";
import { button } from "../widgets.js";

const INFO = "https://stadt.muenchen.de/service/info/";
const FOLDED = 3;
const UNFOLDED_UP_TO = 5;

export function counter(app, { part, least = 0, most, infoId = part.id }) {
  const set = (count) => {
    part.count = count;
    app.update();
  };
  const { name, count } = part;
  const lower = { off: count <= least, label: `Anzahl ${name} reduzieren auf ${count - 1}`, press: () => set(count - 1) };
  const higher = { off: count >= most, label: `Anzahl ${name} erhöhen auf ${count + 1}`, press: () => set(count + 1) };
  const spoken = h("span", { class: "visually-hidden" }, `Aktuell ausgewählte Anzahl für ${name} ist`);
  const link = { href: INFO + infoId, target: "_blank", class: "m-link", tabindex: "0" };
  const look = { variant: "secondary", extra: "counter-button" };
  return h(
    "div",
    { class: "counter", id: `service-${part.id}` },
    h(
      "div",
      { class: "counter-row" },
      button(h("span", { "aria-hidden": "true" }, "−"), { ...look, ...lower }),
      h("p", {}, h("strong", {}, spoken, ` ${count}`)),
      button(h("span", { "aria-hidden": "true" }, "+"), { ...look, ...higher }),
    ),
    h("p", { class: "counter-name" }, h("label", {}, h("a", link, name))),
  );
}

export function subServiceList(app, step, limit) {
  const { service } = app;
  const all = service.subServices;
  const long = all.length > UNFOLDED_UP_TO;
  const shown = long && !step.showAll ? all.slice(0, FOLDED) : all;
  const item = (sub) =>
    h("li", { key: sub.id }, counter(app, { part: sub, most: highest(service, sub, limit) }));
  const fold = () => {
    step.showAll = !step.showAll;
    if (!step.showAll) app.root.querySelector("h2[tabindex]")?.scrollIntoView({ behavior: "smooth" });
    app.update();
  };
  const skip = () => app.root.querySelector(".m-button-group > :last-child")?.focus();
  return h(
    "div",
    { key: "sub-services" },
    h("h3", {}, app.t("combinableServices")),
    h("p", { class: "visually-hidden", tabindex: "0", on: { click: skip } }, app.t("skipCombinableServices")),
    h("ul", { class: "sub-services" }, shown.map(item)),
    long ? button(app.t(step.showAll ? "showLessServices" : "showAllServices"), { variant: "secondary", press: fold }) : null,
  );
}

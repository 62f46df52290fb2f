// The row of four steps. FEB: a named list whose items carry hidden texts. AUG: a hidden heading, buttons to go back.
import { h } from "./dom.js";

const ICONS = ["🛒", "📅", "✉", "ℹ"];

export function stepper(app) {
  const names = ["service", "appointment", "contact", "overview"].map((key) => app.t(key));
  const item = app.feb ? febItem : augItem;
  const steps = names.map((name, index) => item(app, { name, index }));
  const list = app.feb ? { role: "list", "aria-label": "Formularfortschritt" } : {};
  return h(
    "div",
    { class: "m-component m-component-form-progress", key: "stepper" },
    app.feb ? null : hiddenHeading(app, names[app.view] ?? ""),
    h("ol", { class: "m-form-steps", ...list }, steps),
  );
}

function hiddenHeading(app, name) {
  return h(
    "h2",
    { class: "m-form-steps__heading visually-hidden" },
    h(
      "span",
      { class: "m-form-steps__heading-counter" },
      "Schritt ",
      h("span", { class: "m-form-steps__current-step" }, app.view + 1),
      h("span", { class: "m-form-steps__total-steps" }, "von 4:"),
    ),
    h("span", { class: "m-form-steps__heading-text" }, name),
  );
}

const classOf = (app, index) => `m-form-step${index === app.view ? " m-form-step--current" : ""}`;

function augItem(app, { name, index }) {
  const current = index === app.view;
  const back = index < app.view && !app.stepsLocked();
  const icon = h("div", { class: "m-form-step__icon", "aria-hidden": "true" }, ICONS[index]);
  const hidden = h("span", { class: "visually-hidden" }, `Zurück zu Schritt: ${name}`);
  const press = { on: { click: () => app.backTo(index) } };
  const way = back ? h("button", { type: "button", class: "m-form-step__button", ...press }, icon, hidden) : icon;
  const props = { class: classOf(app, index), "aria-current": current ? "step" : null };
  return h("li", props, way, h("div", { class: "m-form-step__title" }, h("span", {}, name)));
}

function febItem(app, { name, index }) {
  const done = index < app.view;
  const current = index === app.view;
  const labelled = `m-step-prefix-${index} m-step-label-${index}`;
  const icon = {
    class: "m-form-step__icon",
    "aria-label": `${current ? "Aktueller Schritt" : "Zurück zu Schritt"}: ${name}`,
    "aria-setsize": "4",
    "aria-posinset": String(index + 1),
    tabindex: done || current ? "0" : "-1",
    "aria-labelledby": done ? `${labelled} m-step-status-${index}` : labelled,
    "aria-current": current ? "step" : "false",
    on: { click: () => done && app.backTo(index) },
  };
  const status = { role: "status", "aria-live": "polite", "aria-atomic": "true", "aria-labelledby": labelled };
  return h(
    "li",
    { class: classOf(app, index) },
    h("div", icon, h("span", { "aria-hidden": "true" }, ICONS[index])),
    h(
      "div",
      { class: "m-form-step__title" },
      h("span", { id: `m-step-label-${index}`, "aria-disabled": "true" }, name),
      h("span", { class: "visually-hidden", id: `m-step-prefix-${index}` }, ` Schritt ${index + 1} von 4: `),
      done ? h("span", { class: "visually-hidden", id: `m-step-status-${index}` }, " – erledigt ") : null,
    ),
    current ? h("span", { class: "visually-hidden", ...status }) : null,
  );
}

export function focusCurrentStep(root) {
  root.querySelector(".m-form-step__icon[aria-current='step']")?.focus();
}

// The pieces every step is built of.
import { h } from "./dom.js";

// A control that is off says so with aria-disabled and a class, never with the disabled attribute.
export function button(text, { press, off = false, variant = "primary", label, id, extra = "", data = {}, key }) {
  const classes = ["m-button", `m-button--${variant}`, off ? "disabled" : "", extra].filter(Boolean).join(" ");
  const click = (event) => {
    event.stopPropagation();
    if (!off) press(event);
  };
  const props = { class: classes, type: "button", id, key, "aria-label": label, "aria-disabled": String(off) };
  return h("button", { ...props, ...data, on: { click } }, text);
}

export const buttons = (...children) => h("div", { class: "m-button-group" }, children);

// kind: default | success | warning | error
export function callout(kind, head, ...content) {
  const label = { success: "Erfolg", warning: "Warnung", error: "Fehler" }[kind] ?? "Information";
  return h(
    "div",
    { class: `m-callout m-callout--${kind}`, "aria-label": label },
    h("h2", { class: "m-callout__headline" }, head),
    h("div", { class: "m-callout__content" }, content),
  );
}

export const notice = (kind, head, text) => callout(kind, head, h("p", {}, text));

export function errorNotice(app, error) {
  const [head, text] = app.errorWords(error.code);
  return notice(error.callout, head, text);
}

export function spinner(text) {
  return h("div", { class: "m-spinner-container" }, h("div", { class: "m-spinner", "aria-hidden": "true" }), text);
}

export function fieldError(text, id = "text-input-error") {
  if (!text) return null;
  const props = { class: "m-error-message form-error-message", id, tabindex: "0" };
  return h("span", { ...props, role: "alert", "aria-live": "polite" }, h("span", {}, text));
}

// FEB draws its modal itself, AUG leaves that to the browser's dialog.
export function modal({ feb, title, html, shut }) {
  const close = (label) =>
    h("button", { type: "button", class: "modal-button-close", "aria-label": label, on: { click: shut } });
  const body = h("div", { class: "modal-body" }, h("div", { html }));
  if (feb) {
    const head = h("div", { class: "modal-header" }, h("h2", {}, title), close("Dialog schließen"));
    const props = { class: "modal modal--drawn", tabindex: "-1", role: "dialog", "aria-modal": "true", key: "modal" };
    return h("div", { ...props, on: { click: (event) => event.target === event.currentTarget && shut() } }, head, body);
  }
  const open = (element) => queueMicrotask(() => element.isConnected && element.showModal());
  const named = { class: "modal", tabindex: "-1", "aria-labelledby": "modalLabel", key: "modal" };
  return h(
    "dialog",
    { ...named, ref: open, on: { cancel: shut, close: shut } },
    h("div", { class: "modal-header" }, h("h5", { class: "modal-title", id: "modalLabel" }, title), close("Dialog schliessen")),
    body,
  );
}

export const content = (...children) => h("div", { class: "m-content" }, children);
export const component = (...children) => h("div", { class: "m-component" }, children);

// The pieces every step is built of.
import { h } from "./dom.js";

// A control that is off says so with aria-disabled and a class, never with the disabled attribute.
export function button(text, { press, off = false, variant = "primary", label, id, extra = "", data = {}, key }) {
  const classes = ["m-button", `m-button--${variant}`, off ? "disabled" : "", extra].filter(Boolean).join(" ");
  const click = (event) => {
    event.stopPropagation();
    if (!off) press(event);
  };
  const props = { class: classes, id, key, "aria-label": label, "aria-disabled": String(off) };
  return h("button", { ...props, ...data, on: { click } }, text);
}

export const buttons = (...children) => h("div", { class: "m-button-group" }, children);

// kind: default | success | warning | error
export function callout(kind, head, ...content) {
  const label = { success: "Erfolgreich", warning: "Warnung", error: "Error" }[kind] ?? "Information";
  const body = [h("h2", { class: "m-callout__headline" }, head), h("div", { class: "m-callout__content" }, content)];
  return h(
    "div",
    { class: `m-callout m-callout--${kind}`, "aria-label": label },
    h(
      "div",
      { class: "m-callout__inner" },
      h("div", { class: "m-callout__icon", "aria-hidden": "true" }),
      h("div", { class: "m-callout__body" }, h("div", { class: "m-callout__body__inner" }, body)),
    ),
  );
}

export const notice = (kind, head, text) => callout(kind, head, h("p", {}, text));

export function errorNotice(app, error) {
  const [head, text] = app.errorWords(error.code);
  return notice(error.callout, head, text);
}

// What stands in place of the whole page. FEB has a paragraph in its callouts' paragraph then.
export function pageNotice(app, kind, head, ...content) {
  const text = content.map((part) => (typeof part === "string" ? h("p", {}, part) : part));
  return callout(kind, head, app.feb ? h("p", {}, text) : text);
}

// The words are drawn, in pieces and hidden: nobody finds the spinner by its text.
export function spinner(text) {
  const pieces = text.match(/\S+( \S+)?/g).map((piece) => `<tspan x="100" dy="1.2em">${piece}</tspan>`).join("");
  const words = `<text x="100" y="70" text-anchor="middle">${pieces}</text>`;
  const ring = '<circle class="m-spinner" cx="100" cy="100" r="92" fill="none" />';
  const html = `<svg viewBox="0 0 200 200" width="200" height="200" aria-hidden="true">${ring}${words}</svg>`;
  return h("div", { class: "m-spinner-container", html });
}

export function fieldError(text, id = "text-input-error") {
  if (!text) return null;
  const props = { class: "m-error-message form-error-message", id, tabindex: "0" };
  return h("span", { ...props, role: "alert", "aria-live": "polite" }, h("span", {}, text));
}

// FEB draws its modal itself and only while it is open.
export function drawnModal({ title, html, shut }) {
  const head = h("div", { class: "modal-header" }, h("h2", {}, title), closeButton("Dialog schließen", shut));
  const props = { class: "modal modal--drawn", tabindex: "-1", role: "dialog", "aria-modal": "true", key: "modal" };
  const outside = (event) => event.target === event.currentTarget && shut();
  return h("div", { ...props, on: { click: outside } }, head, modalBody(html));
}

// AUG leaves that to the browser's dialog, which is always there, gives its inside the focus, and hands it back.
export function dialogModal({ title, html, open, shut }) {
  const follow = (element) => {
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  };
  const named = { class: "modal", tabindex: "-1", "aria-labelledby": "modalLabel", key: "modal" };
  const heading = h("h5", { class: "modal-title", id: "modalLabel" }, title);
  const head = h("div", { class: "modal-header" }, heading, closeButton("Dialog schliessen", shut));
  return h("dialog", { ...named, after: follow, on: { close: shut } }, h("div", { tabindex: "1" }, head, modalBody(html)));
}

const closeButton = (label, shut) =>
  h("button", { type: "button", class: "modal-button-close", "aria-label": label, on: { click: shut } });
const modalBody = (html) => h("div", { class: "modal-body" }, h("div", { html }));

export const content = (...children) => h("div", { class: "m-content" }, children);
export const component = (...children) => h("div", { class: "m-component" }, children);

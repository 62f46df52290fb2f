// Defines the two elements the City embeds and starts the booking in the inner one's shadow root.
import { App } from "./app.js";
import { h, patch } from "./dom.js";
import { frame } from "./frame.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

const STYLES = ["style", "service", "booking"];

function stylesheet(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `/page/${name}.css`;
  return link;
}

class TranslationHost extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }
}

class Booking extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const main = document.createElement("main");
    root.append(...STYLES.map(stylesheet), main);
    const moods = meta("city-moods").split(",").map((mood) => mood.trim()).filter(Boolean);
    const generation = meta("city-generation") === "feb" ? "feb" : "aug";
    const app = new App({ generation, moods, root });
    app.draw = () => patch(main, [h("div", { class: "m-component m-component-form" }, frame(app))]);
    app.start();
  }
}

customElements.define("zms-appointment-i18n-host", TranslationHost);
customElements.define("zms-appointment-wrapped", Booking);

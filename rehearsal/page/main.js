// Defines the two elements the City embeds and starts the booking in the inner one's shadow root.
import { App } from "./app.js";
import { h, patch } from "./dom.js";
import { frame } from "./frame.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

class TranslationHost extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }
}

class Booking extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = "/page/style.css";
    const main = document.createElement("main");
    root.append(style, main);
    const moods = meta("city-moods").split(",").map((mood) => mood.trim()).filter(Boolean);
    const generation = meta("city-generation") === "feb" ? "feb" : "aug";
    const app = new App({ generation, moods, root });
    app.draw = () => patch(main, [h("div", { class: "m-component m-component-form" }, frame(app))]);
    app.start();
  }
}

customElements.define("zms-appointment-i18n-host", TranslationHost);
customElements.define("zms-appointment-wrapped", Booking);

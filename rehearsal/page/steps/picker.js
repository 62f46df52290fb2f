// The service search: a combobox with a search box over a list of options, and links to the services most asked for.
import { h } from "../dom.js";

const OFTEN = [
  [1063475, "Wohnsitz-Anmeldung"],
  [1063453, "Reisepass"],
  [1063441, "Personalausweis"],
  [10295182, "Ausweis-Abholung"],
  [10176294, "Führerschein-Abholung"],
  [10225119, "eID-PIN"],
  [1064314, "Kfz-Ummeldung"],
  [1064305, "Kfz-Abmeldung"],
];

const ITEM = "choices--select-service-search-item-choice";

export class Picker {
  open = false;
  typed = "";

  constructor(app) {
    this.app = app;
  }

  render(catalog, choose) {
    const services = catalog?.offered() ?? [];
    const shownHidden = { hidden: Boolean(this.app.route.serviceId) };
    return h(
      "div",
      { class: "m-component picker", key: "picker", ...shownHidden },
      h(
        "form",
        { class: "m-form m-form--default", on: { submit: (event) => event.preventDefault() } },
        h("label", { for: "select-service-search", class: "m-label" }, this.app.t("serviceSearch")),
        this.combobox(services, choose),
      ),
      h(
        "div",
        { class: "often" },
        h("h3", {}, this.app.t("oftenSearchedService")),
        h("ul", {}, OFTEN.map(([id, name]) => this.shortcut(catalog, { id, name }, choose))),
      ),
    );
  }

  shortcut(catalog, { id, name }, choose) {
    const click = () => {
      const service = catalog?.service(id);
      if (service) choose(service);
    };
    return h("li", {}, h("a", { href: "#", on: { click } }, name));
  }

  combobox(services, choose) {
    const placeholder = this.app.t("serviceSelectionPlaceholder");
    const found = this.found(services);
    const list = this.open ? "is-open is-focused" : "";
    const chosen = { role: "option", "data-item": "", "data-id": "0", "data-value": "", "aria-selected": "true" };
    return h(
      "div",
      {
        class: `choices ${list}`,
        tabindex: "0",
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-haspopup": "true",
        "aria-expanded": String(this.open),
        on: { click: () => this.toggle(), keydown: (event) => this.key(event, found, choose) },
      },
      h(
        "div",
        { class: "choices__inner" },
        h(
          "select",
          { id: "select-service-search", class: "m-select choices__input", hidden: true, tabindex: "-1" },
          services.map(({ name }, index) => h("option", { value: index }, name)),
        ),
        h(
          "div",
          { class: "choices__list choices__list--single", role: "listbox" },
          h("div", { class: "choices__item choices__placeholder", ...chosen }, placeholder),
        ),
      ),
      h(
        "div",
        { class: `choices__list choices__list--dropdown ${this.open ? "is-active" : ""}`, "aria-expanded": String(this.open) },
        h("input", {
          type: "search",
          class: "choices__input choices__input--cloned",
          autocomplete: "off",
          "aria-autocomplete": "list",
          "aria-label": placeholder,
          value: this.typed,
          on: { click: (event) => event.stopPropagation(), input: (event) => this.type(event.target.value) },
        }),
        h("div", { class: "choices__list", role: "listbox" }, this.options(found, services, choose)),
      ),
    );
  }

  options(found, services, choose) {
    if (found.length === 0) return [h("div", { class: "choices__item" }, this.app.t("noServiceFound"))];
    return found.map((service, index) => {
      const number = services.indexOf(service) + 1;
      const id = `${ITEM}-${number}`;
      const data = { "data-choice": "", "data-id": String(number), "data-value": String(number - 1) };
      const click = (event) => {
        event.stopPropagation();
        this.take(service, choose);
      };
      const highlighted = index === 0 ? " is-highlighted" : "";
      const props = { class: `choices__item choices__item--choice${highlighted}`, role: "option", id, ...data };
      return h("div", { ...props, key: id, "aria-selected": index === 0 ? "true" : null, on: { click } }, service.name);
    });
  }

  found(services) {
    const typed = this.typed.trim().toLocaleLowerCase("de");
    const sorted = [...services].sort((one, other) => one.name.localeCompare(other.name, "de"));
    if (!typed) return sorted;
    const place = ({ name }) => name.toLocaleLowerCase("de").indexOf(typed);
    const hits = sorted.filter((service) => place(service) >= 0);
    return hits.sort((one, other) => place(one) - place(other));
  }

  toggle() {
    this.open = !this.open;
    this.typed = "";
    const search = () => this.app.root.querySelector(".choices__input--cloned");
    this.app.afterDraw(() => this.open && search()?.focus());
  }

  type(text) {
    this.typed = text;
    this.app.update();
  }

  key(event, found, choose) {
    if (event.key === "Escape" && this.open) return this.toggle();
    if (event.key !== "Enter") return undefined;
    event.preventDefault();
    return this.open && found.length ? this.take(found[0], choose) : this.toggle();
  }

  take(service, choose) {
    this.open = false;
    this.typed = "";
    choose(service);
  }
}

// The offices of step 2: boxes where there is a choice, else the one place.
import { h } from "../dom.js";
import { component, content, fieldError } from "../widgets.js";

export function officeChoice(app) {
  const { availability } = app;
  const { offices } = availability;
  if (offices.length > 1) return boxes(app, availability);
  return offices.length === 1 && app.office ? onlyOffice(app) : null;
}

function boxes(app, availability) {
  const shown = availability.offices.filter((office) => office.scope);
  const alert = availability.mustTick() ? app.t("errorMessageProviderSelection") : null;
  return component(
    content(h("h2", {}, app.t("location"))),
    h(
      "fieldset",
      { class: "m-checkbox-group" },
      h("legend", {}, h("h3", { class: "m-checkbox-group__heading" })),
      h("div", { class: "m-checkboxes" }, shown.map((office) => box(availability, office))),
      fieldError(alert, "checkbox-group-error"),
    ),
  );
}

// A click on the label does nothing: it counts for the row, and once more for the box it belongs to.
function box(availability, office) {
  const id = `checkbox-provider-${office.id}`;
  const { street, house_number: number } = office.address;
  const toggle = () => availability.tick(office.id, !availability.ticks[office.id]);
  const toggleAlone = (event) => {
    event.stopPropagation();
    toggle();
  };
  const hint = h("span", { id: `checkbox-hint-provider-${office.id}`, class: "m-hint" }, `${street} ${number}`);
  const input = { id, class: "m-checkboxes__input", name: "checkbox", type: "checkbox" };
  const checked = Boolean(availability.ticks[office.id]);
  return h(
    "div",
    { class: "m-checkboxes__item", key: id, on: { click: toggle } },
    h("input", { ...input, checked, on: { click: toggleAlone } }),
    h("label", { class: "m-label m-checkboxes__label", for: id }, `${office.name} `, hint),
  );
}

function onlyOffice(app) {
  const { street, house_number: number } = app.office.address;
  const { variantId } = app.service;
  const remote = variantId === 2 || variantId === 3;
  return component(
    content(h("h2", {}, app.t("location"))),
    h(
      "div",
      { class: "only-office" },
      h("h3", { id: `provider-${app.office.id}` }, app.office.name),
      h("p", {}, h("span", {}, remote ? app.t(`appointmentTypes.${variantId}`) : `${street} ${number}`)),
    ),
  );
}

// Kinds of one service (on site, by telephone, by video, ...): each kind is a service of its own.
import { sameId } from "../catalog.js";
import { h } from "../dom.js";

const ON_SITE = 1;
const REMOTE = [2, 3];
const WITH_HINT = [1, 2, 3];

export function variantsOf(catalog, service, generation) {
  const own = service.showOnStartPage === true && service.variantId === ON_SITE && generation !== "feb";
  const base = own ? service.id : (service.parentId ?? service.id);
  const kinds = catalog.services.filter((each) => sameId(each.parentId, base) && typeof each.variantId === "number");
  const main = catalog.service(base);
  const onSiteMissing = main && !kinds.some((each) => each.variantId === ON_SITE);
  const implied = generation === "feb" || kinds.some((each) => REMOTE.includes(each.variantId));
  if (onSiteMissing && implied) kinds.push({ ...main, variantId: ON_SITE });
  return kinds.sort((one, other) => one.variantId - other.variantId);
}

export function variantGroup(app, variants, step) {
  const radio = ({ variantId }) => {
    const id = `variant-${variantId}`;
    const hint = WITH_HINT.includes(variantId) ? app.t(`locationVariantText.${variantId}`) : null;
    const value = String(variantId);
    const on = { change: () => step.pickVariant(value) };
    return h(
      "div",
      { class: "m-radios__item" },
      h("input", { type: "radio", id, name: "variant", value, checked: step.variant === value, on }),
      h("label", { for: id }, app.t(`appointmentTypes.${variantId}`), hint ? h("span", { class: "m-hint" }, ` ${hint}`) : null),
    );
  };
  return h("fieldset", { class: "m-radios" }, h("legend", {}, app.t("appointmentType")), variants.map(radio));
}

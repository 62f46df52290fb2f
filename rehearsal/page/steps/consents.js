// The consents before booking. A label holds a link, so a click on its middle opens the link instead of ticking.
import { h } from "../dom.js";
import { content } from "../widgets.js";

const VIDEO = 3;

function required(app) {
  const mail = "checkbox-electronic-communication";
  if (app.feb) return ["checkbox-privacy-policy", mail];
  return app.service.variantId === VIDEO ? [mail, "checkbox-video-consultation"] : [mail];
}

export const consentsGiven = (app) => required(app).every((id) => app.consents[id]);

export function consents(app) {
  const { t } = app;
  const video = app.service.variantId === VIDEO;
  const mail = box(app, "checkbox-electronic-communication", t("communicationCheckboxText"));
  const heading = content(h("h3", {}, t("termsOfUse")));
  const strong = (text) => content(h("p", {}, h("strong", {}, text)));
  const small = (text) => content(h("h4", {}, text));
  const label = (html) => content(h("p", { class: "m-label", html }));
  if (app.feb) {
    const privacy = box(app, "checkbox-privacy-policy", t("privacyCheckboxText"));
    return h("div", {}, heading, strong(t("privacyLabel")), privacy, strong(t("communicationCheckboxLabel")), mail);
  }
  const videoTerms = [
    small(t("termsOfUseForVideoConsultationLabel")),
    box(app, "checkbox-video-consultation", t("termsOfUseForVideoConsultationText")),
  ];
  return h(
    "div",
    {},
    heading,
    small(t("privacyLabel")),
    label(t("privacyText")),
    video ? label(t("privacyVideoConsultationText")) : null,
    small(t("communicationCheckboxLabel")),
    mail,
    video ? videoTerms : null,
  );
}

function box(app, id, html) {
  const change = (event) => {
    app.consents[id] = event.target.checked;
    app.update();
  };
  const checked = Boolean(app.consents[id]);
  const props = { id, name: id, type: "checkbox", class: "m-checkboxes__input", "aria-required": "true" };
  return h(
    "div",
    { class: "m-checkboxes" },
    h(
      "div",
      { class: "m-checkboxes__item" },
      h("input", { ...props, checked, on: { change } }),
      h("label", { class: "m-label m-checkboxes__label", for: id, html }),
    ),
  );
}

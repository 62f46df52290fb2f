// Step 3: who comes. A required text that is not shown blocks "Weiter" without a word, as on the City's page.
import { h } from "../dom.js";
import { saveDetails } from "../flow.js";
import { button, buttons, callout, errorNotice, fieldError } from "../widgets.js";
import { known } from "../errors.js";

const MAIL = /^(?!.*\.\.)(?!\.)(?!.*\.$)[^\s@+]+(?<!\.)@(?!\.)[^\s@+]+\.[^\s@]{2,}$/;
const TELEPHONE = /^\+?[0-9]\d{6,14}$/;
const NAME_LENGTH = 50;
const TEXT_LENGTH = 250;

export function contact(app) {
  if (app.isExpired()) {
    return h("div", {}, errorNotice(app, known("sessionTimeout")), buttons(backButton(app)));
  }
  return h(
    "div",
    { key: "contact" },
    app.feb ? null : loginOffer(app),
    h("h2", { class: "m-component-form__title" }, app.t("contactDetails")),
    h("form", { class: "m-form", on: { submit: (event) => event.preventDefault() } }, fields(app)),
    buttons(
      backButton(app),
      button(h("span", {}, app.t("next")), { off: Boolean(app.busy.updating), press: () => next(app) }),
    ),
  );
}

const backButton = (app) => button(app.t("back"), { variant: "secondary", press: () => app.back() });

// Logging in is the City's own matter; the practice city only shows the offer.
function loginOffer(app) {
  const login = button(h("span", {}, app.t("login")), { press: () => {} });
  return callout("default", app.t("optionalLoginHeader"), h("p", {}, app.t("optionalLoginText")), login);
}

function fields(app) {
  const scope = app.office?.scope ?? {};
  const { t } = app;
  const line = { most: NAME_LENGTH };
  return [
    input(app, { ...line, name: "firstName", id: "firstname", label: t("firstName"), fill: "given-name", must: true }),
    input(app, { ...line, name: "lastName", id: "lastname", label: t("lastName"), fill: "family-name", must: true }),
    input(app, { ...line, name: "mailAddress", id: "mailaddress", label: t("mailAddress"), fill: "email", must: true }),
    scope.telephoneActivated ? telephone(app, scope) : null,
    scope.customTextfieldActivated ? textarea(app, { name: "remarks", prefix: "customTextfield" }) : null,
    scope.customTextfield2Activated ? textarea(app, { name: "remarks2", prefix: "customTextfield2" }) : null,
  ];
}

function telephone(app, scope) {
  return input(app, {
    name: "telephoneNumber",
    id: "telephonenumber",
    label: app.t("telephoneNumber"),
    fill: "tel",
    must: Boolean(scope.telephoneRequired),
    placeholder: "+491511234567",
    most: NAME_LENGTH,
  });
}

function typing(app, name) {
  return (event) => {
    app.person[name] = event.target.value;
    app.update();
  };
}

function input(app, { name, id, label, fill, must, most, placeholder }) {
  const problem = app.showContactErrors ? problems(app)[name] : null;
  const full = app.person[name].length >= most ? app.t("errorMessageMaxLength", { max: most }) : null;
  const text = problem ?? full;
  return h(
    "div",
    { class: `m-form-group${text ? " has-error" : ""}`, key: id },
    h("label", { for: `input-${id}`, class: must ? "m-label" : "m-label m-label--optional" }, label),
    h("input", {
      id: `input-${id}`,
      class: "m-input",
      type: "text",
      required: must,
      "aria-required": String(must),
      maxlength: most,
      autocomplete: fill,
      placeholder,
      value: app.person[name],
      on: { input: typing(app, name) },
    }),
    fieldError(text),
  );
}

function textarea(app, { name, prefix }) {
  const { scope } = app.office;
  const must = Boolean(scope[`${prefix}Required`]);
  const typed = app.person[name].length;
  const problem = app.showContactErrors ? problems(app)[name] : null;
  const full = app.feb && typed >= TEXT_LENGTH ? app.t("errorMessageMaxLength", { max: TEXT_LENGTH }) : null;
  const text = problem ?? full;
  const id = `textarea-${name}`;
  return h(
    "div",
    { class: `m-form-group${text ? " has-error" : ""}`, key: name },
    h("label", { for: id, class: must ? "m-label" : "m-label m-label--optional" }, scope[`${prefix}Label`] ?? ""),
    h("textarea", {
      id,
      class: "m-textarea",
      "aria-describedby": `textarea-count-${name}`,
      rows: "3",
      maxlength: TEXT_LENGTH,
      required: must,
      "aria-required": String(must),
      value: app.person[name],
      on: { input: typing(app, name) },
    }),
    h(
      "div",
      { class: "m-character-count" },
      h("span", { id: `textarea-count-${name}`, class: "visually-hidden" }, `Sie können bis zu ${TEXT_LENGTH} Zeichen eingeben.`),
      h("span", { "aria-hidden": "true" }, `${typed}/${TEXT_LENGTH}`),
      h("div", { class: "visually-hidden", "aria-live": "polite" }, `${typed}/${TEXT_LENGTH}`),
    ),
    fieldError(text, app.feb ? "text-input-error" : null),
  );
}

function problems(app) {
  const { firstName, lastName, mailAddress, telephoneNumber, remarks, remarks2 } = app.person;
  const { t } = app;
  const scope = app.office?.scope ?? {};
  const found = {};
  if (!firstName.trim()) found.firstName = t("errorMessageFirstName");
  if (!lastName.trim()) found.lastName = t("errorMessageLastName");
  if (!mailAddress) found.mailAddress = t("errorMessageMailAddressRequired");
  else if (!MAIL.test(mailAddress)) found.mailAddress = t("errorMessageMailAddressValidation");
  if (!telephoneNumber && scope.telephoneRequired) found.telephoneNumber = t("errorMessageTelephoneNumberRequired");
  else if (telephoneNumber && !TELEPHONE.test(telephoneNumber)) {
    found.telephoneNumber = t("errorMessageTelephoneNumberValidation");
  }
  if (scope.customTextfieldRequired && !remarks.trim()) found.remarks = t("errorMessageCustomTextfield");
  if (scope.customTextfield2Required && !remarks2.trim()) found.remarks2 = t("errorMessageCustomTextfield");
  return found;
}

function next(app) {
  app.showContactErrors = true;
  if (Object.keys(problems(app)).length === 0) saveDetails(app);
  app.update();
}

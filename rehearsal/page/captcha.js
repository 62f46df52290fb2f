// The captcha box of step 1. Ticking it fetches a challenge, works it out and has the City check the answer; the
// token that comes back goes with every call for free times and with the hold.
import * as api from "./api.js";
import { h } from "./dom.js";
import { base64Of, solveKey, solveNumber } from "./proof.js";

export class CaptchaBox {
  offered = false;
  state = "unverified"; // verifying | verified | error | expired
  valid = false;
  refused = false; // FEB: the City did not accept the work, which the box says in place of "verified"
  payload = "";

  constructor(app) {
    this.app = app;
    this.id = app.feb ? "altcha_checkbox" : `altcha-checkbox-${Math.random().toString(16).slice(2, 12)}`;
  }

  async open() {
    try {
      this.offered = (await api.captchaDetails()).captchaEnabled;
    } catch {
      this.offered = false;
    }
    this.app.update();
  }

  become(state) {
    this.state = state;
    const withdraws = this.app.feb ? ["verifying"] : ["verifying", "error", "expired"];
    if (withdraws.includes(state)) this.valid = false;
    if (withdraws.includes(state) && !this.app.feb) this.app.captchaToken = undefined;
    this.app.update();
  }

  async run() {
    this.become("verifying");
    try {
      const challenge = await api.captchaChallenge();
      this.watchExpiry(challenge);
      const work = await (this.app.feb ? solveNumber(challenge) : solveKey(challenge));
      if (!work) throw new Error("no solution within the range");
      this.payload = base64Of(work);
      this.take(await api.captchaVerify(this.payload));
    } catch {
      this.become("error");
    }
  }

  take(answer) {
    const accepted = answer?.meta?.success === true && answer?.data?.valid === true;
    this.valid = accepted;
    this.refused = !accepted;
    this.app.captchaToken = accepted || this.app.feb ? (answer?.token ?? undefined) : undefined;
    this.become(accepted || this.app.feb ? "verified" : "error");
    if (!this.app.feb) this.app.afterDraw(() => this.app.root.getElementById(this.id)?.focus());
  }

  // Both widgets know when their challenge ends: FEB's works out a new one, AUG's asks for another tick.
  watchExpiry(challenge) {
    const inSalt = new URLSearchParams(String(challenge.salt).split("?")[1] ?? "");
    const ends = Number(this.app.feb ? (inSalt.get("expires") ?? inSalt.get("expire")) : challenge.parameters.expiresAt);
    window.clearTimeout(this.expiry);
    if (!ends) return;
    this.expiry = window.setTimeout(() => this.expire(), Math.min(ends * 1000 - Date.now(), 2 ** 31 - 1));
  }

  expire() {
    if (this.app.serviceStep.captcha !== this || this.app.view !== 0) return;
    if (this.app.feb && this.state === "verified") this.run();
    else this.become("expired");
  }

  ticked(event) {
    const startable = ["unverified", "error", "expired"].includes(this.state);
    if (startable && event.target.checked) this.run();
    else this.app.update();
  }

  render() {
    const { t, feb } = this.app;
    const description = h("div", { id: "captcha-description", class: "visually-hidden" }, t("altcha.screenReaderDescription"));
    if (!this.offered) return [h("p", {}, t("altcha.loadError")), feb ? null : description];
    const props = { "aria-label": t("altcha.ariaLabel"), "aria-describedby": "captcha-description" };
    const box = h("div", { class: "altcha", "data-state": this.state }, feb ? this.febBox() : this.augBox());
    return [h("altcha-widget", props, box), description];
  }

  checkbox() {
    const working = this.state === "verifying" && !this.app.feb; // FEB's box is empty again while it works
    const checked = working || this.state === "verified";
    const on = { change: (event) => this.ticked(event) };
    return h("input", { type: "checkbox", id: this.id, required: true, checked, name: this.app.feb ? null : "", on });
  }

  failure() {
    if (this.state === "error") return this.app.t("altcha.error");
    return this.state === "expired" ? this.app.t("altcha.expired") : null;
  }

  febBox() {
    const { t } = this.app;
    const failure = this.failure();
    const done = h("span", { role: "status", "aria-live": "polite" }, t(this.refused ? "altcha.error" : "altcha.verified"));
    const label = {
      verified: [done, h("input", { type: "hidden", name: "altcha", value: this.payload })],
      verifying: h("span", { role: "status", "aria-live": "polite" }, t("altcha.verifying")),
    };
    const open = h("label", { for: this.id }, t("altcha.label"));
    return [
      h(
        "div",
        { class: "altcha-main" },
        h("div", { class: "altcha-checkbox" }, this.checkbox()),
        h("div", { class: "altcha-label", key: this.state }, label[this.state] ?? open),
      ),
      failure ? h("div", { class: "altcha-error" }, failure) : null,
    ];
  }

  // The drawn tick lies over AUG's checkbox and takes the mouse; the label and the keyboard reach it.
  augBox() {
    const { t } = this.app;
    const failure = this.failure();
    const words = { verifying: "altcha.verifying", verified: "altcha.verified" };
    const cover = { class: "altcha-cover", html: '<svg viewBox="0 0 10 10" aria-hidden="true"></svg>' };
    return [
      h(
        "div",
        { class: "altcha-main" },
        h(
          "div",
          { class: "altcha-checkbox", "data-loading": String(this.state === "verifying") },
          this.checkbox(),
          h("span", cover),
        ),
        h("label", { for: this.id }, t(words[this.state] ?? "altcha.label")),
      ),
      h("input", { type: "hidden", name: "altcha", value: this.state === "verified" ? this.payload : "" }),
      failure ? h("div", { class: "altcha-error", role: "alert" }, failure) : null,
    ];
  }
}

// Step 1: which service, how often, together with what. The catalogue is asked for each time the step opens.
import * as api from "../api.js";
import { CaptchaBox } from "../captcha.js";
import { Catalog, combinations, refusedDeepLink, sameId } from "../catalog.js";
import { clampCounts, highest, leastMinutes, slotLimit } from "../counts.js";
import { component, content, button, buttons } from "../widgets.js";
import { h } from "../dom.js";
import { stateOf } from "../downtime.js";
import { wantedOf } from "../flow.js";
import { counter, subServiceList } from "./counters.js";
import { Picker } from "./picker.js";
import { variantGroup, variantsOf } from "./variants.js";

export class ServiceStep {
  catalog = null;
  captcha = null;
  showAll = false;
  variant = null;

  constructor(app) {
    this.app = app;
    this.picker = new Picker(app);
  }

  async open() {
    this.captcha = null;
    this.showAll = false;
    const { serviceId, locationId } = this.app.route;
    const asked = api.catalogue({ serviceId, locationId });
    if (this.app.service) this.openCaptcha();
    const answer = await asked;
    const state = stateOf(answer);
    if (state) return this.app.down(state);
    if (answer.errors) return this.refused(answer);
    this.catalog = new Catalog(answer, this.app.generation);
    if (this.app.service) this.openCaptcha();
    else this.followDeepLink(serviceId, locationId);
    return this.app.update();
  }

  refused(answer) {
    this.app.error = { code: "rateLimitExceeded", callout: "warning" };
    this.app.update();
    // The City's page goes on with the services of an answer that has none.
    answer.services[this.app.feb ? "map" : "find"](Boolean);
  }

  followDeepLink(serviceId, locationId) {
    if (!serviceId) return;
    const service = this.linkedService(serviceId);
    const office = this.catalog.office(locationId);
    const pairFits = !locationId || (office && this.catalog.related(serviceId, locationId));
    if (!service || !pairFits) this.app.fail("invalidJumpinLink");
    else if (office && refusedDeepLink(office, serviceId)) this.app.fail("invalidJumpinLink");
    else this.choose(service);
  }

  linkedService(id) {
    const onSite = (each) => sameId(each.parentId, id) && each.variantId === 1;
    return (this.app.feb ? null : this.catalog.services.find(onSite)) ?? this.catalog.service(id);
  }

  choose(raw) {
    const before = this.app.service;
    const service = { ...raw, providers: this.catalog.providers(raw.id), count: Math.max(1, before?.count ?? 1) };
    service.subServices = this.subServicesOf(service, before);
    this.app.service = service;
    this.variant = Number.isFinite(service.variantId) ? String(service.variantId) : this.variant;
    clampCounts(service, slotLimit(service.providers));
    this.openCaptcha();
    this.app.update();
  }

  subServicesOf(service, before) {
    const kept = (id) => before?.subServices?.find((sub) => sameId(sub.id, id))?.count ?? 0;
    const office = this.app.preselected;
    return combinations(service)
      .filter(([id]) => !sameId(id, service.id) && this.catalog.service(id))
      .map(([id, officeIds]) => {
        const { name, maxQuantity } = this.catalog.service(id);
        return { id, name, maxQuantity, providers: this.catalog.providers(id, officeIds), count: kept(id) };
      })
      .filter((sub) => !office || sub.providers.some((each) => sameId(each.id, office)));
  }

  openCaptcha() {
    if (this.captcha || !this.catalog?.needsCaptcha(this.app.service.id)) return;
    this.captcha = new CaptchaBox(this.app);
    this.captcha.open();
  }

  pickVariant(variant) {
    this.variant = variant;
    const chosen = this.variants().find((each) => String(each.variantId) === variant);
    if (chosen) this.choose(chosen);
  }

  variants() {
    return this.catalog ? variantsOf(this.catalog, this.app.service, this.app.generation) : [];
  }

  nextIsOff() {
    const unanswered = this.variants().length > 1 && !this.variant;
    return unanswered || Boolean(this.captcha && !this.captcha.valid);
  }

  next() {
    const { app } = this;
    app.error = null;
    app.wanted = wantedOf(app.service);
    app.openPlaceAndTime();
  }

  // FEB reloads the address as it is, so a deep link comes back; AUG goes to the plain start page.
  change() {
    if (this.app.feb) window.location.reload();
    else window.location.replace(window.location.origin + window.location.pathname);
  }

  render() {
    const { app } = this;
    return [
      content(h("h2", { tabindex: "-1" }, app.t("service"))),
      app.service ? this.counts() : this.picker.render(this.catalog, (service) => this.choose(service)),
      app.service
        ? buttons(
            button(app.t("change"), { variant: "secondary", press: () => this.change() }),
            button(app.t("next"), { off: this.nextIsOff(), press: () => this.next() }),
          )
        : buttons(),
    ];
  }

  counts() {
    const { app } = this;
    const { service } = app;
    const limit = slotLimit(service.providers);
    const variants = this.variants();
    const several = variants.length > 1;
    const main = { part: service, least: 1, most: highest(service, service, limit), infoId: infoId(service) };
    const combinable = service.subServices.length > 0 && (!several || this.variant === "1");
    return h(
      "div",
      { key: "counts" },
      component(counter(app, main), several ? variantGroup(app, variants, this) : null),
      combinable ? subServiceList(app, this, limit) : null,
      several && !this.variant ? null : duration(app, service),
      this.captcha ? h("div", { class: "captcha-place" }, this.captcha.render()) : null,
    );
  }
}

const infoId = (service) => service.rootParentId ?? service.parentId ?? service.id;

function duration(app, service) {
  const text = ` ${leastMinutes(service) ?? ""} ${app.t("minutes")}`;
  const clock = h("span", { class: "clock", "aria-hidden": "true" });
  return component(
    h("div", { class: "duration" }, clock, h("div", {}, h("strong", {}, app.t("estimatedDuration")), h("br"), text)),
  );
}

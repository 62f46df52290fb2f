// What a page can learn of the browser it runs in, gathered as plain data.
// The same `self_portrait` runs in the page, in an iframe and in workers.
const self_portrait = async scope => {
  const nav = scope.navigator;
  const zone = scope.Intl.DateTimeFormat().resolvedOptions();
  const hints = nav.userAgentData && await nav.userAgentData.getHighEntropyValues(
    ["architecture", "bitness", "fullVersionList", "model", "platformVersion", "uaFullVersion"]);
  return {
    userAgent: nav.userAgent, appVersion: nav.appVersion, platform: nav.platform,
    language: nav.language, languages: [...nav.languages], webdriver: nav.webdriver,
    cores: nav.hardwareConcurrency, memory: nav.deviceMemory, hints,
    zone: zone.timeZone, locale: zone.locale, number: (1234.5).toLocaleString(),
    zone_name: new scope.Date(0).toString(), winter: new scope.Date(2026, 0, 1).getTimezoneOffset(),
    summer: new scope.Date(2026, 6, 1).getTimezoneOffset(),
  };
};

const from_worker = (worker, port) => new Promise((resolve, reject) => {
  port.onmessage = event => resolve(event.data);
  worker.onerror = () => reject(new Error("worker failed"));
  port.postMessage("tell");
});

const renderer = canvas => {
  const gl = canvas.getContext("webgl");
  const names = gl && gl.getExtension("WEBGL_debug_renderer_info");
  return names && gl.getParameter(names.UNMASKED_RENDERER_WEBGL);
};

const native = fn => /^function [\w ]*\(\) \{ \[native code\] \}$/.test(Function.prototype.toString.call(fn));
const getter = (proto, name) => Object.getOwnPropertyDescriptor(proto, name)?.get;
const refuses_strangers = fn => { try { fn.call({}); return false; } catch (e) { return e instanceof TypeError; } };

const nativeness = () => {
  const getters = ["userAgent", "platform", "languages", "plugins", "webdriver", "hardwareConcurrency",
    "userAgentData", "vendor", "permissions"].map(name => [name, getter(Navigator.prototype, name)]);
  const methods = [["permissions.query", Permissions.prototype.query],
    ["getParameter", WebGLRenderingContext.prototype.getParameter],
    ["canPlayType", HTMLMediaElement.prototype.canPlayType],
    ["toString", Function.prototype.toString],
    ["contentWindow", getter(HTMLIFrameElement.prototype, "contentWindow")],
    ["getHighEntropyValues", NavigatorUAData.prototype.getHighEntropyValues],
    ["offsetHeight", getter(HTMLElement.prototype, "offsetHeight")],
    ...["csi", "loadTimes"].filter(name => window.chrome?.[name]).map(name => [`chrome.${name}`, chrome[name]])];
  return {
    foreign: [...getters, ...methods].filter(([, fn]) => fn && !native(fn)).map(([name]) => name),
    lenient: getters.filter(([, fn]) => fn && !refuses_strangers(fn)).map(([name]) => name),
    own: Object.getOwnPropertyNames(navigator), frozen: Object.isFrozen(navigator.languages),
    eval_length: eval.toString().length,
    traces: Object.getOwnPropertyNames(window).filter(name => /playwright|^__pw|^cdc_|webdriver|stealth/i.test(name)),
    stack: new Error("x").stack,
  };
};

const window_facts = () => ({
  screen: [screen.width, screen.height], avail: [screen.availWidth, screen.availHeight],
  outer: [outerWidth, outerHeight], inner: [innerWidth, innerHeight], at: [screenX, screenY],
  ratio: devicePixelRatio, touch: navigator.maxTouchPoints,
  media: Object.fromEntries([["device_width", `(device-width: ${screen.width}px)`],
    ["width", `(width: ${innerWidth}px)`], ["resolution", `(resolution: ${devicePixelRatio}dppx)`],
    ["hover", "(hover: hover)"], ["fine", "(pointer: fine)"]].map(([key, query]) => [key, matchMedia(query).matches])),
  focus: document.hasFocus(), visible: document.visibilityState,
});

window.portrait = async () => {
  const frame = document.body.appendChild(document.createElement("iframe"));
  const worker = new Worker("/worker.js");
  const shared = new SharedWorker("/shared.js");
  await fetch("/fetched");
  const query = await navigator.permissions.query({name: "notifications"});
  return {
    page: await self_portrait(window), frame: await self_portrait(frame.contentWindow),
    worker: await from_worker(worker, worker), shared: await from_worker(shared, shared.port),
    window: window_facts(), native: nativeness(),
    chrome: window.chrome ? Object.keys(window.chrome) : null, vendor: navigator.vendor,
    plugins: navigator.plugins.length, pdf: navigator.pdfViewerEnabled,
    notification: Notification.permission, notification_query: query.state,
    gl: renderer(document.createElement("canvas")), rtt: navigator.connection?.rtt,
  };
};

// Trees of elements, described by h() and made real by patch(). An element whose tag and key stay in place is
// kept, so focus, typed text and running clicks survive a redraw; an absent child (null, false) keeps its place.

export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children };
}

const described = new WeakMap();
const PROPERTIES = new Set(["value", "checked"]);

const flat = (children) => children.flat(Infinity);
const isText = (child) => typeof child === "string" || typeof child === "number";
const isAbsent = (child) => child === null || child === undefined || child === false || child === true;

export function patch(parent, children) {
  const wanted = flat(children);
  wanted.forEach((child, index) => {
    const standing = parent.childNodes[index];
    if (!standing) parent.append(create(child));
    else if (fits(standing, child)) update(standing, child);
    else standing.replaceWith(create(child));
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

function fits(node, child) {
  if (isAbsent(child)) return node.nodeType === Node.COMMENT_NODE;
  if (isText(child)) return node.nodeType === Node.TEXT_NODE;
  const before = described.get(node);
  return Boolean(before) && before.tag === child.tag && before.props.key === child.props.key;
}

function create(child) {
  if (isAbsent(child)) return document.createComment("");
  if (isText(child)) return document.createTextNode(String(child));
  const element = document.createElement(child.tag);
  described.set(element, { tag: child.tag, props: {} });
  update(element, child);
  child.props.ref?.(element);
  if (child.props.after) queueMicrotask(() => element.isConnected && described.get(element).props.after(element));
  return element;
}

function update(node, child) {
  if (isAbsent(child)) return;
  if (isText(child)) {
    if (node.data !== String(child)) node.data = String(child);
    return;
  }
  const before = described.get(node).props;
  described.set(node, child);
  applyProps(node, before, child.props);
  if (child.props.html === undefined && !child.props.opaque) patch(node, child.children);
  if (before.after && node.isConnected) child.props.after(node);
}

function applyProps(element, before, props) {
  const names = new Set([...Object.keys(before), ...Object.keys(props)]);
  for (const name of names) applyProp(element, name, before[name], props[name]);
}

function applyProp(element, name, before, value) {
  if (name === "key" || name === "ref" || name === "after" || name === "opaque") return;
  if (name === "on") return listen(element, before ?? {}, value ?? {});
  if (name === "html") return before === value ? undefined : void (element.innerHTML = value ?? "");
  if (PROPERTIES.has(name)) {
    if (element[name] !== value) element[name] = value ?? "";
    return undefined;
  }
  if (before === value && value !== undefined) return undefined;
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
  return undefined;
}

function listen(element, before, handlers) {
  for (const event of Object.keys(handlers)) {
    if (event in before) continue;
    element.addEventListener(event, (occurred) => described.get(element)?.props.on?.[event]?.(occurred));
  }
}

// Info texts of offices are HTML from the City. Only plain text markup passes.
const ALLOWED = new Set(["A", "B", "BR", "DIV", "EM", "H3", "LI", "OL", "P", "SPAN", "STRONG", "U", "UL"]);
const ALLOWED_ATTRIBUTES = new Set(["href", "target", "rel", "aria-label", "class"]);

export function cleanHtml(html) {
  const parsed = new DOMParser().parseFromString(html ?? "", "text/html");
  for (const element of parsed.body.querySelectorAll("*")) {
    if (!ALLOWED.has(element.tagName)) element.replaceWith(...element.childNodes);
    for (const { name, value } of [...element.attributes]) {
      const script = name === "href" && !/^(https?:|mailto:|tel:|#)/i.test(value);
      if (!ALLOWED_ATTRIBUTES.has(name) || script) element.removeAttribute(name);
    }
  }
  return parsed.body.innerHTML;
}

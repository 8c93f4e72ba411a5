import { BASE_URL, MESSAGES, make } from "./api.js";
import STYLE from "./widget.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** Base of both elements: a shadow root that the page's styles do not reach, a language, events. */
export class BankElement extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {AbortController | undefined} */
  asking;
  waiting = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [sheet];
  }

  /** Show the element for its attributes; subclasses override it. */
  draw() {}

  connectedCallback() { this.attributeChangedCallback(); }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  /** Several attributes that change at once are obeyed once. */
  attributeChangedCallback() {
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      if (this.isConnected) this.draw();
    });
  }

  /** The language of the element, else of what is around it; az where the bank has none of it. */
  get language() {
    const said = (/** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang ?? "").slice(0, 2).toLowerCase();
    return said in MESSAGES ? said : "az";
  }

  get words() { return MESSAGES[this.language]; }

  get target() { return this.getAttribute("target") ?? "_self"; }

  /** Whether the host let it happen. */
  tell(type, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`biobank-${type}`, { detail, cancelable, bubbles: true, composed: true }));
  }

  link(address, part, ...children) {
    return make("a", { part, href: new URL(address, BASE_URL), target: this.target, rel: "noopener" }, ...children);
  }

  face(person, size) {
    return make("img", { part: "image", src: new URL(person.image, BASE_URL), width: size, height: size, alt: "", loading: "lazy" });
  }
}

import { BASE_URL, MESSAGES, make } from "./api.js";
import STYLE from "./widget.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** Base of both elements: a shadow root that the page's styles do not reach, a language, events. */
export class BankElement extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {AbortController | undefined} */
  request;
  isDrawPending = false;

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open", delegatesFocus: true });
    this.root.adoptedStyleSheets = [sheet];
  }

  /** Show the element for its attributes; subclasses override it. */
  draw() {}

  connectedCallback() { this.attributeChangedCallback(); }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  /** Draw once for all attributes that change together. */
  attributeChangedCallback() {
    if (this.isDrawPending) return;
    this.isDrawPending = true;
    queueMicrotask(() => {
      this.isDrawPending = false;
      if (this.isConnected) this.draw();
    });
  }

  /** The language of the element or of its nearest ancestor that has one, else az. */
  get language() {
    const lang = (/** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang ?? "").slice(0, 2).toLowerCase();
    return lang in MESSAGES ? lang : "az";
  }

  get messages() { return MESSAGES[this.language]; }

  get target() { return this.getAttribute("target") ?? "_self"; }

  /**
   * Dispatch an event. Return false if a listener of the page cancelled it.
   * @param {string} type
   * @param {object} detail
   */
  emit(type, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`biobank-${type}`, { detail, cancelable, bubbles: true, composed: true }));
  }

  /**
   * @param {string} url
   * @param {string | null} part
   * @param {...(Node | string)} children
   */
  link(url, part, ...children) {
    return make("a", { part, href: new URL(url, BASE_URL), target: this.target, rel: "noopener" }, ...children);
  }

  /**
   * @param {Record<string, any>} person
   * @param {number} size
   */
  image(person, size) {
    return make("img", { part: "image", src: new URL(person.image, BASE_URL), width: size, height: size, alt: "", loading: "lazy" });
  }
}

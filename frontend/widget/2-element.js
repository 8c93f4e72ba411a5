const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

// What both elements share: a shadow that the host's styles do not reach, a language, events.
class Element extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [sheet];
  }

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
    const said = (this.closest("[lang]")?.lang ?? "").slice(0, 2).toLowerCase();
    return said in WORDS ? said : "az";
  }

  get words() { return WORDS[this.language]; }

  get target() { return this.getAttribute("target") ?? "_self"; }

  /** Whether the host let it happen. */
  tell(type, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`biobank-${type}`, { detail, cancelable, bubbles: true, composed: true }));
  }

  link(address, part, ...children) {
    return make("a", { part, href: new URL(address, BANK), target: this.target, rel: "noopener" }, ...children);
  }

  face(person, size) {
    return make("img", { part: "image", src: new URL(person.image, BANK), width: size, height: size, alt: "", loading: "lazy" });
  }
}

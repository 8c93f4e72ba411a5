// The elements <biobank-search> and <biobank-person> for pages of other sites; see docs/reference/widget.md.
import { Person } from "./person.js";
import { Search } from "./search.js";

// A page may load two versions; the first one defines the elements.
if (!customElements.get("biobank-search")) customElements.define("biobank-search", Search);
if (!customElements.get("biobank-person")) customElements.define("biobank-person", Person);

// Bundle the scripts and style sheets of the pages and the widget.
//
//     node build.mjs [OUTDIR]      default: ../biobank/static; the widget is OUTDIR/widget.js
//
// `python -m frontend.build` calls this and files the widget under its hash.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const STATIC_DIR = path.join(ROOT, "..", "biobank", "static");
const HASH_DIGITS = 10;

const PAGES = ["advanced", "citing", "data", "day", "export", "frame", "help", "history", "media", "preview", "public"];
const ENTRIES = {
  site: ["site/main.js", "site/site.css"],
  map: ["site/map.js", "site/map.css"],
  desk: ["desk/main.js", "desk/desk.css"],
  embed: ["embed/main.js", "embed/embed.css"],
  account: ["account/main.js", "site/pages/account.css"],
  share: ["share/main.js", "share/share.css"],
  ...Object.fromEntries(PAGES.map((page) => [page, [`site/pages/${page}.css`]])),
  widget: ["widget/main.js"],
};

/** Keep URLs of static files; a font gets the hash of its content, as `static_url` does in pages. */
const staticUrls = {
  name: "static-urls",
  setup(build) {
    build.onResolve({ filter: /^fonts\// }, async ({ path: file }) => {
      const content = await readFile(path.join(STATIC_DIR, file));
      const version = createHash("sha256").update(content).digest("hex").slice(0, HASH_DIGITS);
      return { path: `${file}?v=${version}`, external: true };
    });
    build.onResolve({ filter: /^[a-z]+\.svg$/ }, ({ path: file }) => ({ path: file, external: true }));
  },
};

/** Import a style sheet into a script as minified text: `import STYLE from "./widget.css"`. */
const styleText = {
  name: "style-text",
  setup(build) {
    build.onLoad({ filter: /widget\.css$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf-8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true, target: "esnext" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await esbuild.build({
  absWorkingDir: ROOT,
  entryPoints: Object.entries(ENTRIES).flatMap(([out, files]) => files.map((file) => ({ in: `src/${file}`, out }))),
  outdir: process.argv[2] ?? STATIC_DIR,
  bundle: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  target: "esnext",
  legalComments: "none",
  logLevel: "warning",
  plugins: [staticUrls, styleText],
});

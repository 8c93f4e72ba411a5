import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { files: ["src/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["*.mjs", "*.js"], languageOptions: { globals: globals.node } },
  { rules: { "no-implicit-globals": "error", "no-eval": "error", "prefer-const": "error", eqeqeq: ["error", "smart"] } },
];

import vue from "eslint-plugin-vue";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["node_modules", "dist", "eslint.config.js"] },
  ...typescript.configs.strictTypeChecked,
  ...vue.configs["flat/recommended"],
  {
    files: ["tests/**"],
    rules: { "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] }] },
  },
  {
    languageOptions: {
      parserOptions: { parser: typescript.parser, projectService: true, extraFileExtensions: [".vue"] },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "vue/multi-word-component-names": "off", // screens are named in the field's words
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": ["warn", { html: { void: "always" } }],
      "max-lines": ["error", 400],
      "no-restricted-globals": ["error", { name: "localStorage", message: "Nothing is kept in clear: see src/vault." }],
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Text is text." }],
      "vue/no-v-html": "error",
    },
  },
);

declare module '*.yml' {
  /** The document as it was written; whoever imports it checks its shape. */
  const document: unknown;
  export = document;
}

/** What the build puts in: see live/book/offline.py. */

declare const BOOK: {
  /** {path of a file: [hash, size in bytes, query of its address, which of these it loads]} */
  files: Record<string, [string, number, string, number[]]>;
  /** The page for those that are not kept, and a pattern for what stands before its relative links. */
  missing: string;
  relative: string;
};

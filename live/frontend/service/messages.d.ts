/** What a page and the book's service worker say to each other. */

/** A page: that it has loaded; and whether its reader wants the whole book kept, or no longer. */
export interface Asked {
  wish?: "keep" | "drop";
}

/** The worker, to all pages of the book: what is kept. */
export interface State {
  /** Whether the reader wants the whole book. */
  whole: boolean;
  /** Whether some of it is being fetched. */
  busy: boolean;
  /** How many files of the book are kept. */
  kept: number;
  of: number;
  /** The size of all of them. */
  bytes: number;
  /** Whether there was no room for more. */
  full: boolean;
  /** The paths of the pages that are kept. */
  pages: string[];
}

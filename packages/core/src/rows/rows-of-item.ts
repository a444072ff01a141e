/** Rows of an item of a parallel kernel, as in entries.as.ts: enough for a thread to be worth waking. */
export const rowsOfItem = 64;

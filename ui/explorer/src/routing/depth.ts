/** Hops as they stand in an address: a whole number of 1 to 9,999, or null, all of them, for whatever else is there. */
export const depthOf = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;

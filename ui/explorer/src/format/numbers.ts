const WHOLE = new Intl.NumberFormat('en');

export const count = (number: number): string => WHOLE.format(number);

/** "1 asset", "2 assets", "1,039 assets". */
export const counted = (number: number, one: string, many: string = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

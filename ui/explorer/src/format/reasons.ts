import { duration } from './time';

/** A reason of the service's as a sentence of the page: it starts with a capital, and durations are read by people. */
export function reasonText(message: string): string {
  const text = message.replace(/\b(\d+) ms\b/g, (_, ms: string) => duration(Number(ms)));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

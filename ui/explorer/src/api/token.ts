/** The caller's token, where the service asks for one. It stays in this tab and goes with it. */

const KEY = 'lineage.token';

export const token = {
  get: (): string | null => sessionStorage.getItem(KEY),
  set: (secret: string): void => sessionStorage.setItem(KEY, secret),
  clear: (): void => sessionStorage.removeItem(KEY),
};

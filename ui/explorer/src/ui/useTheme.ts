import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(changed: () => void): () => void {
  const list = window.matchMedia(DARK);
  const watched = new MutationObserver(changed);
  list.addEventListener('change', changed);
  watched.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    list.removeEventListener('change', changed);
    watched.disconnect();
  };
}

const theme = (): string =>
  document.documentElement.dataset.theme ?? (window.matchMedia(DARK).matches ? 'dark' : 'light');

/** "light" or "dark", and anew when that changes: for what is drawn without CSS. */
export const useTheme = (): string => useSyncExternalStore(subscribe, theme);

import { Moon, Sun, SunMoon } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '@/ui/Button';

const KEY = 'lineage.theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const ICONS = { system: SunMoon, light: Sun, dark: Moon };

const stored = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';

/** Puts the reader's theme on the page; before the first picture, so that nothing flashes. */
export function applyTheme(theme: Theme = stored()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The system's theme, light, dark, and round again. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(stored);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme;
  const Icon = ICONS[theme];
  const change = (): void => {
    localStorage.setItem(KEY, next);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <IconButton label={`Theme: ${theme}; change to ${next}`} kind="bare" onClick={change}>
      <Icon size={16} />
    </IconButton>
  );
}

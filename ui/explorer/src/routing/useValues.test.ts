import { expect, it } from 'vitest';
import { changed } from './useValues';

it('changes what is named and leaves the rest', () => {
  expect(changed('text=a+b&state=FRESH', { state: 'DUE', workflow: 'x&y' })).toBe('text=a+b&state=DUE&workflow=x%26y');
});

it('takes away what is null or empty', () => {
  expect(changed('text=a&state=FRESH', { state: null, text: '' })).toBe('');
});

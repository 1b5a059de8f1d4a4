import { expect, it } from 'vitest';
import { count, counted } from './numbers';

it('sets thousands apart', () => {
  expect(count(0)).toBe('0');
  expect(count(1039)).toBe('1,039');
});

it('knows one from many', () => {
  expect(counted(0, 'asset')).toBe('0 assets');
  expect(counted(1, 'asset')).toBe('1 asset');
  expect(counted(2000, 'asset')).toBe('2,000 assets');
  expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  expect(counted(1, 'entry', 'entries')).toBe('1 entry');
});

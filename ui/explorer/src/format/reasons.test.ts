import { expect, it } from 'vitest';
import { reasonText } from './reasons';

it('tells durations as people read them', () => {
  expect(reasonText('its time to live of 7200000 ms is over')).toBe('Its time to live of 2 h is over');
  expect(reasonText('the next one is due every 86400000 ms')).toBe('The next one is due every 1 d');
});

it('leaves other words and numbers alone', () => {
  expect(reasonText('raw.2024 was produced later')).toBe('Raw.2024 was produced later');
  expect(reasonText('')).toBe('');
});

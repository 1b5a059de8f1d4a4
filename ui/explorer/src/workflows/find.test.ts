import { expect, test } from 'vitest';
import { holds } from './find';

const NIGHTLY = { slug: 'sales-nightly', name: 'Sales', description: 'Every Night', steps: [{ stepId: 'load' }] };

test.each(['', 'NIGHTLY', 'sales', 'every night', 'loa'])('%j is in it', (text) => {
  expect(holds(NIGHTLY, text)).toBe(true);
});

test('what is in none of them is not', () => {
  expect(holds(NIGHTLY, 'daily')).toBe(false);
  expect(holds({ ...NIGHTLY, description: null, steps: [] }, 'load')).toBe(false);
});

import { describe, expect, it } from 'vitest';
import { splitName } from './names';

describe('a name on a card', () => {
  it('stays whole where it is short', () => {
    expect(splitName('sales.orders')).toEqual(['', 'sales.orders']);
    expect(splitName('x'.repeat(26))).toEqual(['', 'x'.repeat(26)]);
  });

  it('is cut at a separator, which goes with the end', () => {
    expect(splitName('warehouse.production.sales.orders_daily')).toEqual([
      'warehouse.production',
      '.sales.orders_daily',
    ]);
  });

  it.each(['a'.repeat(60), `${'a'.repeat(60)}.x`, `${'a'.repeat(60)}:`, `${'a.'.repeat(100)}`, 'a.'.repeat(15)])(
    'keeps an end long enough to tell assets apart, and not too long for the card: %s',
    (id) => {
      const [head, tail] = splitName(id);
      expect(head + tail).toBe(id);
      expect(tail.length).toBeGreaterThanOrEqual(13);
      expect(tail.length).toBeLessThanOrEqual(26);
    },
  );
});

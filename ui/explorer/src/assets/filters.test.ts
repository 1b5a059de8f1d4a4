import { describe, expect, it } from 'vitest';
import { chooseProduced, filtersOf, isFiltered, PRODUCED_OPTIONS, producedOf, variablesOf } from './filters';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const of = (search: string) => filtersOf(new URLSearchParams(search));

describe('filters in the address', () => {
  it('is none when nothing is there', () => {
    expect(isFiltered(of(''))).toBe(false);
    expect(new Set(Object.values(variablesOf(of(''), NOW)))).toEqual(new Set([null]));
  });

  it('goes to the service by its own words', () => {
    const search = 'text=orders&workflow=shop&state=STALE&produced=1d&partitions=yes&partition=2026-03-09&valid=no';
    expect(variablesOf(of(search), NOW)).toEqual({
      text: 'orders',
      workflow: 'shop',
      state: 'STALE',
      producedSince: '2026-03-09T12:00:00.000Z',
      producedBefore: null,
      partitioned: true,
      partitionKey: '2026-03-09',
      valid: false,
    });
  });

  it('knows what is older than a time', () => {
    expect(variablesOf(of('produced=before-7d'), NOW)).toMatchObject({
      producedSince: null,
      producedBefore: '2026-03-03T12:00:00.000Z',
    });
  });

  it('takes values that it does not know for none', () => {
    expect(variablesOf(of('state=FUNNY&produced=toString&partitions=maybe&valid=yes'), NOW)).toEqual(
      variablesOf(of(''), NOW),
    );
  });
});

describe('never produced', () => {
  it('is the state of what is missing, in both selects', () => {
    const filters = { ...of('produced=1d&state=FRESH'), ...chooseProduced(of('produced=1d&state=FRESH'), 'never') };
    expect(variablesOf(filters, NOW)).toMatchObject({ state: 'MISSING', producedSince: null });
    expect(PRODUCED_OPTIONS.map(([value]) => value)).toContain(producedOf(filters));
  });

  it('ends when another time is chosen, and leaves other states alone', () => {
    expect(chooseProduced(of('state=MISSING'), '1d')).toEqual({ produced: '1d', state: '' });
    expect(chooseProduced(of('state=STALE'), '1d')).toEqual({ produced: '1d', state: 'STALE' });
  });
});

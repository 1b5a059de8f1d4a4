import { expect, it } from 'vitest';
import { commandOf, gateOf, idsOf, variablesOf } from './gate';

it('takes ids with spaces or commas between them, each once', () => {
  expect(idsOf(' a.b, c  a.b\nd ,')).toEqual(['a.b', 'c', 'd']);
  expect(idsOf('  ')).toEqual([]);
});

it('reads what is asked from the address', () => {
  const gate = gateOf(new URLSearchParams('assets=a+b&age=1d&valid=yes&strict=yes&upstream=no'));
  expect(variablesOf(gate)).toEqual({
    assets: ['a', 'b'],
    maxAgeMs: 86_400_000,
    requireValid: true,
    upstream: false,
    strict: true,
  });
  expect(commandOf(gate)).toBe('lineage check a b --max-age 1d --require-valid --strict');
});

it('knows no ages but its own', () => {
  for (const age of ['2y', 'toString', '']) {
    const gate = gateOf(new URLSearchParams({ assets: 'a', age }));
    expect(variablesOf(gate).maxAgeMs).toBe(null);
    expect(commandOf(gate)).toBe('lineage check a');
  }
});

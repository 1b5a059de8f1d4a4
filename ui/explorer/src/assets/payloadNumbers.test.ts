import { describe, expect, it } from 'vitest';
import { MOST_PLACES, numberAt, numberPlaces, placeName } from './payloadNumbers';

describe('numberPlaces', () => {
  it('finds numbers at any depth, outer ones first, in the payload’s order', () => {
    const payload = { z: 1, deep: { b: 2, a: [3, { c: 4 }] }, text: '5', none: null, yes: true };
    expect(numberPlaces([payload])).toEqual(['/z', '/deep/b', '/deep/a/0', '/deep/a/1/c']);
  });

  it('joins what several versions have', () => {
    expect(numberPlaces([{ a: 1 }, { a: 'text', b: 2 }, null, [7]])).toEqual(['/a', '/b', '/0']);
  });

  it('finds a payload that is a number itself', () => {
    expect(numberPlaces([3, 'x'])).toEqual(['']);
    expect(numberPlaces([])).toEqual([]);
  });

  it('stops at a limit, however many there are', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({ value: index }));
    expect(numberPlaces([{ rows, total: 1 }])).toHaveLength(MOST_PLACES);
    expect(numberPlaces([{ rows, total: 1 }])[0]).toBe('/total');
  });
});

describe('numberAt', () => {
  it('reads every place that was found', () => {
    const payload = { 'a/b': { '~': 1, '': 2 }, list: [[3]] };
    const places = numberPlaces([payload]);
    expect(places.map((place) => numberAt(payload, place))).toEqual([1, 2, 3]);
  });

  it('is null where there is no number', () => {
    expect(numberAt({ a: '1' }, '/a')).toBeNull();
    expect(numberAt({ a: 1 }, '/a/b')).toBeNull();
    expect(numberAt({}, '/toString')).toBeNull();
    expect(numberAt(null, '')).toBeNull();
  });
});

it('names places as people write them', () => {
  expect(['', '/a', '/a/b~1c', '/top/0/sold', '/0'].map(placeName)).toEqual([
    'payload',
    'a',
    'a.b/c',
    'top[0].sold',
    '[0]',
  ]);
});

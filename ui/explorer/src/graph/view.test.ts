import { describe, expect, it } from 'vitest';
import { close, open, parseView, printView, START, type View } from './view';

const through = (view: Partial<View>, start?: View): View =>
  parseView(printView({ ...START, ...view }, start).slice(1), start);

describe('an address', () => {
  it('is empty for the view at the start', () => {
    expect(printView(START)).toBe('?');
    expect(parseView('')).toEqual(START);
  });

  const views: [string, Partial<View>][] = [
    ['direction', { direction: 'UPSTREAM' }],
    ['a depth', { depth: 12 }],
    ['no depth', { depth: null }],
    ['edges', { source: 'ALL' }],
    ['opened sides', { opened: [{ key: 'a:b.c-d_e', side: 'up' }] }],
    ['closed sides', { closed: [{ key: 'down~up', side: 'down' }] }],
    ['an end', { to: 'Sales.Orders:1' }],
    ['steps', { steps: true }],
    ['boxes', { grouped: true, folded: ['a', 'b'] }],
    ['instants', { asOf: '2026-11-23T01:02:03.456Z', since: '2026-11-22T00:00:00.000Z' }],
    ['a step with any sign in its name', { chosen: 'step:w/a~b|c>d & 100%25 = "é"?#+' }],
    ['a list', { display: 'list' }],
  ];
  it.each(views)('holds %s', (_, view) => {
    expect(through(view)).toEqual({ ...START, ...view });
  });

  it('holds all of it at once', () => {
    const all: View = Object.assign({ ...START }, ...views.map(([, view]) => view));
    expect(through(all)).toEqual(all);
    expect(Object.entries(all).filter(([name, value]) => value === START[name as keyof View])).toEqual([]);
  });

  it('says what differs from another start, also where that is the usual one', () => {
    const start: View = { ...START, steps: true, grouped: true, depth: null, direction: 'UPSTREAM' };
    expect(printView(start, start)).toBe('?');
    expect(through(START, start)).toEqual(START);
  });

  it('is the same for the same view, in whatever order it was made', () => {
    const [one, other] = [
      { key: 'a', side: 'up' },
      { key: 'b', side: 'down' },
    ] as const;
    const view = (...order: (typeof one | typeof other)[]): string =>
      printView({ ...START, opened: order, closed: order, folded: order.map(({ key }) => key) });
    expect(view(one, other)).toBe(view(other, one));
  });

  it.each([
    'direction=sideways',
    'depth=0',
    'depth=-1',
    'depth=1.5',
    'depth=10000',
    'depth=',
    'edges=none',
    'open=left~a',
    'open=up~',
    'open=a',
    'at=yesterday',
    'since=',
    'to=',
    'fold=',
    'chosen=',
    'as=poem',
    'steps=maybe',
    '%E0%A4%A',
  ])('that is not understood (%s) shows the start', (search) => {
    expect(parseView(search)).toEqual(START);
  });

  it('may be written in small or large letters, and twice', () => {
    const view = parseView('direction=Upstream&edges=OBSERVED&open=up~a&open=up~a&fold=w&fold=w');
    expect(view).toMatchObject({ direction: 'UPSTREAM', source: 'OBSERVED', folded: ['w'] });
    expect(view.opened).toEqual([{ key: 'a', side: 'up' }]);
  });

  it('takes an instant with an offset', () => {
    expect(parseView('at=2026-01-01T01:00:00%2B01:00').asOf).toBe('2026-01-01T00:00:00.000Z');
  });
});

describe('sides', () => {
  const up = { key: 'a', side: 'up' } as const;
  const down = { key: 'a', side: 'down' } as const;

  it('open once, and on their own', () => {
    const view = open(open(START, up), { ...up });
    expect(view.opened).toEqual([up]);
    expect(open(view, down).opened).toEqual([up, down]);
  });

  it('close what was opened, and open what was closed', () => {
    const shut = close(open(START, up), { ...up });
    expect(shut).toMatchObject({ opened: [], closed: [up] });
    expect(close(shut, up).closed).toEqual([up]);
    expect(open(shut, { ...up })).toMatchObject({ opened: [up], closed: [] });
    expect(open(shut, down).closed).toEqual([up]);
  });

  it('leave the view that they came from as it was', () => {
    close(open(START, up), up);
    expect(START).toMatchObject({ opened: [], closed: [] });
  });
});

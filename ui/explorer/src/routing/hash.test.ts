import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { matchRoute, type Parser } from 'wouter';
import { decoding, forWouter, navigate, search } from './hash';
import { links } from './links';

/** What the browser has of an address bar. */
let written = '';
const history = { push: [] as string[], replace: [] as string[] };

beforeEach(() => {
  written = '';
  history.push.length = 0;
  history.replace.length = 0;
  vi.stubGlobal('window', {
    location: {
      get hash() {
        return written;
      },
    },
    history: {
      pushState: (_state: null, _title: '', to: string) => {
        history.push.push(to);
        written = to;
      },
      replaceState: (_state: null, _title: '', to: string) => {
        history.replace.push(to);
        written = to;
      },
    },
    dispatchEvent: () => true,
  });
  vi.stubGlobal('PopStateEvent', class {});
});
afterEach(() => vi.unstubAllGlobals());

describe('navigate', () => {
  it('goes to a path, and leaves a step for the back button', () => {
    navigate('/assets/a?depth=2');
    expect(history).toEqual({ push: ['#/assets/a?depth=2'], replace: [] });
  });

  it('replaces where it is told to', () => {
    navigate('/runs', { replace: true });
    expect(history).toEqual({ push: [], replace: ['#/runs'] });
  });

  it('keeps the path where only a search is given, and takes away the search with a mere ?', () => {
    written = '#/assets/a%3Ab?depth=2';
    navigate('?depth=3');
    expect(written).toBe('#/assets/a%3Ab?depth=3');
    navigate('?');
    expect(written).toBe('#/assets/a%3Ab');
  });

  it('goes nowhere from where it is', () => {
    written = '#/runs';
    navigate('/runs');
    expect(history).toEqual({ push: [], replace: [] });
  });
});

describe('search', () => {
  it('is all behind the first ?', () => {
    written = '#/assets/a?to=b?c&depth=2';
    expect(search()).toBe('to=b?c&depth=2');
  });

  it('is empty without one, and without a fragment', () => {
    written = '#/assets/a';
    expect(search()).toBe('');
    written = '';
    expect(search()).toBe('');
  });
});

/** As wouter does it: `decodeURI`, then the pattern. */
const throughWouter = (text: string): string => decodeURI(forWouter(text));

/** regexparam's, which wouter brings, for one part behind `/assets/` and an optional tab. */
const parser: Parser = () => ({ pattern: /^\/assets\/([^/]+?)(?:\/([^/]+?))?\/?$/i, keys: ['id', 'tab'] });

const params = (path: string) => matchRoute(decoding(parser), '/assets/:id/:tab?', throughWouter(path))[1];

describe('the parts of a path', () => {
  it.each(['sales.orders', 'arn:aws:s3', 'a/b', '50%', '%41', '%3A', 'a b', '?x#y&z=1', 'naïve-☃'])(
    'come out of a link as %s went in',
    (id) => {
      expect(params(links.asset(id))).toMatchObject({ id, tab: undefined });
      expect(params(links.asset(id, 'history'))).toMatchObject({ id, tab: 'history' });
    },
  );

  it('may be written by hand, unescaped or wrong', () => {
    expect(params('/assets/a:b')).toMatchObject({ id: 'a:b' });
    expect(params('/assets/50%')).toMatchObject({ id: '50%' });
    expect(params('/assets/%E0%A4%A')).toMatchObject({ id: '%E0%A4%A' });
  });

  it('do not match another route', () => {
    expect(params('/runs/a')).toBeNull();
  });
});

it('hands a search on as it was written', () => {
  const said = new URLSearchParams({ chosen: 'step:w/100%25 & more' }).toString();
  expect(new URLSearchParams(throughWouter(said)).get('chosen')).toBe('step:w/100%25 & more');
});

describe('links', () => {
  it('keep what stands in a search apart', () => {
    expect(links.step('w', 'a&b=c#d')).toBe('/workflows/w/steps?step=a%26b%3Dc%23d');
    expect(links.compare('a', 'b&to=c')).toBe('/compare?from=a&to=b%26to%3Dc');
    expect(links.assets('a&b')).toBe('/?text=a%26b');
    expect(links.assets()).toBe('/');
  });
});

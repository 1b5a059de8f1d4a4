import { expect, it } from 'vitest';
import { linkTo, wordsOf } from './looks';

it('says what a webhook wants', () => {
  expect(wordsOf({})).toBe('everything');
  expect(wordsOf({ types: [], assets: ['sales.*', 'raw'] })).toBe('everything of sales.*, raw');
  expect(wordsOf({ types: ['asset.changed'], workflows: ['w'], upstreamOf: 'report' })).toBe(
    'asset.changed from w upstream of report',
  );
});

it('leads to what an event is about', () => {
  expect(linkTo('asset.produced', 'a b')).toBe('/assets/a%20b');
  expect(linkTo('workflow.deleted', 'w')).toBe('/workflows/w');
  expect(linkTo('run.started', 'r')).toBe('/runs/r');
  expect(linkTo('step.finished', 'r')).toBe('/runs/r');
});

import { expect, test } from 'vitest';
import { csv } from './csv';

test('lines end in CR LF, the header first', () => {
  expect(csv(['asset', 'distance'], [['sales.orders', 1]])).toBe('asset,distance\r\nsales.orders,1\r\n');
});

test('a header alone where there are no rows', () => {
  expect(csv(['asset'], [])).toBe('asset\r\n');
});

test('what is not there is an empty cell', () => {
  expect(csv(['a', 'b', 'c'], [[null, undefined, '']])).toBe('a,b,c\r\n,,\r\n');
});

test('commas, quotes and line ends are quoted, quotes doubled', () => {
  expect(csv(['a'], [['x,y'], ['say "no"'], ['two\nlines'], ['two\r\nlines']])).toBe(
    'a\r\n"x,y"\r\n"say ""no"""\r\n"two\nlines"\r\n"two\r\nlines"\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠x', '\tx', "'x", '  =1'])(
  'the text %j is no formula',
  (text) => {
    expect(csv(['a'], [[text]])).toBe(`a\r\n'${text}\r\n`);
  },
);

test('a formula that needs quotes gets both', () => {
  expect(csv(['a'], [['=HYPERLINK("x","y")']])).toBe(`a\r\n"'=HYPERLINK(""x"",""y"")"\r\n`);
});

test('a line end at the start is no way around', () => {
  expect(csv(['a'], [['\n=1'], ['\r=1']])).toBe(`a\r\n"'\n=1"\r\n"'\r=1"\r\n`);
});

test('numbers stay numbers, negative ones too; signs inside a text do not matter', () => {
  expect(csv(['a', 'b'], [[-3, 'a-b=c']])).toBe('a,b\r\n-3,a-b=c\r\n');
});

/** What is asked at a gate, as the address holds it, the service takes it and the command line says it. */
import type { StateLook } from '@/format/states';

export const PASSES: StateLook = {
  word: 'Passes',
  tone: 'fresh',
  shape: 'disc',
  meaning: 'Nothing is against it.',
};
export const FAILS: StateLook = { word: 'Fails', tone: 'expired', shape: 'cross', meaning: 'See why beside it.' };

/** By what the command line calls them. */
const AGES: Readonly<Record<string, number>> = {
  '1h': 3_600_000,
  '6h': 21_600_000,
  '1d': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
};

export const AGE_OPTIONS = [
  ['', 'Of any age'],
  ['1h', 'An hour old at most'],
  ['6h', '6 hours old at most'],
  ['1d', 'A day old at most'],
  ['7d', 'A week old at most'],
  ['30d', '30 days old at most'],
] as const;

export const FLAGS = ['valid', 'upstream', 'strict'] as const;
export type Flag = (typeof FLAGS)[number];

export interface Gate {
  assets: readonly string[];
  /** A name in `AGE_OPTIONS`. */
  age: string;
  flags: ReadonlySet<Flag>;
}

/** Ids stand behind one another, with spaces or commas between them. */
export const idsOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

export function gateOf(values: URLSearchParams): Gate {
  const age = values.get('age') ?? '';
  return {
    assets: idsOf(values.get('assets') ?? ''),
    age: Object.hasOwn(AGES, age) ? age : '',
    flags: new Set(FLAGS.filter((flag) => values.get(flag) === 'yes')),
  };
}

export interface GateVariables {
  assets: string[];
  maxAgeMs: number | null;
  requireValid: boolean;
  upstream: boolean;
  strict: boolean;
}

export const variablesOf = ({ assets, age, flags }: Gate): GateVariables => ({
  assets: [...assets],
  maxAgeMs: AGES[age] ?? null,
  requireValid: flags.has('valid'),
  upstream: flags.has('upstream'),
  strict: flags.has('strict'),
});

/** The same question on the command line. */
export function commandOf({ assets, age, flags }: Gate): string {
  const options = [
    age && `--max-age ${age}`,
    flags.has('valid') && '--require-valid',
    flags.has('upstream') && '--upstream',
    flags.has('strict') && '--strict',
  ];
  return ['lineage check', ...assets, ...options.filter(Boolean)].join(' ');
}

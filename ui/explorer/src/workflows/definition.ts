/** A workflow's definition as it was sent, read with care: any keys, and values that may be of another type. */

type Json = Record<string, unknown>;

export interface AssetDeclaration {
  assetId: string;
  /** Everything declared of it, beside its id. */
  said: Json;
}

export interface StepDefinition {
  id: string;
  name: string;
  dependsOn: string[];
  produces: AssetDeclaration[];
  consumes: AssetDeclaration[];
  /** Whatever else is said of it: its type, an orchestrator's own keys. */
  rest: Json;
}

export interface Definition {
  steps: StepDefinition[];
  /** Whatever else is said: name, description, triggers, … */
  rest: Json;
}

export function readDefinition(document: unknown): Definition {
  const { steps, ...rest } = object(document);
  return { steps: objects(steps).map(step), rest };
}

function step(document: Json): StepDefinition {
  const { id, name, dependsOn, produces, consumes, ...rest } = document;
  const ownId = text(id) ?? '';
  return {
    id: ownId,
    name: text(name) ?? ownId,
    dependsOn: list(dependsOn).filter((each) => typeof each === 'string'),
    produces: assets(produces),
    consumes: assets(consumes),
    rest,
  };
}

/** The service compares ids without case, and keeps the first of two. */
function assets(documents: unknown): AssetDeclaration[] {
  const byKey = new Map<string, AssetDeclaration>();
  for (const { assetId, ...said } of objects(documents)) {
    const id = text(assetId) ?? '';
    if (!byKey.has(id.toLowerCase())) byKey.set(id.toLowerCase(), { assetId: id, said });
  }
  return [...byKey.values()];
}

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const objects = (value: unknown): Json[] => list(value).map(object);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

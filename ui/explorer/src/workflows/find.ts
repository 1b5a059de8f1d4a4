interface Named {
  slug: string;
  name: string;
  description?: string | null;
  steps: readonly { stepId: string }[];
}

/** Whether the text is in what a workflow is called, without case. */
export function holds({ slug, name, description, steps }: Named, text: string): boolean {
  const wanted = text.toLowerCase();
  return [slug, name, description ?? '', ...steps.map((step) => step.stepId)].some((each) =>
    each.toLowerCase().includes(wanted),
  );
}

/** The element of the page with this id and kind. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`internal: the page must have a ${kind.name} with the id ${id}`);
  return found;
}

/** A new element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Shows what went wrong, where the window is, or with null that nothing did. */
export function showProblem(problem: unknown): void {
  const paragraph = element('problem', HTMLParagraphElement);
  paragraph.hidden = problem === null;
  paragraph.textContent = problem instanceof Error ? problem.message : String(problem ?? '');
  if (problem !== null) paragraph.scrollIntoView({ block: 'nearest' });
}

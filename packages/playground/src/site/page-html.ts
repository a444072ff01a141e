import type { DemoText } from '../demo.js';

/** A page in the navigation. */
export interface Place {
  readonly href: string;
  readonly title: string;
}

/** What every page has around its own part. */
export interface PageParts {
  readonly place: Place;
  readonly places: readonly Place[];
  readonly styles: readonly string[];
  readonly script: string;
  /** HTML. */
  readonly header: string;
  /** HTML. */
  readonly main: string;
}

export function pageHtml({ place, places, styles, script, header, main }: PageParts): string {
  const links = places.map(
    ({ href, title }) => `<a href="${href}"${href === place.href ? ' aria-current="page"' : ''}>${title}</a>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>tfjs-sparse: ${place.title}</title>
    <link rel="icon" href="data:," />
    ${styles.map((style) => `<link rel="stylesheet" href="${style}" />`).join('\n    ')}
    <script type="module" src="${script}"></script>
  </head>
  <body>
    <header>
      <nav><strong>tfjs-sparse</strong> ${links.join('\n        ')}</nav>
      ${header}
      <p id="status" role="status">Loading…</p>
      <progress id="progress" hidden></progress>
      <p id="problem" role="alert" hidden></p>
    </header>
    ${main}
  </body>
</html>
`;
}

/** The shell of a demo: what it says, its controls, and a place for its view. */
export function demoParts(text: DemoText): Pick<PageParts, 'header' | 'main'> {
  const backends = ['cpu', 'wasm', 'webgpu'].map((name) => {
    const checked = name === 'wasm' ? ' checked' : '';
    return `<label><input type="radio" name="backend" value="${name}"${checked} />${name}</label>`;
  });
  return {
    header: `<h1>${text.headline}</h1>
      <p>${text.introduction}</p>
      <form id="controls">
        <fieldset id="backends">
          <legend><span>Backend</span></legend>
          ${backends.join('\n          ')}
        </fieldset>
        <button class="button" id="samples" type="button">${text.samplesButton}</button>
        <label class="button">
          ${text.openButton}
          <input id="file" type="file" accept="${text.accept}" multiple />
        </label>
        <span class="hint">or drop a file: ${text.filesHint}</span>
      </form>`,
    main: '<main id="view"></main>',
  };
}

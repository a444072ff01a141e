/** Takes files that are dropped anywhere on the page or picked with the input. */
export function takeFiles(input: HTMLInputElement, open: (files: readonly File[]) => void): void {
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = ''; // so that the same file can be opened again
    open(files);
  });
  for (const type of ['dragover', 'dragleave', 'drop']) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      document.body.classList.toggle('dropping', type === 'dragover');
    });
  }
  document.addEventListener('drop', ({ dataTransfer }) => open([...(dataTransfer?.files ?? [])]));
}

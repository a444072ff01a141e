/**
 * Opens files one after the other; one that fails keeps none of the others from opening.
 *
 * @param tell gets a line for each that fails, with its name
 */
export async function openEach<F extends { readonly name: string }>(
  files: readonly F[],
  open: (file: F) => Promise<void>,
  tell: (problem: string) => void,
): Promise<void> {
  for (const file of files) {
    try {
      await open(file);
    } catch (error) {
      tell(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

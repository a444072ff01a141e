export async function writePack(..._: unknown[]): Promise<void> {}

/** What the stand-in saw, for the test that started it. */
export interface Note {
  type: string;
  value: unknown;
}

export function note(type: string, value: unknown): void {
  process.send?.({ type, value } satisfies Note);
}

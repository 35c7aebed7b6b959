/** Runs a job so many milliseconds later. Returns what calls that off. */
export type Later = (job: () => Promise<void>, ms: number) => () => void;

/** Does not keep the process alive. */
export const later: Later = (job, ms) => {
  const timer = setTimeout(() => void job(), ms).unref();
  return () => clearTimeout(timer);
};

/** What the address of a page, or of its data.json, asks for. */
export interface PageRequest {
  /** Null: the share itself. */
  projectId: number | null;
  /** As they came, null if they are not there; `readWantedPeriod` decides what they mean. */
  year: string | null;
  month: string | null;
  details: string | null;
}

/** Project ids are the store's row ids. */
const projectIdPattern = /^[1-9]\d{0,14}$/;

/**
 * Reads a query string and the project that the address names; null if the project cannot be an
 * id. A parameter that is given more than once counts as unreadable text (''), so that the address
 * leads to the nearest valid page.
 */
export function readRequest(querystring: string, project: string | null): PageRequest | null {
  if (project !== null && !projectIdPattern.test(project)) return null;
  const query = new URLSearchParams(querystring);
  return {
    projectId: project === null ? null : Number(project),
    year: readOnce(query, 'year'),
    month: readOnce(query, 'month'),
    details: readOnce(query, 'details'),
  };
}

/** The same for data.json, where the query names the project too. */
export function readDataRequest(querystring: string): PageRequest | null {
  return readRequest(querystring, readOnce(new URLSearchParams(querystring), 'project'));
}

function readOnce(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  return values.length > 1 ? '' : (values[0] ?? null);
}

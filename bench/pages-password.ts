/** Of the guarded share of pages-portal.ts. */
export const password = 'correct horse';

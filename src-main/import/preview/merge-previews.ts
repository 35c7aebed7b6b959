/** The previews of several files as one. Pure. */
import { createHash } from 'node:crypto';
import type { ImportCounts, ImportPreview } from '../../../src-shared/contract/imports.ts';

type Group = ImportPreview['groups'][number];

/** `previews`: at least one, in the order in which their files are applied. */
export function mergePreviews(previews: readonly ImportPreview[]): ImportPreview {
  const hash = createHash('sha256');
  for (const { digest } of previews) hash.update(digest);
  const shares = new Map(
    previews.flatMap((preview) => preview.shares).map((share) => [share.shareId, share]),
  );
  const days = previews.flatMap(({ firstDay, lastDay }) =>
    firstDay !== null && lastDay !== null ? [firstDay, lastDay] : [],
  );
  const corrections = previews.map((preview) => preview.corrections);
  const offering = corrections.filter(({ offered }) => offered > 0);
  const isDecided = offering.every(({ replaced }) => replaced !== null);
  return {
    digest: hash.digest('hex'),
    counts: sum(previews.map(({ counts }) => counts)),
    created: sum(previews.map(({ created }) => created)),
    learned: previews.flatMap((preview) => preview.learned),
    groups: mergeGroups(previews.flatMap((preview) => preview.groups)),
    shares: [...shares.values()].sort((a, b) => a.shareId - b.shareId),
    firstDay: days.toSorted()[0] ?? null,
    lastDay: days.toSorted().at(-1) ?? null,
    notices: [...new Set(previews.flatMap((preview) => preview.notices))],
    mustSee: [...new Set(previews.flatMap((preview) => preview.mustSee))],
    corrections: {
      offered: corrections.reduce((total, { offered }) => total + offered, 0),
      replaced:
        offering.length > 0 && isDecided
          ? offering.reduce((total, { replaced }) => total + (replaced ?? 0), 0)
          : null,
      answer: corrections.find(({ answer }) => answer !== null)?.answer ?? null,
    },
  };
}

function sum<Counts extends Record<string, number>>(all: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [key, count] of Object.entries(counts)) total[key] = (total[key] ?? 0) + count;
  }
  return total as Counts;
}

function mergeGroups(groups: readonly Group[]): Group[] {
  const byName = Map.groupBy(groups, ({ customer, customerNumber, project }) =>
    JSON.stringify([customer, customerNumber, project]),
  );
  return [...byName.values()].map((same) => {
    const days = same.flatMap(({ firstDay, lastDay }) =>
      firstDay !== null && lastDay !== null ? [firstDay, lastDay] : [],
    );
    return {
      ...same[0]!,
      counts: sum<ImportCounts>(same.map(({ counts }) => counts)),
      firstDay: days.toSorted()[0] ?? null,
      lastDay: days.toSorted().at(-1) ?? null,
    };
  });
}

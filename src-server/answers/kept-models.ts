import { buildPageModel, type BuildOptions, type BuildResult } from '../view-model/build.ts';
import { KeptOfMoment } from './kept-of-moment.ts';

/** Rows of all models together; with its texts and the HTML of its cells, one takes 1 kB. */
const maxRows = 50_000;
/** What else a model has takes as much as so many rows. */
const overheadRows = 20;

type BuiltPage = Extract<BuildResult, { kind: 'page' }>;

/** View models of one moment: a page in another language shows the same, and is not read again. */
export class KeptModels {
  readonly #kept = new KeptOfMoment<BuiltPage>(maxRows, sizeOf);

  /** `stamp`: of the moment that `options` are of. Nothing may change in a model. */
  build(stamp: string, options: BuildOptions): BuildResult {
    const { projectId, year, month, details } = options.request;
    const key = JSON.stringify([options.share.id, projectId, year, month, details]);
    const known = this.#kept.find(stamp, key);
    if (known !== undefined) return known;
    const built = buildPageModel(options);
    if (built.kind === 'page') this.#kept.keep(stamp, key, built);
    return built;
  }
}

const sizeOf = ({ model: { details } }: BuiltPage): number =>
  overheadRows + (details.view === 'table' ? details.rows.length : 0);

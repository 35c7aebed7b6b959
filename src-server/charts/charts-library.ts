// Imported by its path: the build leaves what is imported by a package's name outside the bundle.
import frappeCharts from '../../node_modules/frappe-charts/dist/frappe-charts.min.umd.js?raw';

/**
 * The library without the reference to its map, which is not served, and without its own style
 * sheet, which the pages' policy refuses: charts.css has what is needed of it.
 */
function readLibrary(): string {
  const styleParent = 'document.head||document.getElementsByTagName("head")[0]';
  if (!frappeCharts.includes(styleParent)) throw new Error('frappe-charts adds its styles anew');
  return frappeCharts
    .replace(styleParent, 'document.createDocumentFragment()')
    .replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n');
}

/** As a page fetches it; charts-client.js says when. */
export const chartsLibrary = readLibrary();

// By path, not by package name: the build leaves packages outside the bundle, `?raw` cannot.
import frappeCharts from '../../node_modules/frappe-charts/dist/frappe-charts.min.umd.js?raw';
import clientScript from './charts-client.js?raw';

/**
 * The library without the reference to its map, which is not served, and with its own style
 * sheet going nowhere: the pages' policy refuses it, what is needed of it is in charts.css.
 */
function readLibrary(): string {
  const styleParent = 'document.head||document.getElementsByTagName("head")[0]';
  if (!frappeCharts.includes(styleParent)) throw new Error('frappe-charts adds its styles anew');
  return frappeCharts
    .replace(styleParent, 'document.createDocumentFragment()')
    .replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n');
}

export const chartsLibrary = readLibrary();

/** The script of pages with charts: the library, and what takes over the bars that the server drew. */
export const chartsScript = `${chartsLibrary}\n${clientScript}`;

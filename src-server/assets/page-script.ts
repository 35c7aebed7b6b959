/** What every client's page with a chart or details runs; built into one script for browsers. */
import '../charts/charts-client.js';
import '../table-tools/table-tools.ts';

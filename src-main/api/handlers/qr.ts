import { renderSVG } from 'uqr';

/** An SVG of an address, with room around it and some repair, for screens and for print. */
export const renderQr = (url: string): string => renderSVG(url, { border: 2, ecc: 'M' });

// @ts-check
/* global document, frappe, MouseEvent */
/*
 * Lets frappe-charts take over the bars that the server drew: same numbers, same places, plus a
 * tooltip. Without this script the page is complete. The library, four fifths of all scripts, is
 * fetched when somebody points at a chart, touches it or gets to it by the keyboard. The numbers
 * are read from the table beside each chart, so that chart and table cannot disagree; the links
 * stay what they are, above it.
 */
(() => {
  /** @typedef {{ label: string, hours: number, text: string }} Point */

  // Of the bars in charts.css: height of a column, its space above the highest bar and below.
  const height = 132;
  const paddings = { top: 7, bottom: 21, left: 0, right: 0 };

  /** frappe-charts puts x labels into the tooltip as HTML. @param {string} text */
  const escapeHtml = (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

  /** @param {Element} section @returns {Point[]} */
  function readPoints(section) {
    return [...section.querySelectorAll('[data-point]')].map((row) => {
      /** @param {string} selector */
      const text = (selector) => row.querySelector(selector)?.textContent?.trim() ?? '';
      return {
        label: text('th'),
        hours: Number(row.querySelector('[data-hours] data')?.getAttribute('value')),
        text: [text('[data-duration]'), text('[data-total]')].filter(Boolean).join(' · '),
      };
    });
  }

  /** @param {Element} section */
  function takeOver(section) {
    const picture = section.querySelector('.picture');
    const bars = picture?.querySelector('.bars');
    if (!picture || !bars) return;
    const points = readPoints(section);
    // The time axis goes the way the page reads; frappe-charts only knows left to right.
    if (document.documentElement.dir === 'rtl') points.reverse();

    const drawn = document.createElement('div');
    drawn.className = 'drawn';
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', section.querySelector('h2, h3')?.textContent?.trim() ?? '');
    picture.prepend(drawn);

    const byLabel = new Map(points.map((point) => [point.label, point]));
    // @ts-expect-error the library's global
    const chart = new frappe.Chart(drawn, {
      type: 'bar',
      height,
      animate: 0,
      colors: ['#0a6570'],
      barOptions: { spaceRatio: 0.12 },
      data: {
        labels: points.map((point) => point.label),
        datasets: [{ values: points.map((point) => point.hours) }],
      },
      tooltipOptions: {
        formatTooltipX: (/** @type {string} */ label) =>
          `${escapeHtml(label)} <b>${escapeHtml(byLabel.get(label)?.text ?? '')}</b>`,
        formatTooltipY: () => ' ',
      },
    });
    placeLike(chart, points);
    markCurrent(drawn, bars);
    forwardPointer(bars, chart.container);
    picture.classList.add('taken');
  }

  /**
   * Puts the chart's bars exactly where the server's were: no margins for axes, and the highest
   * bar at full height rather than at the next round number. Draws at once, without animation.
   * @param {any} chart @param {Point[]} points
   */
  function placeLike(chart, points) {
    const highest = Math.max(...points.map((point) => point.hours), 0);
    chart.measures.margins = { top: 0, bottom: 0, left: 0, right: 0 };
    chart.measures.paddings = paddings;
    chart.height = height - paddings.top - paddings.bottom;
    chart.calcYAxisParameters = () => {
      const scaleMultiplier = highest > 0 ? chart.height / highest : 0;
      const zeroLine = chart.height;
      chart.state.yAxis = { labels: [0], positions: [zeroLine], scaleMultiplier, zeroLine };
      chart.calcDatasetPoints();
      chart.calcYExtremes();
      chart.calcYRegions();
    };
    chart.data = chart.realData;
    chart.draw();
  }

  /** @param {HTMLElement} drawn @param {Element} bars */
  function markCurrent(drawn, bars) {
    const items = [...bars.children];
    if (document.documentElement.dir === 'rtl') items.reverse();
    const index = items.findIndex((item) => item.querySelector('[aria-current]'));
    if (index >= 0) drawn.dataset.current = String(index);
  }

  /** The links lie above the chart: it hears of the pointer through them. */
  /** @param {Element} bars @param {Element} container */
  function forwardPointer(bars, container) {
    for (const type of ['mousemove', 'mouseleave']) {
      bars.addEventListener(type, (event) => {
        container.dispatchEvent(new MouseEvent(type, /** @type {MouseEvent} */ (event)));
      });
    }
  }

  /** @param {Element} section */
  function takeOverWhenLookedAt(section) {
    const bars = section.querySelector('.bars');
    const signs = ['pointerover', 'touchstart', 'focusin'];
    /** @param {Event} event */
    const look = (event) => {
      for (const sign of signs) bars?.removeEventListener(sign, look);
      const take = () => {
        // A page that is always on may show another month by now.
        if (!section.isConnected) return;
        takeOver(section);
        // The pointer may rest where it came to.
        if (event instanceof MouseEvent) bars?.dispatchEvent(new MouseEvent('mousemove', event));
      };
      if ('frappe' in globalThis) take();
      else loadLibrary().addEventListener('load', take);
    };
    for (const sign of signs) bars?.addEventListener(sign, look, { passive: true });
  }

  /** Where the library is, says the element of this script; a snapshot brings it along. */
  const libraryAddress = document.currentScript?.dataset.charts ?? '';
  /** @type {HTMLScriptElement | undefined} */
  let library;

  function loadLibrary() {
    if (library === undefined) {
      library = document.createElement('script');
      library.src = libraryAddress;
      document.head.append(library);
    }
    return library;
  }

  for (const section of document.querySelectorAll('[data-chart]')) takeOverWhenLookedAt(section);
})();

/* v-focus: where typing begins, once it is on the page. The attribute of HTML works for the first page alone that a browser loads; questions over the page
   have their own way (overlay.ts). */
export const vFocus = { mounted: (el: HTMLElement) => { el.focus() } }

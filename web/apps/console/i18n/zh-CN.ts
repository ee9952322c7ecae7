/* Chinese texts of this app; keys must match en.ts. */
export default { app: { name: '安心售后' } }

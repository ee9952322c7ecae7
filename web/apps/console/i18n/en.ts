/* English texts of this app; keys must match zh-CN.ts. */
export default { app: { name: 'Anxin' } }

/* Servers and ports as the providers document them; address and password are the company's own. */
const base = { imap_port: 993, imap_tls: 'tls', smtp_port: 465, smtp_tls: 'tls', folder: 'INBOX', reply: 'plain' }
export const examples = {
	exmail: { ...base, address: 'service@example.cn', imap_host: 'imap.exmail.qq.com', smtp_host: 'smtp.exmail.qq.com' },
	aliyun: { ...base, address: 'service@example.cn', imap_host: 'imap.qiye.aliyun.com', smtp_host: 'smtp.qiye.aliyun.com' },
	own: { ...base, address: 'service@example.cn', imap_host: 'mail.example.cn', smtp_host: 'mail.example.cn', smtp_port: 587, smtp_tls: 'starttls', reply: 'plus' },
}
export type Example = keyof typeof examples

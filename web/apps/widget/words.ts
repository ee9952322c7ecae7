/* What the chat says, in both languages. */
export type Lang = 'zh' | 'en'

const zh = {
	close: '收起', unread: '条未读消息', you: '我', service: '客服', bot: '智能客服', log: '会话内容', write: '输入消息', send: '发送', attach: '发送图片或文件',
	name: '怎么称呼您', phone: '手机号', phoneAway: '手机号，上班后给您回电', product: '咨询的产品', choose: '请选择', optional: '选填', needed: '请填写', leave: '留言',
	sending: '发送中', sent: '已发送', seen: '已读', failed: '未发送', again: '重试', drop: '删除', typing: '正在输入…', lost: '网络已断开，正在重新连接', waiting: '已收到，客服会尽快回复您。',
	place: '正在排队，您是第 {n} 位。', placeWait: '正在排队，您是第 {n} 位，预计等待 {minutes} 分钟。', answerBy: '已收到，我们会在 {time} 前回复您。', opensAt: '{time} 恢复服务。', closed: '本次会话已结束。继续发送消息会开始新的会话。', end: '结束会话', endSure: '确定结束这次会话吗？', yes: '结束', no: '继续聊',
	older: '更早的会话', rate: '这次服务怎么样？', rateWords: '还想说点什么（选填）', rateSend: '提交评价', rated: '您的评价：{n} 分。谢谢！', star: '{n} 分', tooLarge: '“{name}”超过 {most}，无法发送',
	refusedFile: '“{name}”无法发送：{why}', prove: '验证手机号', proveWhy: '验证手机号后，可以查看您在其他渠道的会话记录。', code: '验证码', getCode: '获取验证码', verify: '验证', wrong: '验证码不对或已失效，请重新输入。',
	proved: '验证成功，您好，{name}。', proveSent: '验证码已发送，{n} 秒后可重新获取。', download: '下载', trouble: '暂时无法连接，请稍后再试。', menu: '更多', remove: '移除', mic: '发送语音', recording: '正在录音 {at} / {most}', done: '完成', cancel: '取消', noMic: '无法使用麦克风，请在浏览器中允许后再试', voice: '语音消息', play: '播放 {n}', stop: '停止播放 {n}', call: '也可以拨打 {phone}',
}
type Words = typeof zh
const en: Words = {
	close: 'Close the chat', unread: 'unread messages', you: 'You', service: 'Service', bot: 'Assistant', log: 'Conversation', write: 'Write a message', send: 'Send', attach: 'Send a picture or file',
	name: 'Your name', phone: 'Mobile number', phoneAway: 'Mobile number, to call you back', product: 'Product', choose: 'Please choose', optional: 'optional', needed: 'Please fill this in', leave: 'Leave a message',
	sending: 'Sending', sent: 'Sent', seen: 'Read', failed: 'Not sent', again: 'Try again', drop: 'Delete', typing: 'is typing…', lost: 'Connection lost, trying again', waiting: 'We have it and answer as soon as we can.',
	place: 'You are number {n} in line.', placeWait: 'You are number {n} in line, about {minutes} min.', answerBy: 'We have it and answer by {time}.', opensAt: 'We are back {time}.', closed: 'This conversation has ended. Another message begins a new one.', end: 'End the conversation', endSure: 'End this conversation?', yes: 'End it', no: 'Go on',
	older: 'Earlier conversations', rate: 'How was it?', rateWords: 'Anything else (optional)', rateSend: 'Send the rating', rated: 'You gave {n} of 5. Thank you!', star: '{n} of 5', tooLarge: '“{name}” is larger than {most} and cannot be sent',
	refusedFile: '“{name}” cannot be sent: {why}', prove: 'Confirm my number', proveWhy: 'With your mobile number confirmed you see what was said elsewhere, too.', code: 'Code', getCode: 'Send a code', verify: 'Confirm', wrong: 'The code is wrong or no longer valid.',
	proved: 'Thank you, {name}: confirmed.', proveSent: 'The code is on its way. Another in {n} s.', download: 'Download', trouble: 'We cannot be reached right now. Please try again later.', menu: 'More', remove: 'Remove', mic: 'Send a voice message', recording: 'Recording {at} / {most}', done: 'Done', cancel: 'Cancel', noMic: 'The microphone cannot be used. Allow it in your browser and try again', voice: 'Voice message', play: 'Play {n}', stop: 'Stop {n}', call: 'Or call {phone}',
}

export type Say = (key: keyof Words, values?: Record<string, string | number>) => string

export function sayer(lang: Lang): Say {
	const all = lang === 'zh' ? zh : en
	return (key, values) => all[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name] ?? ''))
}

/* 10:23 of today, else with its day. */
export function timeText(at: number, now: number, lang: Lang): string {
	const locale = lang === 'zh' ? 'zh-CN' : 'en-GB'
	const time = new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
	const day = (x: number) => new Date(x).toDateString()
	if (day(at) === day(now)) return time
	return `${new Date(at).toLocaleDateString(locale, { month: 'short', day: 'numeric' })} ${time}`
}

export function sizeText(bytes: number): string {
	return bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${Math.round(bytes / 104857.6) / 10} MB`
}

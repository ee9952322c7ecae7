/* English texts of what both apps share. Keys must match zh-CN.ts; texts.test.ts checks it. */
export default {
	scene: {
		repair: 'Repair', usage: 'Usage question', complaint: 'Complaint', return: 'Return or exchange',
		installation: 'Installation', value_added: 'Paid service', emergency: 'Emergency', remote: 'Remote help',
		order: 'Order query', logistics: 'Delivery', price: 'Price protection', appointment: 'Appointment', reschedule: 'Change of appointment', no_show: 'No-show', quality: 'Quality of service',
	},
	grade: { normal: 'Normal', urgent: 'Urgent', critical: 'Critical' },
	state: {
		new: 'New', accepted: 'Accepted', working: 'In progress', waiting_customer: 'Waiting for customer',
		resolved: 'To be confirmed', closed: 'Closed', cancelled: 'Cancelled', reopened: 'Reopened',
	},
	channel: {
		app: 'App', wechat: 'WeChat', wecom: 'WeCom', web: 'Web', phone: 'Phone', mail: 'E-mail', sms: 'SMS', outlet: 'Outlet', api: 'API',
	},
	clock: { left: '{span} left', over: '{span} over', paused: 'Paused', met: 'Took {span}' },
	presence: { on: 'Online', off: 'Offline' },
	word: {
		done: 'Done', close: 'Close', back: 'Back', cancel: 'Cancel', keep: 'Keep it', save: 'Save', undo: 'Undo', retry: 'Try again', copy: 'Copy', copied: 'Copied',
		more: 'More', optional: 'optional', loading: 'Loading', reload: 'Reload', remove: 'Remove', open: 'Open', none: 'None',
		yes: 'Yes', no: 'No', separator: ', ', colon: ': ',
	},
	error: {
		title: 'Not done', code: 'Code {code}', copy_code: 'Copy code',
		network: 'The server cannot be reached. What you typed is kept; try again in a moment.',
		timeout: 'The server did not answer in time. What you typed is kept; try again.',
		server: 'The server failed and has recorded it. What you typed is kept; try again in a moment.',
		unauthorised: 'Your session has ended. Please log in again.',
		forbidden: 'You may not do this.', not_found: 'Not found: it may be deleted, or you may not see it.',
		too_many: 'Too many requests. Try again in {seconds} seconds.', wait: 'Too many tries. Try again in {time}.', unknown: 'The request failed.',
	},
	connection: {
		lost: 'Connection lost, reconnecting', lost_waiting: 'Connection lost, {n} saved and waiting to be sent, reconnecting',
		back: 'Connected again',
	},
	loading: { slow: 'Reading {what}', data: 'data' },
	upload: {
		add: 'Add files', remove: 'Remove {name}', failed: '{name} is not complete, you can resume', resume: 'Resume',
		too_big: '{name} is too big, at most {size}', progress: '{name}: {percent}% uploaded',
	},
}

/* English texts of the console; keys must match zh-CN.ts. */
export default {
	app: { name: 'Anxin' },
	frame: {
		skip: 'Skip to content', navigation: 'Main navigation', admin: 'Settings', user_menu: 'My menu', leave: 'Log out',
		group_catalogue: 'Catalogue', group_people: 'Staff and rights', group_customer: 'Customer data', group_further: 'Other records', group_tools: 'Tools',
	},
	login: {
		company: 'Company code', account: 'Account', password: 'Password', enter: 'Log in', expired: 'Your session has ended; log in to return to your page',
		other_company: 'Another company',
	},
	search: { title: 'Search', hint: 'Search tickets, customers, serials', nothing: 'Nothing found for “{words}”', page: 'Page', command: 'Command' },
	keys: {
		title: 'Keyboard', change: 'Change keys', off: 'Off', all: 'All keys', move: 'Move', choose: 'Select',
		group_everywhere: 'Everywhere', group_list: 'Lists', group_ticket: 'Ticket',
		search: 'Search and commands', keys: 'This map', pane: 'Next pane', close: 'Close the topmost', submit: 'Submit',
		go_ticket: 'Go to tickets', go_device: 'Go to devices', go_customer: 'Go to customers',
		down: 'Next row', up: 'Previous row', select: 'Select', range: 'Select a range', open: 'Open', preview: 'Side preview', filter: 'Add a condition', views: 'Go to views',
		assign: 'Assign', grade: 'Change grade', note: 'Internal note', reply: 'Reply to the customer',
	},
	list: {
		all: 'All: {record}', count: '{n} rows', create: 'New {record}', empty: 'No {record} yet', filtered_empty: 'Nothing meets all conditions',
		drop_conditions: 'Drop all conditions', fresh: '{n} new', range: '{range} of {total}', nothing: '0 rows', previous: 'Previous page', next: 'Next page',
		export: 'Export', search: 'Search', sorted_up: 'By {field}', sorted_down: 'By {field}', sort_by: 'Sort by {field}', table: 'List',
		select_page: 'Select this page', select_row: 'Select {title}',
	},
	view: {
		title: 'Views', mine: 'Mine', team: 'Team', company: 'Company', only_me: 'Only me', none: 'No view', save: 'Save view', save_title: 'Save view',
		into: 'Save into “{name}”', as_new: 'Save as a new view', name: 'Name', for: 'Who sees it', saved: 'View “{name}” saved',
	},
	condition: {
		add: 'Condition', remove: 'Drop condition: {field}', and: 'and', me: 'me', none: 'none', field: 'Field', operator: 'Comparison', value: 'Value', apply: 'Apply',
		to_text: 'As text', as_chips: 'Back to chips', as_text: 'Conditions as text', text_hint: 'Example: state in (new, working) and owner_id = me',
		is: 'is', is_not: 'is not', in: 'is', not_in: 'is not', before: 'before', at_most: 'at most', after: 'after', at_least: 'from',
		bad_sign: 'Cannot read “{text}”', bad_time: 'Not a time: {text}. Write "2026-11-22 14:32"', bad_number: 'Not a number: {text}',
		bad_choice: 'No such choice: {text}. Known: {known}', bad_field: 'No field for conditions: “{text}”', bad_operator: 'Unknown comparison “{text}”',
		unfinished: 'The condition is not complete', open_bracket: '“in” needs “(” after it', only_and: 'Conditions are joined by and only',
	},
	columns: {
		button: 'Columns {n}', title: 'Columns', shown: 'Shown', hidden: 'Not shown', up: 'Move {field} up', down: 'Move {field} down', hide: 'Hide {field}',
		show: 'Show {field}', reset: 'Restore default',
	},
	bulk: { title: 'Bulk actions', chosen: '{n} selected', clear: 'Clear selection', done: '{n} done', archived: '{n} archived' },
	action: { group: 'Possible actions', title: '{action}: {object}', title_many: '{action}: {n} rows', reason: 'Reason' },
	pick: { hint: 'Type to find', clear: 'Clear', nothing: 'Nothing found' },
	form: { choose: 'None', required: 'This must not be empty', draft: 'Filled with what was not saved last time' },
	record: {
		unseen_title: 'not visible', to_list: 'To the list',
		picture: 'Picture', file: 'File',
		created_at: 'Created', updated_at: 'Updated',
		history: 'History', no_history: 'No changes yet', version: 'version {n}', sealed_changed: 'Changed (not shown)', saved: 'Saved', created: 'Created',
		archive: 'Archive', restore: 'Restore', archived: '{title} archived', is_archived: 'Archived', edit: 'Edit', none: 'No {record}', all: 'See all',
	},
	reveal: {
		show: 'Show full {field}', title: 'Show full {field}', verb: 'Show', logged: 'Who looks, when and why is recorded. Shown for one minute.', purpose: 'Purpose',
		call_customer: 'Contact the customer', arrange_visit: 'Arrange a visit', verify_identity: 'Verify identity', other: 'Other', which: 'Which purpose',
	},
	conflict: {
		title: 'Somebody changed these at the same time. Choose for each', merged: 'Somebody changed other fields at the same time; both are kept', mine: 'Mine', theirs: 'Theirs', take: 'Take these',
		moved: 'Somebody has just worked on this ticket. Compare before you go on', seen: 'Understood',
	},
	actor: { user: 'Staff', customer: 'Customer', system: 'System', token: 'Program', bot: 'Bot' },
	ticket: {
		one: 'ticket', create: 'New ticket', created: '{no} created', problem: 'Problem', edit: 'Change ticket', about: 'Customer and device',
		whole_customer: 'Whole customer', whole_device: 'Device file', others: 'Other tickets of this customer', device_others: 'Other services of this device',
		looking: '{names} looking', reminded: 'Reminded {n}×', reopened: 'Reopened {n}×', way: 'Progress',
		find_customer: 'Find by name or phone', find_device: 'Find by serial', new_customer: 'New customer', their_devices: 'Devices of this customer',
		words: 'What the customer says', words_hint: 'In the customer’s words: what, since when, what was tried', grade_auto: 'From the words', open_that: 'Open that ticket', not_yours: 'Outside of what you may see',
	},
	print: {
		button: 'Print', title: 'Service report', back: 'Back to the ticket', printed: 'Printed {at} by {name}', hotline: 'Service line {number}', course: 'What happened',
		work: 'What was done', agreed: 'The service was done as described above.', sign_customer: 'Signature of the customer', sign_staff: 'Signature of the service', sign_day: 'Date',
	},
	step: {
		new: 'Reported', accepted: 'Accepted', working: 'In work', resolved: 'Confirmation', closed: 'Closed', cancelled: 'Cancelled', waiting: 'Waiting',
	},
	timeline: {
		title: 'Timeline', all: 'All', talk: 'Talk', internal: 'Internal', change: 'Changes', order: 'Newest first', empty: 'Nothing yet', older: 'Earlier',
		fresh: '{n} new', only_internal: 'Internal only',
	},
	event: {
		created: 'Ticket created', reported: 'Reported', commented: 'Reply', noted: 'Internal note', changed: 'Changed', assigned: 'Assigned', graded: 'Grade changed',
		accept: 'Accepted', start: 'Work started', resume: 'Work resumed', resolve: 'Resolved', contact: 'Customer contacted', wait: 'Waiting for the customer', assign: 'Assigned', grade: 'Grade changed',
		close: 'Closed', reopen: 'Reopened', cancel: 'Cancelled', remind: 'Customer reminded', confirm: 'Confirmed by the customer', unsolved: 'Customer says: not solved', answer: 'Customer added facts',
		rated: 'Rated by the customer', revealed: 'Full data shown', archived: 'Archived', restored: 'Restored', file: 'File added', fact: 'Customer added facts',
	},
	compose: {
		kind: 'To whom', public: 'Reply to customer', internal: 'Internal note', public_hint: 'To the customer', internal_hint: 'To colleagues; the customer does not see it',
		public_note: 'The customer sees it on the progress page', internal_note: 'Internal only', send: 'Send', keep: 'Keep note', typing: '{names} typing',
	},
	device: {
		warranty: 'Warranty', warranty_until: 'Until {day}', warranty_over: 'Ended {day}', warranty_unknown: 'Purchase date unknown', label: 'Device label',
		qr_alt: 'QR code of serial {serial}', qr_hint: 'Customers scan it to report a fault; open it to print', services: 'Services',
	},
	proof: { accept: 'Valid', refuse: 'Not valid', accepted: 'Judged valid; the picture is deleted', refused: 'Judged not valid; the picture is deleted', deleted: 'With the verdict the picture is deleted; kind, day and verdict stay' },
	role: { permissions: 'Permissions', everything: 'Holds every permission', record: 'Record', more: 'More', holders: 'Staff with this role' },
	token: {
		make: 'Make the token', name_hint: 'Which program uses it, e.g. nightly report of the data platform', life: 'Valid for', days: '{n} days', until: 'Ends by itself on {day}',
		scopes_hint: 'Only what the program needs; never more than you may do yourself', no_scope: 'Choose at least one permission', made: 'The token is made',
		once: 'It is shown this once: nobody can see it after you leave this page. Put it into the program now; a lost token can only be revoked and made anew.', secret: 'Token', copy: 'Copy token', selected: 'Selected: press Ctrl C to copy',
		usage: 'How to use it: send the header Authorization: Bearer and the token with each request', kept: 'I have kept it', stop: 'Revoke', stopped: '“{name}” is revoked; programs that use it are shut out',
		is_valid: 'Valid', is_expired: 'Expired', is_stopped: 'Revoked',
	},
	verb: { read: 'See', create: 'Create', change: 'Change', archive: 'Archive', import: 'Import', export: 'Export', reveal: 'Unmask' },
	permission: {
		ticket_work: 'Work', ticket_assign: 'Assign', ticket_close: 'Close and cancel', ticket_comment: 'Note and reply', view_share: 'Share views', purchase_proof_check: 'Check proofs', user_password: 'Reset passwords', customer_erase: 'Erase for good', file_create: 'Upload files', file_read: 'Read files', metrics_read: 'Read figures',
	},
	import: {
		title: 'Import', what: 'Import as', choose: 'Choose a spreadsheet', formats: 'XLSX or CSV (UTF-8, GB18030), first row holds the heads; files may be dropped here',
		next_mapping: 'Next: match columns', earlier: 'Earlier imports', file: 'File', state: 'State', rows: 'Rows', bad: 'Bad', at: 'Time',
		is_new: 'Columns to match', is_checking: 'Checking', is_checked: 'Checked', is_running: 'Importing', is_done: 'Done', is_failed: 'Not finished', is_cancelled: 'Cancelled',
		mapping: 'Matching of columns', column: 'Column', samples: 'Samples', field: 'Field', field_of: 'Field of column {column}', leave: 'Leave out',
		missing: 'Required fields without a column: {fields}', twice: 'Matched more than once: {fields}', check: 'Dry run', start: 'Import {n} rows',
		progress: '{done} / {rows} rows ({percent}%)', outcome: '{created} created, {changed} changed, {bad} bad', to_list: 'See the list',
		checked_bad: '{bad} of {rows} rows are bad', checked_fine: 'All {rows} rows can be imported', bad_skipped: 'The dry run wrote nothing. Bad rows are skipped; mend the spreadsheet and import it again.',
		errors: 'What to mend', row: 'Row', value: 'Content', mend: 'How to mend', more_errors: 'Show 100 more',
	},
	outbox: { title: 'Outbox', empty: 'No messages yet' },
	template: {
		code: 'Code', ticket_received: 'Report received', ticket_answered: 'New reply', ticket_waiting: 'Waiting for facts', ticket_resolved: 'Resolved, to be confirmed', ticket_closed: 'Closed',
		ticket_link: 'Progress link', one_time_code: 'Code', sign_in_code: 'Sign-in code',
	},
	settings: {
		title: 'My settings', theme: 'Appearance', theme_system: 'As the system', theme_light: 'Light', theme_dark: 'Dark', language: 'Language', lang_zh: '中文', lang_en: 'English',
		keys_hint: 'Press a key field, then the new key; Esc leaves it. Single keys can be switched off.', key_change: 'Change key: {command}', key_press: 'Press the new key', key_off: 'Off', key_on: 'Restore', key_taken: 'Same as another',
	},
	password: { set: 'Set password', set_title: 'Set the password of {name}', set_note: 'All sessions of this person end at once', title: 'Password', old: 'Present password', new: 'New password', again: 'Once more', short: 'At least {n} characters', differ: 'The two differ', verb: 'Change password', done: 'Password changed' },
	lost: { title: 'Not found', why: 'There is no such page, or you may not see it.', back: 'Back to tickets' },
}

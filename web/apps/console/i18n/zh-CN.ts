/* Chinese texts of the console; keys must match en.ts. Short verbs, no 请 and 您. */
export default {
	app: { name: '安心售后' },
	frame: {
		skip: '跳到正文', navigation: '主导航', admin: '设置', user_menu: '个人菜单', leave: '退出登录',
		group_catalogue: '产品目录', group_people: '员工与权限', group_customer: '客户资料', group_further: '其他档案', group_tools: '工具',
	},
	login: {
		company: '企业代码', account: '账号', password: '密码', enter: '登录', expired: '登录已过期，登录后回到刚才的页面',
		other_company: '登录其他企业',
	},
	search: { title: '搜索', hint: '搜索服务单、客户、序列号', nothing: '没有找到“{words}”', page: '页面', command: '操作' },
	keys: {
		title: '快捷键', change: '更改快捷键', off: '已关闭', all: '全部快捷键', move: '移动', choose: '选中',
		group_everywhere: '任何页面', group_list: '列表', group_ticket: '服务单',
		search: '搜索与操作', keys: '快捷键一览', pane: '切换区域', close: '关闭最上层', submit: '提交',
		go_ticket: '去服务单', go_device: '去设备', go_customer: '去客户',
		down: '下一行', up: '上一行', select: '选中', range: '连续选中', open: '打开', preview: '侧边预览', filter: '加条件', views: '去视图',
		assign: '指派', grade: '改优先级', note: '写内部备注', reply: '回复客户',
	},
	list: {
		all: '全部{record}', count: '{n} 条', create: '新建{record}', empty: '还没有{record}', filtered_empty: '没有符合全部条件的内容',
		drop_conditions: '去掉全部条件', fresh: '{n} 条新', range: '第 {range} 条，共 {total} 条', nothing: '共 0 条', previous: '上一页', next: '下一页',
		export: '导出', search: '搜索', sorted_up: '按{field}', sorted_down: '按{field}', sort_by: '按{field}排序', table: '列表',
		select_page: '选中本页', select_row: '选中 {title}',
	},
	view: {
		title: '视图', mine: '我的', team: '小组', company: '公司', only_me: '仅自己', none: '不用视图', save: '保存视图', save_title: '保存视图',
		into: '存入“{name}”', as_new: '存为新视图', name: '名称', for: '谁能看到', saved: '已保存视图“{name}”',
	},
	condition: {
		add: '条件', remove: '去掉条件：{field}', and: '且', me: '我', none: '空', field: '字段', operator: '比较', value: '值', apply: '应用',
		to_text: '改成文字', as_chips: '回到条件', as_text: '条件文字', text_hint: '例：state in (new, working) and owner_id = me',
		is: '是', is_not: '不是', in: '是', not_in: '不是', before: '早于', at_most: '不超过', after: '晚于', at_least: '不小于',
		bad_sign: '看不懂“{text}”', bad_time: '不是时间：{text}，写成 "2026-11-22 14:32"', bad_number: '不是数字：{text}',
		bad_choice: '没有“{text}”，可选：{known}', bad_field: '没有可作条件的字段“{text}”', bad_operator: '不认识的比较“{text}”',
		unfinished: '条件没有写完', open_bracket: '“in”后面要有“(”', only_and: '条件之间只能用 and',
	},
	columns: {
		button: '列 {n}', title: '显示的列', shown: '显示', hidden: '不显示', up: '上移 {field}', down: '下移 {field}', hide: '不显示 {field}',
		show: '显示 {field}', reset: '恢复默认',
	},
	bulk: { title: '批量操作', chosen: '已选 {n}', clear: '取消选择', done: '已处理 {n} 条', archived: '已归档 {n} 条' },
	action: { group: '可做的操作', title: '{action}：{object}', title_many: '{action}：{n} 条', reason: '原因' },
	pick: { hint: '输入以查找', clear: '清除', nothing: '没有找到' },
	form: { choose: '不选', required: '不能为空', draft: '已填回上次没有保存的内容' },
	record: {
		unseen_title: '无权查看', to_list: '去列表',
		picture: '图片', file: '文件',
		created_at: '建立', updated_at: '更新',
		history: '变更历史', no_history: '还没有变更', version: '第 {n} 版', sealed_changed: '已更改（内容不显示）', saved: '已保存', created: '已新建',
		archive: '归档', restore: '恢复', archived: '已归档 {title}', is_archived: '已归档', edit: '编辑', none: '没有{record}', all: '查看全部',
	},
	reveal: {
		show: '查看完整{field}', title: '查看完整{field}', verb: '查看', logged: '谁、何时、为何查看会被记录。显示一分钟。', purpose: '用途',
		call_customer: '联系客户', arrange_visit: '安排上门', verify_identity: '核实身份', other: '其他', which: '什么用途',
	},
	conflict: {
		title: '同时有人改了这些内容，逐项选择', merged: '同时有人改了其他内容，已合并', mine: '我的', theirs: '对方的', take: '采用',
		moved: '刚才有人处理了这张服务单，核对后再操作', seen: '知道了',
	},
	actor: { user: '员工', customer: '客户', system: '系统', token: '程序接口', bot: '机器人' },
	ticket: {
		one: '服务单', create: '新建服务单', created: '已新建 {no}', problem: '问题', edit: '修改服务单', about: '客户与设备',
		whole_customer: '客户全貌', whole_device: '设备档案', others: '这位客户的其他服务单', device_others: '这台设备的其他服务',
		looking: '{names}在看', reminded: '催办 {n} 次', reopened: '重开 {n} 次', way: '进度',
		find_customer: '按姓名或手机号查找', find_device: '按序列号查找', new_customer: '新客户', their_devices: '这位客户的设备',
		words: '客户怎么说', words_hint: '照客户的话记：什么现象、何时开始、试过什么', grade_auto: '按描述判断', open_that: '打开那张服务单', not_yours: '不在可查看的范围内',
	},
	print: {
		button: '打印', title: '服务报告', back: '返回服务单', printed: '{at} 由{name}打印', hotline: '服务电话 {number}', course: '服务经过',
		work: '处理情况', agreed: '以上服务内容属实。', sign_customer: '客户签字', sign_staff: '服务人员签字', sign_day: '日期',
	},
	step: {
		new: '报修', accepted: '受理', working: '处理', resolved: '客户确认', closed: '关闭', cancelled: '取消', waiting: '等客户',
	},
	timeline: {
		title: '时间线', all: '全部', talk: '对话', internal: '内部', change: '变更', order: '最新在上', empty: '还没有内容', older: '更早的',
		fresh: '{n} 条新', only_internal: '仅内部可见',
	},
	event: {
		created: '新建服务单', reported: '提交服务单', commented: '回复', noted: '内部备注', changed: '修改', assigned: '指派', graded: '改优先级',
		accept: '受理', start: '开始处理', resume: '继续处理', resolve: '完成处理', contact: '联系客户', wait: '等待客户', assign: '指派', grade: '改优先级',
		close: '关闭', reopen: '重新打开', cancel: '取消', remind: '客户催办', confirm: '客户确认完成', unsolved: '客户反馈没有解决', answer: '客户补充情况',
		rated: '客户评价', revealed: '查看完整信息', archived: '归档', restored: '恢复', file: '添加文件', fact: '客户补充情况',
	},
	compose: {
		kind: '写给谁', public: '回复客户', internal: '内部备注', public_hint: '写给客户', internal_hint: '写给同事，客户看不到',
		public_note: '客户会在进度页看到', internal_note: '仅内部可见', send: '发送', keep: '记下', typing: '{names}正在输入',
	},
	device: {
		warranty: '保修', warranty_until: '保修至 {day}', warranty_over: '{day} 已过保', warranty_unknown: '购买日期未知', label: '设备标签',
		qr_alt: '序列号 {serial} 的二维码', qr_hint: '客户扫码即可报修，打开后可打印', services: '历次服务',
	},
	proof: { accept: '有效', refuse: '无效', accepted: '已判定有效，图片已删除', refused: '已判定无效，图片已删除', deleted: '判定后图片立即删除，只留种类、日期和结论' },
	role: { permissions: '权限', everything: '拥有全部权限', record: '档案', more: '其他', holders: '持有这个角色的员工' },
	token: {
		make: '新建令牌', name_hint: '写明给哪个程序用，例：数据平台夜间报表', life: '有效期', days: '{n} 天', until: '到 {day} 为止，到期自动失效',
		scopes_hint: '只勾程序用得到的；不会多于本人现有的权限', no_scope: '至少勾一项权限', made: '令牌已建好',
		once: '令牌只显示这一次，离开本页后谁也看不到。现在存到要用它的程序里；丢了只能停用后重建。', secret: '令牌', copy: '复制令牌', selected: '已选中，按 Ctrl C 复制',
		usage: '用法：每个请求带上请求头 Authorization: Bearer 加令牌', kept: '已存好', stop: '停用', stopped: '已停用“{name}”，用它的程序不能再访问',
		is_valid: '有效', is_expired: '已过期', is_stopped: '已停用',
	},
	verb: { read: '查看', create: '新建', change: '修改', archive: '归档', import: '导入', export: '导出', reveal: '看完整' },
	permission: {
		ticket_work: '处理', ticket_assign: '指派', ticket_close: '关闭与取消', ticket_comment: '备注与回复', view_share: '共享视图', purchase_proof_check: '核验凭证', user_password: '重设密码', customer_erase: '彻底删除', file_create: '上传文件', file_read: '看文件', metrics_read: '看运行指标',
	},
	import: {
		title: '导入', what: '导入成', choose: '选择表格', formats: 'XLSX 或 CSV（UTF-8、GB18030），首行是列名；也可把文件拖到这里',
		next_mapping: '下一步：对应列', earlier: '以前的导入', file: '文件', state: '状态', rows: '行', bad: '有误', at: '时间',
		is_new: '待对应列', is_checking: '正在检查', is_checked: '已检查', is_running: '正在导入', is_done: '已完成', is_failed: '没有完成', is_cancelled: '已取消',
		mapping: '列对应', column: '列', samples: '内容样例', field: '字段', field_of: '列 {column} 对应的字段', leave: '不导入',
		missing: '还没有对应的必填字段：{fields}', twice: '对应了不止一列：{fields}', check: '试运行', start: '导入 {n} 行',
		progress: '{done} / {rows} 行（{percent}%）', outcome: '新建 {created}，更新 {changed}，有误 {bad}', to_list: '查看列表',
		checked_bad: '{rows} 行里有 {bad} 行有误', checked_fine: '{rows} 行都能导入', bad_skipped: '试运行没有写入任何内容。有误的行会跳过，可改好表格后再导入。',
		errors: '要改的地方', row: '行号', value: '内容', mend: '怎么改', more_errors: '再看 100 条',
	},
	outbox: { title: '发件箱', empty: '还没有发出的消息' },
	template: {
		code: '验证码', ticket_received: '报修已收到', ticket_answered: '有新回复', ticket_waiting: '等待补充', ticket_resolved: '处理完成，待确认', ticket_closed: '已关闭',
		ticket_link: '进度链接', one_time_code: '验证码', sign_in_code: '登录验证码',
	},
	settings: {
		title: '个人设置', theme: '外观', theme_system: '跟随系统', theme_light: '浅色', theme_dark: '深色', language: '语言', lang_zh: '中文', lang_en: 'English',
		keys_hint: '点按键后按下新的键，Esc 放弃。单键可以关闭。', key_change: '更改快捷键：{command}', key_press: '按下新的键', key_off: '关闭', key_on: '恢复', key_taken: '与另一个相同',
	},
	password: { set: '设置密码', set_title: '设置 {name} 的密码', set_note: '本人的其他登录会立即退出', title: '密码', old: '现在的密码', new: '新密码', again: '再输一次', short: '至少 {n} 个字符', differ: '两次不一样', verb: '更改密码', done: '密码已更改' },
	lost: { title: '找不到', why: '没有这个页面，或无权查看。', back: '回到服务单' },
}

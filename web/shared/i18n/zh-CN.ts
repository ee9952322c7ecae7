/* Chinese texts of what both apps share. Keys must match en.ts; texts.test.ts checks it. */
export default {
	scene: {
		repair: '故障报修', usage: '使用咨询', complaint: '投诉', return: '退换货', installation: '安装',
		value_added: '增值服务', emergency: '紧急情况', remote: '远程协助', order: '订单查询', logistics: '物流', price: '价保', appointment: '预约服务', reschedule: '改约与取消', no_show: '没来或迟到', quality: '服务质量',
	},
	grade: { normal: '一般', urgent: '紧急', critical: '特急' },
	state: {
		new: '新建', accepted: '已受理', working: '处理中', waiting_customer: '等待客户', resolved: '等客户确认',
		closed: '已关闭', cancelled: '已取消', reopened: '重新打开',
	},
	channel: {
		app: 'App', wechat: '微信', wecom: '企业微信', web: '网页', phone: '电话', mail: '邮件', sms: '短信', outlet: '网点', api: '开放接口',
	},
	clock: { left: '剩 {span}', over: '超 {span}', paused: '暂停', met: '用时 {span}' },
	presence: { on: '在线', off: '离线' },
	word: {
		done: '好了', close: '关闭', back: '返回', cancel: '取消', keep: '不取消', save: '保存', undo: '撤销', retry: '重试', copy: '复制', copied: '已复制',
		more: '更多', optional: '选填', loading: '正在加载', reload: '重新加载', remove: '移除', open: '打开', none: '无',
		yes: '是', no: '否', separator: '、', colon: '：',
	},
	error: {
		title: '没有完成', code: '错误码 {code}', copy_code: '复制错误码',
		network: '连不上服务器。已填的内容还在，请稍后重试。', timeout: '服务器没有及时回应。已填的内容还在，请重试。',
		server: '服务器出了问题，已记录。已填的内容还在，请稍后重试。', unauthorised: '登录已过期，请重新登录。',
		forbidden: '没有这个操作的权限。', not_found: '找不到，可能已被删除或无权查看。',
		too_many: '操作太频繁，请在 {seconds} 秒后再试。', wait: '操作太频繁，{time}后再试', unknown: '请求没有成功。',
	},
	connection: {
		lost: '连接中断，正在重连', lost_waiting: '连接中断，已保存 {n} 条待发送，正在重连', back: '已重新连接',
	},
	loading: { slow: '正在读取{what}', data: '数据' },
	upload: {
		add: '添加文件', remove: '移除 {name}', failed: '{name} 没有传完，可以继续', resume: '继续',
		too_big: '{name} 太大，最多 {size}', progress: '{name} 已上传 {percent}%',
	},
}

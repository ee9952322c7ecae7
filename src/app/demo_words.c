/* Tables of the demo company. */
#include "app/demo.h"

#include "app/company.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

const struct demo_product demo_products[] = {
	{ "fridge", "冰箱", "Fridge", 36 }, { "washer", "洗衣机", "Washing machine", 36 }, { "air_conditioner", "空调", "Air conditioner", 72 },
	{ "television", "电视", "Television", 12 }, { "dishwasher", "洗碗机", "Dishwasher", 36 }, { "oven", "烤箱", "Oven", 12 },
	{ "range_hood", "油烟机", "Range hood", 36 }, { "water_heater", "热水器", "Water heater", 24 }, { "robot_cleaner", "扫地机", "Robot cleaner", 24 },
};
const size_t demo_product_count = COUNT_OF(demo_products);

const struct demo_model demo_models[] = {
	{ "fridge", "BCD-468WP", "十字门冰箱" }, { "fridge", "BCD-326", "三门冰箱" }, { "washer", "XQG100", "滚筒洗衣机" }, { "washer", "XQG80", "迷你滚筒洗衣机" },
	{ "air_conditioner", "KFR-35GW", "挂式空调" }, { "air_conditioner", "KFR-72LW", "柜式空调" }, { "television", "LE-65Q8", "65 英寸电视" },
	{ "dishwasher", "WQP12", "嵌入式洗碗机" }, { "dishwasher", "WQP15", "大容量洗碗机" }, { "oven", "KX-60S", "蒸烤一体机" },
	{ "range_hood", "CXW-268", "侧吸油烟机" }, { "water_heater", "JSQ30-16", "燃气热水器" }, { "water_heater", "F60-21", "电热水器" },
	{ "robot_cleaner", "RV-S9", "扫拖机器人" },
};
const size_t demo_model_count = COUNT_OF(demo_models);

const struct demo_problem demo_problems[] = {
	{ "fridge", "[\"frost\"]", "冷藏室后壁整块结冰，菜都冻坏了", "指导断电化冰，检查门封和出风口，更换门封条", "门封老化，更换后温度正常", "urgent" },
	{ "fridge", "[\"function\"]", "冷冻正常，冷藏室不凉，温度一直十几度", "远程查看温度曲线，风门卡死，更换风门", "更换风门，冷藏恢复到 4 度", "urgent" },
	{ "fridge", "[\"noise\"]", "夜里压缩机嗡嗡响，隔着门都听得见", "调平底脚，更换压缩机减震垫", "噪声恢复正常", "normal" },
	{ "washer", "[\"vibration\"]", "脱水约一分钟后剧烈震动，机身往前挪了二十厘米", "调平底脚，检查吊簧，更换左后减震器", "更换减震器后脱水平稳", "urgent" },
	{ "washer", "[\"drain\"]", "洗完不排水，显示 E2，桶里一桶水", "清理排水泵过滤网，取出异物", "排水恢复正常", "urgent" },
	{ "washer", "[\"lock\"]", "门锁不解锁，衣服拿不出来", "指导手动解锁，更换门锁", "更换门锁，已试机两次", "normal" },
	{ "air_conditioner", "[\"function\"]", "开了半小时还是不制冷，家里有八十多岁的老人", "检查外机，补加制冷剂，测漏", "连接管微漏，重新扩口并补氟", "urgent" },
	{ "air_conditioner", "[\"drip\"]", "室内机一直滴水，把墙都打湿了", "疏通冷凝水管，调整坡度", "排水通畅，不再滴水", "normal" },
	{ "television", "[\"screen\"]", "右半边屏幕有竖条纹，重启没用", "远程确认故障，更换排线", "更换屏线后显示正常", "normal" },
	{ "dishwasher", "[\"inlet\"]", "E1 进水异常，按说明书步骤试了还是报", "清洗进水阀滤网，检查水压", "滤网堵塞，清洗后正常", "normal" },
	{ "dishwasher", "[\"function\"]", "洗完杯子上全是水渍，软水盐已经加满", "调高软水等级，检查喷臂", "调整后无水渍", "normal" },
	{ "oven", "[\"function\"]", "上管不加热，下面都烤糊了", "更换上加热管", "加热均匀，温差在 5 度以内", "urgent" },
	{ "range_hood", "[\"oil\"]", "油杯没满但一直往灶上滴油", "清洗叶轮，更换密封圈", "不再滴油", "normal" },
	{ "water_heater", "[\"ignite\"]", "打不着火，显示 E1，一家人没有热水", "检查气源，更换点火针", "点火正常，出水 45 度", "urgent" },
	{ "water_heater", "[\"unstable\"]", "水温忽冷忽热，洗澡没法用", "清洗进水滤网，检查水气联动阀", "水温稳定", "normal" },
	{ "robot_cleaner", "[\"charge\"]", "充一晚上还是没电，灯一直红着", "清洁充电触点，更换电池", "更换电池后续航正常", "normal" },
	{ "robot_cleaner", "[\"lost\"]", "天天在客厅转圈，回不去充电座", "重置地图，清洁雷达罩", "建图正常，能自动回充", "normal" },
};
const size_t demo_problem_count = COUNT_OF(demo_problems);

const struct demo_staff demo_staff[] = {
	{ "admin", "系统管理员", "客服一组", "13800000001", ROLE_ADMINISTRATOR }, { "chenli", "陈立", "客服二组", "13800000002", ROLE_SUPERVISOR },
	{ "linxiao", "林晓", "客服二组", "13800000003", ROLE_AGENT }, { "zhoumin", "周敏", "客服二组", "13800000004", ROLE_AGENT },
	{ "tangying", "唐莹", "客服二组", "13800000005", ROLE_AGENT }, { "hechuan", "何川", "客服二组", "13800000006", ROLE_AGENT },
	{ "wangfang", "王芳", "客服一组", "13800000007", ROLE_AGENT }, { "liujun", "刘军", "客服一组", "13800000008", ROLE_AGENT },
	{ "guest", "来宾", "客服一组", "13800000009", ROLE_READER },
	{ "audit", "沈清", "客服一组", "13900000099", ROLE_AUDITOR },
};
const size_t demo_staff_count = COUNT_OF(demo_staff);

const char *const demo_surnames[] = { "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "吕", "范", "蒋", "顾", "石", "丁", "袁", "谢", "邓", "魏", "许" };
const size_t demo_surname_count = COUNT_OF(demo_surnames);
const char *const demo_given[] = { "女士", "先生", "伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "秀英", "霞", "平", "建国", "志强", "晓燕", "雪梅", "子涵", "雨桐" };
const size_t demo_given_count = COUNT_OF(demo_given);
const char *const demo_streets[] = { "文一西路", "古墩路", "天目山路", "学院路", "中山北路", "解放东路", "人民路", "建设二路", "滨河路", "和平街" };
const size_t demo_street_count = COUNT_OF(demo_streets);
const struct demo_place demo_places[] = {
	{ "浙江省", "杭州市", "西湖区" }, { "浙江省", "杭州市", "余杭区" }, { "浙江省", "杭州市", "滨江区" }, { "浙江省", "宁波市", "鄞州区" },
	{ "江苏省", "南京市", "鼓楼区" }, { "江苏省", "苏州市", "姑苏区" }, { "上海市", "上海市", "浦东新区" }, { "上海市", "上海市", "徐汇区" },
};
const size_t demo_place_count = COUNT_OF(demo_places);

const char *const demo_notes[] = { "客户家里有老人，上门前先打电话", "查了序列号，在保修期内", "同型号近期有类似反馈，留意批次", "配件已确认有货", "客户下班后才方便接电话", "已和产品部核对过故障代码" };
const size_t demo_note_count = COUNT_OF(demo_notes);
const char *const demo_replies[] = { "您好，情况已经了解，我们马上为您安排", "麻烦您拍一张铭牌照片，我们好核对型号", "请先断电五分钟再开机，看看是否还会出现", "配件已经备好，师傅会提前半小时联系您", "感谢您的耐心等待，问题原因已经找到" };
const size_t demo_reply_count = COUNT_OF(demo_replies);
const char *const demo_facts[] = { "已经断电重启过，还是一样", "照片已经补上，麻烦看一下", "今天又出现了两次", "明天下午在家", "铭牌在机器右侧，已拍照" };
const size_t demo_fact_count = COUNT_OF(demo_facts);

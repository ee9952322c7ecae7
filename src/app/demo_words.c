/* People and places of every demo company; what its trade brings is data of its pack. */
#include "app/demo.h"

#include "app/company.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

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

/* The looks that the doctor and the page of the running server share. None changes anything. */
#include "app/checks.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/backup.h"
#include "core/notify/holders.h"
#include "db/reserve.h"
#include "gen/doctor_sql.h"
#include "gen/job_sql.h"
#include "net/tls.h"

enum { AUDIT_HEAD_AGE_H = 2, LOW_DAYS = 21 };    /* one an hour, and one more try; a certificate that renews itself does so with thirty left */

static struct check say(enum check_state state, const char *code, const char *zh, const char *en)
{
	return (struct check){ state, code, zh, en, NULL_INT };
}

static struct check with_amount(struct check look, int64_t amount)
{
	look.amount = amount;
	return look;
}

static int64_t limit(const struct checker *k, enum setting_id id)
{
	return k->o->settings->values.at[id];
}

/* Heads of the audit that lie with the data tell nothing about whoever holds the data. */
struct check check_audit(const struct checker *k)
{
	struct stat is;
	const char *path = k->o->audit_heads;
	if (!path && k->o->audit_url)
		return say(CHECK_WELL, "audit", "链头每小时发往别处", "its heads are sent every hour");
	if (!path)
		return say(CHECK_WARN, "audit", "链头没有存到别处：--audit-heads 或 --audit-url", "its heads are kept nowhere else: --audit-heads, --audit-url");
	if (stat(path, &is) < 0)
		return say(CHECK_WARN, "audit", arena_format(k->arena, "%s 还没有收到链头", path), arena_format(k->arena, "no head has come to %s yet", path));
	long long hours = (k->now - (time_ms)is.st_mtime * 1000) / HOUR_MS;
	return say(hours > AUDIT_HEAD_AGE_H ? CHECK_WARN : CHECK_WELL, "audit", arena_format(k->arena, "别处最新的链头是 %lld 小时前的", hours),
	           arena_format(k->arena, "the newest head elsewhere is %lld hours old", hours));
}

struct check check_certificate(const struct checker *k)
{
	int64_t until_s = 0;
	if (!k->o->tls_key)
		return (struct check){ 0 };
	const char *why = tls_judge(k->o->tls_certificate, k->o->tls_key, &until_s);
	if (why)
		return say(CHECK_BAD, "certificate", arena_format(k->arena, "证书不可用：%s", why), why);
	if (until_s * 1000 <= k->now)
		return say(CHECK_BAD, "certificate", "已过期", "it has ended");
	long long days = (until_s - k->now / 1000) / (24 * 3600);
	return say(days < LOW_DAYS ? CHECK_WARN : CHECK_WELL, "certificate", arena_format(k->arena, "还有 %lld 天到期，密钥与证书相符", days),
	           arena_format(k->arena, "good for %lld more days, and the key is its own", days));
}

struct check check_space(const struct checker *k)
{
	struct statvfs is;
	if (statvfs(k->o->data, &is) < 0)
		return say(CHECK_BAD, "disk", "看不到数据目录", "the data folder cannot be looked at");
	int64_t bytes = (int64_t)(is.f_bavail * is.f_frsize);
	enum check_state state = bytes < limit(k, SETTING_DOCTOR_SPACE_BAD) ? CHECK_BAD : bytes < limit(k, SETTING_DOCTOR_SPACE_LOW) ? CHECK_WARN : CHECK_WELL;
	long long mb = bytes >> 20;
	return with_amount(say(state, "disk", arena_format(k->arena, "可用 %lld MB", mb), arena_format(k->arena, "%lld MB free", mb)), mb);
}

struct check check_reserve(const struct checker *k)
{
	struct stat is;
	if (backup_is_postgresql(k->o->db))
		return (struct check){ 0 };
	bool there = stat(arena_format(k->arena, "%s/reserve", k->o->data), &is) == 0 && is.st_size >= RESERVE_SIZE;
	return there ? say(CHECK_WELL, "reserve", "已预留", "there")
	             : say(CHECK_WARN, "reserve", "没有：磁盘曾经写满，或服务还没有运行过", "not there: the disk was full, or the server has not run yet");
}

/* The newest complete backup in that folder. */
struct check check_backups(const struct checker *k, const char *folder)
{
	time_ms newest = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		struct stat is;
		const char *path = arena_format(k->arena, "%s/%s/" BACKUP_MANIFEST, folder, e->d_name);
		if (!strncmp(e->d_name, "anxin-", 6) && stat(path, &is) == 0 && (time_ms)is.st_mtime * 1000 > newest)
			newest = (time_ms)is.st_mtime * 1000;
	}
	if (dir)
		closedir(dir);
	if (!newest)
		return say(CHECK_WARN, "backup", arena_format(k->arena, "%s 里还没有备份", folder), arena_format(k->arena, "none in %s", folder));
	long long hours = (k->now - newest) / HOUR_MS;
	enum check_state state = hours > limit(k, SETTING_DOCTOR_BACKUP_AGE) ? CHECK_WARN : CHECK_WELL;
	return with_amount(say(state, "backup", arena_format(k->arena, "最新的是 %lld 小时前的", hours), arena_format(k->arena, "the newest is %lld hours old", hours)), hours);
}

int check_jobs(const struct checker *k, struct ctx *c, struct check *out)
{
	struct job_counts_row *rows;
	size_t n;
	long long given_up = 0;
	struct text kinds = text_in(k->arena);
	TRY(job_counts(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].state, "dead") != 0)
			continue;
		given_up += rows[i].amount;
		text_format(&kinds, "%s%s %lld", kinds.n ? ", " : "", rows[i].kind, (long long)rows[i].amount);
	}
	*out = given_up ? say(CHECK_WARN, "jobs", arena_format(k->arena, "%lld 个已放弃：%s", given_up, text_end(&kinds)),
	                      arena_format(k->arena, "%lld have been given up: %s", given_up, text_end(&kinds)))
	                : say(CHECK_WELL, "jobs", "没有放弃的", "none has been given up");
	return 0;
}

/* What follows events, in words; one that is not named here is told by its name. */
static const char *follower_word(const char *name)
{
	static const struct { const char *name, *word; } words[] = {
		{ "search", "检索" }, { "audit", "审计链" }, { "rule", "规则" }, { "promise", "承诺" }, { "suspect", "查重" },
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_equal(words[i].name, name))
			return words[i].word;
	return name;
}

/* The furthest behind comes first. */
int check_followers(const struct checker *k, struct ctx *c, struct check *out)
{
	struct doctor_lags_row *rows;
	size_t n;
	*out = (struct check){ 0 };
	TRY(doctor_lags(c, &rows, &n));
	if (n)
		*out = with_amount(say(rows[0].behind > limit(k, SETTING_DOCTOR_LAG) ? CHECK_WARN : CHECK_WELL, "followers",
		                       arena_format(k->arena, "%s落后 %lld 个事件", follower_word(rows[0].name), (long long)rows[0].behind),
		                       arena_format(k->arena, "%s is %lld events behind", rows[0].name, (long long)rows[0].behind)), rows[0].behind);
	return 0;
}

/* A company where a supervisor's call or a step of a ladder reaches nobody, or those who may do everything, for want of somebody else. */
static struct check escalations(const struct checker *k, const char *nobody, const char *administrators)
{
	if (!text_empty(nobody))
		return say(CHECK_WARN, "escalations", arena_format(k->arena, "没有人接收升级：%s。请给一个角色“主管”权限", nobody),
		           arena_format(k->arena, "nobody answers for what is late: %s; give a role the right " SUPERVISE, nobody));
	if (!text_empty(administrators))
		return say(CHECK_WELL, "escalations", arena_format(k->arena, "没有主管，由管理员接收：%s", administrators),
		           arena_format(k->arena, "no supervisors, administrators answer: %s", administrators));
	return say(CHECK_WELL, "escalations", "有主管接收", "supervisors answer");
}

static void add_name(struct text *t, const char *name)
{
	text_format(t, "%s%s", t->n ? ", " : "", name);
}

static int of_company(const struct checker *k, struct ctx *c, struct check *out)
{
	struct holders named, all;
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	TRY(holders_of(c, SUPERVISE, HOLDS_NAMED, NULL, NULL, &named));
	TRY(holders_of(c, SUPERVISE, HOLDS_ALL, NULL, NULL, &all));
	*out = escalations(k, named.n || all.n ? "" : tenant.code, named.n ? "" : tenant.code);
	return 0;
}

int check_escalations(const struct checker *k, struct ctx *c, bool own, struct check *out)
{
	struct doctor_roles_row *rows;
	size_t n;
	struct text nobody = text_in(k->arena), administrators = text_in(k->arena);
	if (own)
		return of_company(k, c, out);
	TRY(doctor_roles(c, &rows, &n));
	for (size_t i = 0, end; i < n; i = end) {
		bool named = false, all = false;
		for (end = i; end < n && rows[end].tenant == rows[i].tenant; end++) {
			named |= rows[end].permissions && strstr(rows[end].permissions, "\"" SUPERVISE "\"");
			all |= rows[end].permissions && strstr(rows[end].permissions, "\"*\"");
		}
		if (!named)
			add_name(all ? &administrators : &nobody, rows[i].code);
	}
	*out = escalations(k, text_end(&nobody), text_end(&administrators));
	return 0;
}

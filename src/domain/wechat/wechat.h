/* wechat: people who write by WeChat or WeCom, and the company's answers to them (docs/adr/0051).
 *
 * What comes is taken in as a message of a conversation, once, before it is acknowledged. What the company says goes out by jobs, one call at a
 * time for each person, inside of what WeChat allows her to be sent; the ledger of that is exact or says less, never more. What cannot be sent
 * any more goes by SMS or becomes a call-back. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "gen/schema.h"
#include "domain/conversation/conversation.h"
#include "net/route.h"

extern const struct record wechat_account_record;
extern const struct route wechat_account_routes[], wechat_callback_routes[], wechat_reach_routes[], wechat_file_routes[], wechat_bind_routes[];
extern const size_t wechat_account_route_count, wechat_callback_route_count, wechat_reach_route_count, wechat_file_route_count, wechat_bind_route_count;
extern const struct notice_way wechat_notice_way;
extern const struct reach wechat_reach, wecom_reach;
extern const struct job_kind wechat_token_job, wechat_gather_job, wechat_send_job, wechat_media_job, wechat_closing_job, wechat_person_job, wechat_sync_job, wechat_told_job, wechat_unsent_job, wechat_welcome_job;

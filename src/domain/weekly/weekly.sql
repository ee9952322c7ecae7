-- Everybody who gets the report. People who left are passed over when theirs is made.
-- name: weekly_receivers () many
SELECT r.user_id FROM weekly_receiver r WHERE r.tenant = $tenant AND r.archived_at = 0 ORDER BY r.created_at, r.id LIMIT 1000;

-- name: weekly_receiver_of (user id) many
SELECT r.* FROM weekly_receiver r WHERE r.tenant = $tenant AND r.user_id = $user AND r.archived_at = 0 ORDER BY r.created_at DESC, r.id DESC LIMIT 1;

-- name: weekly_mail_of (week day, user id, asked_at time_ms) many
SELECT m.id FROM weekly_mail m WHERE m.tenant = $tenant AND m.week = $week AND m.user_id = $user AND m.asked_at = $asked_at;

-- name: weekly_mail_mark (id id, state code, last_error code, sent_at time_ms) exec
UPDATE weekly_mail SET state = $state, last_error = $last_error, sent_at = $sent_at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- Whether something that will move a figure is still to happen: a clock whose time has come, an object that a promise has to look at again.
-- name: weekly_clocks_behind (at time_ms) many
SELECT k.id FROM service_clock k WHERE k.tenant = $tenant AND k.next_at <= $at ORDER BY k.next_at, k.id LIMIT 1;

-- name: weekly_looks_behind (at time_ms) many
SELECT j.id FROM job j WHERE j.tenant = $tenant AND j.kind IN ('promise.look', 'promise.recount') AND j.run_at <= $at AND j.state NOT IN ('dead', 'dropped') LIMIT 1;

-- name: weekly_administrators () many
SELECT u.id FROM role r JOIN user_account u ON (u.tenant, u.role_id) = (r.tenant, r.id)
 WHERE r.tenant = $tenant AND r.code = 'administrator' AND u.archived_at = 0 ORDER BY u.id LIMIT 50;

-- Clocks that passed their time within a span. Their events were written then or later, and ids grow with time: `after` is the lowest id of
-- its beginning, later the last one seen.
-- name: weekly_breaches (after id, from_at time_ms, to_at time_ms, most count) many
SELECT e.id, k.object, k.object_id FROM service_clock_event e JOIN service_clock k ON (k.tenant, k.id) = (e.tenant, e.clock_id)
 WHERE e.tenant = $tenant AND e.id > $after AND e.kind = 'breached' AND k.breached_at >= $from_at AND k.breached_at < $to_at ORDER BY e.id LIMIT $most;

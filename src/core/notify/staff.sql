-- Of an object and all that went into it, each person once.
-- name: watchers_of (object code, objects id[]) many
SELECT w.user_id, min(w.at) AS at:time_ms FROM watcher w WHERE w.tenant = $tenant AND w.object = $object AND w.object_id IN ($objects)
 GROUP BY w.user_id ORDER BY w.user_id LIMIT 100;

-- name: watcher_add (object code, object_id id, user id, at time_ms) exec
INSERT INTO watcher (tenant, object, object_id, user_id, at) VALUES ($tenant, $object, $object_id, $user, $at) ON CONFLICT DO NOTHING;

-- name: watcher_drop (object code, objects id[], user id) exec
DELETE FROM watcher WHERE tenant = $tenant AND object = $object AND object_id IN ($objects) AND user_id = $user;

-- A person's notices, newest first, below one.
-- name: notices_of (user id, below id, most i64) many
SELECT n.* FROM notification n WHERE n.tenant = $tenant AND n.user_id = $user AND n.id < $below ORDER BY n.id DESC LIMIT $most;

-- Unread ones, as far as a bell shows their number.
-- name: notices_unread (user id, most i64) many
SELECT n.id FROM notification n WHERE n.tenant = $tenant AND n.user_id = $user AND n.read_at = 0 ORDER BY n.id DESC LIMIT $most;

-- name: notices_read (user id, until id, at time_ms) exec
UPDATE notification SET read_at = $at WHERE tenant = $tenant AND user_id = $user AND read_at = 0 AND id <= $until;

-- name: notice_read (user id, notice id, at time_ms) exec
UPDATE notification SET read_at = $at WHERE tenant = $tenant AND user_id = $user AND read_at = 0 AND id = $notice;

-- Of somebody who is gone for good.
-- name: notices_of_user_drop (user id) exec
DELETE FROM notification WHERE tenant = $tenant AND user_id = $user;

-- name: watching_of_user_drop (user id) exec
DELETE FROM watcher WHERE tenant = $tenant AND user_id = $user;

-- Who holds which rights.
-- name: roles_all () many
SELECT r.* FROM role r WHERE r.tenant = $tenant AND r.archived_at = 0 ORDER BY r.id LIMIT 200;

-- name: people_of_roles (roles id[]) many
SELECT u.* FROM user_account u WHERE u.tenant = $tenant AND u.role_id IN ($roles) AND u.archived_at = 0 ORDER BY u.id LIMIT 200;

-- name: people_of_team (team ref) many hot
SELECT u.id FROM user_account u WHERE u.tenant = $tenant AND u.team_id = $team AND u.archived_at = 0 ORDER BY u.id LIMIT 50;

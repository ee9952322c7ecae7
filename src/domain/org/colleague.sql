-- Everybody who works here, for whoever looks for a colleague by a name: a part at a time, by id.
-- name: colleagues (after id, most count) many hot
SELECT u.id, u.account, u.name, u.team_id FROM user_account u WHERE u.tenant = $tenant AND u.archived_at = 0 AND u.id > $after ORDER BY u.id LIMIT $most;

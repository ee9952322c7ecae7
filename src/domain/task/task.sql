-- How much each of these people has to do; beyond `most` nobody counts further, so that it costs the same however much lies there.
-- name: tasks_open_of (owners id[], most i64) many
SELECT u.id AS owner_id, (SELECT count(*) FROM (SELECT t.id FROM task t
   WHERE t.tenant = u.tenant AND t.owner_id = u.id AND t.state = 'open' AND t.archived_at = 0 LIMIT $most) AS few) AS open:i64
  FROM user_account u WHERE u.tenant = $tenant AND u.id IN ($owners);

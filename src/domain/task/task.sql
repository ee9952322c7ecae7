-- How much each of these people has to do.
-- name: tasks_open_of (owners id[]) many
SELECT t.owner_id, count(*) AS open:i64 FROM task t
 WHERE t.tenant = $tenant AND t.owner_id IN ($owners) AND t.state = 'open' AND t.archived_at = 0 GROUP BY t.owner_id;

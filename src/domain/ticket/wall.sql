-- What the wall shows of open work: sums over the entries of queues, so closed tickets cost nothing. everything 1: all of it; else what is one's own,
-- one's team's or of no team, and one's region's; -1: none.

-- What each person has to do for each team, nobody's (owner 0) too. In the order of its index, so nothing is sorted.
-- name: wall_open (everything count, me ref, team i64, region i64, now time_ms, soon time_ms) many
SELECT e.owner_id, e.team_id, count(*) AS open:i64, CAST(sum(CASE WHEN e.due_at < $now THEN 1 ELSE 0 END) AS bigint) AS late:i64,
       CAST(sum(CASE WHEN e.due_at >= $now AND e.due_at < $soon THEN 1 ELSE 0 END) AS bigint) AS soon:i64, CAST(sum(e.critical) AS bigint) AS critical:i64,
       CAST(sum(CASE WHEN e.waits_since > 0 THEN 1 ELSE 0 END) AS bigint) AS unanswered:i64, min(e.since) AS since:time_ms
  FROM queue_entry e WHERE e.tenant = $tenant AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 GROUP BY e.owner_id, e.team_id;

-- Which of these still work here.
-- name: wall_staff (users id[]) many
SELECT u.id, u.team_id FROM user_account u WHERE u.tenant = $tenant AND u.id IN ($users) AND u.archived_at = 0 ORDER BY u.id LIMIT 1000;

-- Everybody in a team, whatever there is to do.
-- name: wall_members (everything count, team i64, most count) many
SELECT u.id, u.team_id FROM user_account u
 WHERE u.tenant = $tenant AND u.archived_at = 0 AND u.team_id > 0 AND ($everything = 1 OR u.team_id = $team) ORDER BY u.id LIMIT $most;

-- The one that has waited longest for a first answer.
-- name: wall_longest (everything count, me ref, team i64, region i64) many
SELECT e.ticket_id, e.waits_since FROM queue_entry e
 WHERE e.tenant = $tenant AND e.waits_since > 0 AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 ORDER BY e.waits_since, e.ticket_id LIMIT 1;

-- name: wall_worst (everything count, me ref, team i64, region i64, now time_ms, most count) many
SELECT e.ticket_id FROM queue_entry e
 WHERE e.tenant = $tenant AND e.due_at < $now AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 ORDER BY e.due_at, e.ticket_id LIMIT $most;

-- What comes due, by the minute.
-- name: wall_minutes (everything count, me ref, team i64, region i64, now time_ms, soon time_ms) many
SELECT (e.due_at - $now) / 60000 AS minute:i64, count(*) AS n:i64 FROM queue_entry e
 WHERE e.tenant = $tenant AND e.due_at >= $now AND e.due_at < $soon AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 GROUP BY 1;

-- By the product that one has to know.
-- name: wall_skills (everything count, me ref, team i64, region i64, most count) many
SELECT e.product_id, count(*) AS waiting:i64, min(e.since) AS since:time_ms
  FROM queue_entry e WHERE e.tenant = $tenant AND e.owner_id = 0 AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 GROUP BY e.product_id ORDER BY 3, e.product_id LIMIT $most;

-- How many came in each hour since an instant.
-- name: wall_received (everything count, me ref, team i64, region i64, since time_ms) many hot
SELECT (t.created_at - $since) / 3600000 AS hour:i64, count(*) AS n:i64
  FROM ticket t WHERE t.tenant = $tenant AND t.created_at >= $since AND t.archived_at = 0
   AND ($everything = 1 OR t.owner_id = $me OR t.team_id = 0 OR t.team_id = $team OR t.region_id = $region) GROUP BY 1;

-- Whatever was solved since then has changed since then, too.
-- name: wall_solved (everything count, me ref, team i64, region i64, since time_ms) many hot
SELECT (t.solved_at - $since) / 3600000 AS hour:i64, count(*) AS n:i64
  FROM ticket t WHERE t.tenant = $tenant AND t.updated_at >= $since AND t.solved_at >= $since AND t.archived_at = 0
   AND ($everything = 1 OR t.owner_id = $me OR t.team_id = 0 OR t.team_id = $team OR t.region_id = $region) GROUP BY 1;

-- What the wall shows of open work: sums over the entries of queues, so closed tickets cost nothing. all 1: everything; else what is one's own,
-- one's team's or of no team, and one's region's; -1: none.

-- Everybody who works in a team or has something to do: the busiest first, those with nothing last.
-- name: wall_people (everything count, me ref, team i64, region i64, now time_ms, soon time_ms, most count) many
SELECT u.id, u.team_id, CAST(coalesce(g.open, 0) AS bigint) AS open:i64, CAST(coalesce(g.late, 0) AS bigint) AS late:i64, CAST(coalesce(g.soon, 0) AS bigint) AS soon:i64
  FROM user_account u LEFT JOIN (
       SELECT e.owner_id, count(*) AS open, sum(CASE WHEN e.due_at < $now THEN 1 ELSE 0 END) AS late,
              sum(CASE WHEN e.due_at >= $now AND e.due_at < $soon THEN 1 ELSE 0 END) AS soon
         FROM queue_entry e WHERE e.tenant = $tenant AND e.owner_id > 0
          AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region) GROUP BY e.owner_id) g ON g.owner_id = u.id
 WHERE u.tenant = $tenant AND u.archived_at = 0 AND (g.open > 0 OR (u.team_id > 0 AND ($everything = 1 OR u.team_id = $team)))
 ORDER BY 4 DESC, 3 DESC, u.id LIMIT $most;

-- name: wall_teams (everything count, me ref, team i64, region i64, now time_ms, most count) many
SELECT e.team_id, count(*) AS open:i64, CAST(sum(CASE WHEN e.due_at < $now THEN 1 ELSE 0 END) AS bigint) AS late:i64,
       CAST(sum(CASE WHEN e.owner_id = 0 THEN 1 ELSE 0 END) AS bigint) AS waiting:i64,
       CAST(coalesce(min(CASE WHEN e.owner_id = 0 THEN e.since END), 0) AS bigint) AS since:time_ms
  FROM queue_entry e WHERE e.tenant = $tenant AND ($everything = 1 OR e.owner_id = $me OR e.team_id = 0 OR e.team_id = $team OR e.region_id = $region)
 GROUP BY e.team_id ORDER BY 3 DESC, 4 DESC, 2 DESC, e.team_id LIMIT $most;

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

-- Whether anything of all this bears on now: most companies need no more than this question.
-- name: duty_in_use (first day, last day, since time_ms, now time_ms) one
SELECT CASE WHEN EXISTS (SELECT 1 FROM shift s WHERE s.tenant = $tenant AND s.day >= $first AND s.day <= $last AND s.archived_at = 0)
              OR EXISTS (SELECT 1 FROM absence a WHERE a.tenant = $tenant AND a.to_at > $now AND a.from_at <= $now AND a.archived_at = 0)
              OR EXISTS (SELECT 1 FROM attendance w WHERE w.tenant = $tenant AND w.from_at > $since AND w.from_at <= $now AND w.to_at > $now)
            THEN 1 ELSE 0 END AS used:i64;

-- name: duty_of_teams (teams id[]) many
SELECT u.id, u.team_id, u.name FROM user_account u WHERE u.tenant = $tenant AND u.team_id IN ($teams) AND u.archived_at = 0 ORDER BY u.team_id, u.id LIMIT 500;

-- name: duty_of_people (users id[]) many
SELECT u.id, u.team_id, u.name FROM user_account u WHERE u.tenant = $tenant AND u.id IN ($users) AND u.archived_at = 0 ORDER BY u.id LIMIT 1000;

-- Everybody, by id, after one.
-- name: duty_people_after (after ref, most i64) many
SELECT u.id, u.team_id, u.name FROM user_account u WHERE u.tenant = $tenant AND u.id > $after AND u.archived_at = 0 ORDER BY u.id LIMIT $most;

-- name: duty_team_after (team ref, after ref, most i64) many
SELECT u.id, u.team_id, u.name FROM user_account u WHERE u.tenant = $tenant AND u.team_id = $team AND u.id > $after AND u.archived_at = 0 ORDER BY u.id LIMIT $most;

-- Which of these teams plan shifts in these days.
-- name: teams_planned (teams id[], low day, high day) many
SELECT t.id FROM team t WHERE t.tenant = $tenant AND t.id IN ($teams)
   AND EXISTS (SELECT 1 FROM shift s WHERE s.tenant = $tenant AND s.team_id = t.id AND s.day >= $low AND s.day <= $high AND s.archived_at = 0);

-- The same of people who are in no team.
-- name: people_planned (users id[], low day, high day) many
SELECT u.id FROM user_account u WHERE u.tenant = $tenant AND u.id IN ($users)
   AND EXISTS (SELECT 1 FROM shift s WHERE s.tenant = $tenant AND s.user_id = u.id AND s.day >= $low AND s.day <= $high AND s.archived_at = 0);

-- name: shifts_of_people (users id[], low day, high day) many
SELECT s.* FROM shift s WHERE s.tenant = $tenant AND s.user_id IN ($users) AND s.day >= $low AND s.day <= $high AND s.archived_at = 0
 ORDER BY s.user_id, s.day, s.id LIMIT 10000;

-- name: shifts_of_user (user id, low day, high day) many hot
SELECT s.* FROM shift s WHERE s.tenant = $tenant AND s.user_id = $user AND s.day >= $low AND s.day <= $high AND s.archived_at = 0
 ORDER BY s.day, s.id LIMIT 200;

-- name: shifts_of_team (team id, low day, high day) many
SELECT s.* FROM shift s WHERE s.tenant = $tenant AND s.team_id = $team AND s.day >= $low AND s.day <= $high AND s.archived_at = 0
 ORDER BY s.day, s.id LIMIT 5000;

-- Of the whole company: who covers may be of another team.
-- name: absences_between (low time_ms, high time_ms) many
SELECT a.* FROM absence a WHERE a.tenant = $tenant AND a.to_at > $low AND a.from_at < $high AND a.archived_at = 0 ORDER BY a.to_at, a.id LIMIT 1000;

-- name: absences_of_user (user id, low time_ms, high time_ms) many
SELECT a.* FROM absence a WHERE a.tenant = $tenant AND a.user_id = $user AND a.from_at < $high AND a.to_at > $low AND a.archived_at = 0
 ORDER BY a.from_at, a.id LIMIT 50;

-- What people said between two instants: a word holds two days at most.
-- name: said_of_people (users id[], low time_ms, high time_ms) many
SELECT a.* FROM attendance a WHERE a.tenant = $tenant AND a.user_id IN ($users) AND a.from_at > $low AND a.from_at <= $high ORDER BY a.user_id, a.from_at, a.id LIMIT 5000;

-- name: said_of_user (user id, low time_ms) many
SELECT a.* FROM attendance a WHERE a.tenant = $tenant AND a.user_id = $user AND a.from_at > $low ORDER BY a.from_at DESC, a.id DESC LIMIT 200;

-- name: break_reasons_all () many
SELECT b.* FROM break_reason b WHERE b.tenant = $tenant AND b.archived_at = 0 ORDER BY b.place, b.id LIMIT 50;

-- name: shift_kinds_all () many
SELECT k.* FROM shift_kind k WHERE k.tenant = $tenant AND k.archived_at = 0 ORDER BY k.place, k.id LIMIT 50;

-- Browsers in which somebody is still signed in.
-- name: sessions_of_user (user id, now time_ms) many
SELECT s.id FROM session s WHERE s.tenant = $tenant AND s.actor_kind = 1 AND s.actor_id = $user AND s.expires_at > $now ORDER BY s.id LIMIT 2;

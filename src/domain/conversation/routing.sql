-- name: chat_queues () many
SELECT q.* FROM chat_queue q WHERE q.tenant = $tenant AND q.archived_at = 0 ORDER BY q.place, q.id LIMIT 100;

-- In line, those that somebody could be given.
-- name: conversations_waiting (now time_ms, most i64) many
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.queue_id > 0 AND k.state = 'waiting' AND k.archived_at = 0 AND k.away_until <= $now
 ORDER BY k.queue_rank, k.queued_at, k.id LIMIT $most;

-- When the next of those that came outside of service hours begin to wait.
-- name: conversations_away () many
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.queue_id > 0 AND k.state = 'waiting' AND k.archived_at = 0 AND k.away_until > 0
 ORDER BY k.away_until, k.id LIMIT 200;

-- How many stand before one in its queue.
-- name: conversations_ahead (queue ref, rank count, since time_ms, id id) one hot
SELECT count(*) AS n:i64 FROM conversation k WHERE k.tenant = $tenant AND k.queue_id = $queue AND k.state = 'waiting' AND k.away_until = 0 AND k.archived_at = 0
   AND (k.queue_rank, k.queued_at, k.id) < ($rank, $since, $id);

-- Of a company without queues: who waits for anybody.
-- name: conversations_unqueued () one hot
SELECT count(*) AS n:i64 FROM conversation k WHERE k.tenant = $tenant AND k.queue_id = 0 AND k.state = 'waiting' AND k.archived_at = 0;

-- name: conversations_taken (queue ref, since time_ms) one hot
SELECT count(*) AS n:i64, min(k.taken_at) AS first:time_ms? FROM conversation k WHERE k.tenant = $tenant AND k.queue_id = $queue AND k.taken_at > $since;

-- People who may be given conversations of these teams; of queues that everybody serves, whoever takes conversations.
-- name: chat_people (teams id[], everybody count) many
SELECT u.id, u.team_id, u.name, u.chats_most, u.speaks, u.chat_ready_at, u.chat_given_at FROM user_account u
 WHERE u.tenant = $tenant AND (u.team_id IN ($teams) OR ($everybody > 0 AND u.chat_ready_at > 0)) AND u.archived_at = 0 ORDER BY u.id LIMIT 1000;

-- name: chat_person (user id) many
SELECT u.id, u.team_id, u.name, u.chats_most, u.speaks, u.chat_ready_at, u.chat_given_at FROM user_account u WHERE u.tenant = $tenant AND u.id = $user;

-- What they have in hand: a customer who has long been silent takes nothing of anybody.
-- name: chats_of_people (users id[], since time_ms) many
SELECT k.owner_id, count(*) AS n:i64 FROM conversation k WHERE k.tenant = $tenant AND k.owner_id IN ($users) AND k.state = 'active' AND k.archived_at = 0 AND k.channel <> 'phone'
   AND (k.waiting_since > 0 OR k.last_at > $since) GROUP BY k.owner_id;

-- name: tickets_in_hand (users id[]) many
SELECT t.owner_id, count(*) AS n:i64 FROM ticket t WHERE t.tenant = $tenant AND t.owner_id IN ($users) AND t.state = 'working' AND t.archived_at = 0 GROUP BY t.owner_id;

-- Who is on the telephone, or whose rings.
-- name: calls_of_people (users id[], since time_ms) many
SELECT p.user_id, count(*) AS n:i64 FROM phone_call p WHERE p.tenant = $tenant AND p.user_id IN ($users) AND p.state IN ('ringing', 'talking') AND p.rang_at > $since GROUP BY p.user_id;

-- name: levels_of_people (users id[]) many
SELECT s.user_id, s.product_id, s.level FROM user_skill s WHERE s.tenant = $tenant AND s.user_id IN ($users) AND s.archived_at = 0 ORDER BY s.user_id, s.product_id LIMIT 10000;

-- name: chat_ready (user id, at time_ms) exec
UPDATE user_account SET chat_ready_at = $at WHERE tenant = $tenant AND id = $user;

-- name: chat_given (user id, at time_ms) exec
UPDATE user_account SET chat_given_at = $at WHERE tenant = $tenant AND id = $user;

-- Since an instant, of each queue: how many were taken, and how many of them within what was promised.
-- name: queues_answered (since time_ms) many
SELECT k.queue_id, count(*) AS n:i64, CAST(sum(CASE WHEN s.id IS NULL THEN 0 ELSE 1 END) AS bigint) AS counted:i64?, CAST(sum(CASE WHEN s.id IS NOT NULL AND s.breached_at = 0 THEN 1 ELSE 0 END) AS bigint) AS held:i64?
  FROM conversation k LEFT JOIN service_clock s ON s.tenant = k.tenant AND s.object = 'conversation' AND s.object_id = k.id AND s.measure = 'queue' AND s.state = 'met'
 WHERE k.tenant = $tenant AND k.queue_id > 0 AND k.taken_at > $since GROUP BY k.queue_id;

-- name: chats_of_user (user id) many
SELECT k.* FROM conversation k WHERE k.tenant = $tenant AND k.owner_id = $user AND k.state = 'active' AND k.archived_at = 0 ORDER BY k.last_at DESC, k.id DESC LIMIT 30;

-- What is still to be done for a customer, newest first.
-- name: tickets_open_for (customer id) many hot
SELECT t.id, t.no, t.title, t.state FROM ticket t WHERE t.tenant = $tenant AND t.customer_id = $customer AND t.state NOT IN ('closed', 'cancelled', 'resolved') AND t.archived_at = 0
 ORDER BY t.created_at DESC, t.id DESC LIMIT 5;

-- Beyond the few nobody counts.
-- name: bot_turns_of_article (article code, since time_ms, most i64) many hot
SELECT t.id FROM bot_turn t WHERE t.tenant = $tenant AND t.article = $article AND t.created_at >= $since LIMIT $most;

-- name: bot_first_turn () many hot
SELECT t.created_at FROM bot_turn t WHERE t.tenant = $tenant ORDER BY t.created_at, t.id LIMIT 1;

-- name: bot_last_turn_of (conversation id, article code) many hot
SELECT t.* FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.article = $article ORDER BY t.no DESC, t.id DESC LIMIT 1;

-- Who waits for a person before this instant.
-- name: people_ahead (before time_ms, most i64) many hot
SELECT k.id FROM conversation k WHERE k.tenant = $tenant AND k.state = 'waiting' AND k.archived_at = 0 AND k.asked_at < $before LIMIT $most;

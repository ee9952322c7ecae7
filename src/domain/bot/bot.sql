-- Beyond the few nobody counts.
-- name: bot_turns_of_article (article code, since time_ms, most i64) many hot
SELECT t.id FROM bot_turn t WHERE t.tenant = $tenant AND t.article = $article AND t.created_at >= $since AND t.did <> 'assist' LIMIT $most;

-- name: bot_first_turn () many hot
SELECT t.created_at FROM bot_turn t WHERE t.tenant = $tenant ORDER BY t.created_at, t.id LIMIT 1;

-- name: bot_last_turn_of (conversation id, article code) many hot
SELECT t.* FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.article = $article ORDER BY t.no DESC, t.id DESC LIMIT 1;

-- All models that one can name.
-- name: bot_models () many
SELECT m.id, m.code FROM model m WHERE m.tenant = $tenant AND m.archived_at = 0 ORDER BY m.code, m.id LIMIT 1000;

-- What it made of one message.
-- name: bot_turn_at (conversation id, no count) many hot
SELECT t.* FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.no = $no ORDER BY t.id DESC LIMIT 1;

-- What was recognised in a conversation behind a message.
-- name: bot_turns_behind (conversation id, after count) many hot
SELECT t.no, t.article, t.did FROM bot_turn t WHERE t.tenant = $tenant AND t.conversation_id = $conversation AND t.no > $after AND t.did <> 'assist' ORDER BY t.no DESC, t.id DESC LIMIT 12;

-- name: invitation_by_token (token_hash hash) many hot all_tenants "the link tells the company"
SELECT i.tenant, i.id FROM invitation i WHERE i.token_hash = $token_hash;

-- name: invitations_open_of (user ref) many
SELECT i.* FROM invitation i WHERE i.tenant = $tenant AND i.user_id = $user AND i.state = 'open' ORDER BY i.id;

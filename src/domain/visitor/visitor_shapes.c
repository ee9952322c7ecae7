/* What the widget sends, as shapes: all that is read of it. Fuzzed by themselves (tests/fuzz/visit_fuzz.c). */
#include "domain/visitor/visitor.h"

#include "domain/conversation/conversation.h"

static const struct member message_members[] = {
	MEMBER(struct visit_message, text, text, .most = 2000),
	MEMBER(struct visit_message, external_id, code, .flags = MEMBER_REQUIRED, .least = 8, .most = 64),
	MEMBER(struct visit_message, name, code, .most = 40),
	MEMBER(struct visit_message, phone, code, .most = 40),
	MEMBER(struct visit_message, product_id, id, .flags = MEMBER_NULLABLE),
	MEMBER(struct visit_message, file_ids, list, .item = TYPE_id, .most = MESSAGE_FILES_MOST),
};
const struct shape visit_message_shape = SHAPE("visit_message", struct visit_message, message_members);

static const struct member proof_members[] = {
	MEMBER(struct visit_proof, phone, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct visit_proof, code, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 10),
};
const struct shape visit_proof_shape = SHAPE("visit_proof", struct visit_proof, proof_members);

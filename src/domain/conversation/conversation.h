/* conversation: a run of messages between a customer and the company in one channel (docs/adr/0045).
 *
 * A customer has at most one that is not closed in each channel; whatever she writes lands there, or opens one. Messages are numbered
 * without a gap, so who listens asks for what comes after the last number seen, and nothing is missing or there twice. */
#pragma once

#include "core/flow/flow.h"
#include "db/job.h"
#include "domain/conversation/conversation_own.h"
#include "domain/conversation/emotion.h"
#include "domain/conversation/reach.h"
#include "gen/schema.h"

extern const struct record conversation_record;
extern const struct flow conversation_flow;
extern const struct promise_source conversation_promises;
extern const struct choice conversation_states[];
extern const struct choice conversation_moods[];       /* "none", which is kept as "", then those that are kept */
/* While people write, what was said is taken into the index now and then, not with each message. */
extern const struct job_kind conversation_words_job;

enum conversation_state { CONVERSATION_WAITING, CONVERSATION_ACTIVE, CONVERSATION_CLOSED, CONVERSATION_BOT };

enum { MESSAGE_FILES_MOST = 9 };

struct message_in {
	int64_t id;                             /* of the conversation */
	const char *text;                       /* may be empty where there are files */
	const char *visibility;                 /* "public", "internal" or WHISPER */
	struct list file_ids;                   /* of int64_t: uploaded by whoever writes */
	struct list user_ids;                   /* of int64_t: colleagues whom a note names, or asks */
};
/* From a supervisor to who has the conversation: nobody else reads it. */
#define WHISPER "whisper"

/* To whom it goes: input of the move "assign". */
struct conversation_to {
	int64_t owner_id;
	const char *note;
};

/* Among which conversations one that is open is looked for, and which she may read: all of the customer's, or those alone that came by this name,
 * where nobody has shown yet that the name is the customer's. */
enum conversation_sight { OF_CUSTOMER, OF_IDENTITY };

/* What a customer wrote, whichever channel brought it. */
struct inbound {
	const char *channel;
	const char *external_id;                /* of the channel, or of the sender's program: the same again is the same message. Required */
	int64_t customer_id;
	const char *text;                       /* may be empty where there are files */
	struct list file_ids;                   /* of int64_t */
	int64_t identity_id;                    /* the name by which it came; 0: none but the customer herself. Names of messages are told apart by it */
	enum conversation_sight among;
	int64_t product_id, team_id;            /* of a new conversation; 0: none */
	const char *title;                      /* of a new conversation, NULL: its first words */
	int64_t conversation_id;                /* hers and open: into this one; 0: whichever is open */
	bool apart;                             /* a new conversation in any case */
	bool no_bot;                            /* the bot does not receive in this channel */
	bool no_machine;                        /* nothing is said by itself: she is a machine, or wants none */
};

/* Writer: takes in a message, in the customer's open conversation of the channel or in a new one. *row: that conversation; *no: the message's
 * number. Delivered again, nothing is written and the answer is as at first. */
int conversation_take_in(struct ctx *c, const struct inbound *in, struct conversation *row, int64_t *no) MUST_CHECK;
/* Whether a message of this name was taken in from them before: `sender` is an identity's id. */
int conversation_has_taken(struct ctx *c, const char *channel, int64_t sender, const char *external_id, bool *out) MUST_CHECK;

/* Writer: the same for what has no words of hers, such as a call (external_id NULL, `text` the title of a new one): no message, no bot, no queue; whoever is
 * called takes it. */
int conversation_of_event(struct ctx *c, const struct inbound *in, struct conversation *row) MUST_CHECK;
/* When the team's first queue opens again; 0: it is open, or says nothing of hours. */
int queue_opens_at(struct ctx *c, int64_t team_id, time_ms *at) MUST_CHECK;
/* Writer: a note of the system's, for staff. */
int conversation_note_down(struct ctx *c, struct conversation *row, const char *text) MUST_CHECK;
/* Writer: somebody of staff has spoken with her, which answers. user_id 0: nobody knows who. */
int conversation_spoken(struct ctx *c, struct conversation *row, int64_t user_id) MUST_CHECK;
/* Writer: the same of everything that she waits for in chats, said on her page: it was we who called. */
int conversation_called_all(struct ctx *c, int64_t customer_id, int64_t user_id) MUST_CHECK;

/* Writer: a file that belongs to a message which came before it. */
int conversation_add_file(struct ctx *c, struct conversation *row, int64_t no, int64_t file_id) MUST_CHECK;

/* Writer: what staff write. In public it is theirs from then on, when nobody had taken it. */
int conversation_say(struct ctx *c, struct conversation *row, const struct message_in *in) MUST_CHECK;

/* While the bot has a conversation each message of the customer's is a job of this kind, named "conversation/no". Nothing waits for a person meanwhile. */
#define CONVERSATION_BOT_JOB "bot.answer"
/* A message that the bot does not hear and that sounds like danger is one of this kind, named alike. */
#define CONVERSATION_DANGER_JOB "conversation.danger"
/* What is kept of a message: that it sounded like danger, that it is a mere wish for a person, that somebody has asked who she is when this was the last one. */
#define CONVERSATION_DANGER "danger"
#define CONVERSATION_WISH "wish"
#define CONVERSATION_ASKED "asked"
int conversation_mark(struct ctx *c, const struct conversation *k, int64_t no, const char *what) MUST_CHECK;      /* writer */
static inline bool conversation_is_bots(const struct conversation *k) { return text_equal(k->state, conversation_states[CONVERSATION_BOT].value); }
/* Writer: what the bot says, with answers to press (JSON: [{"say","open"}], "[]" none). Automatic words end no wait. */
int conversation_answer(struct ctx *c, struct conversation *row, const char *text, const char *offers) MUST_CHECK;
/* The same within a change of the row that is under way: the row is changed and not written. */
int conversation_put(struct ctx *c, struct conversation *row, const char *text, const char *offers) MUST_CHECK;
/* Writer: from now on a person is asked for; her wait, and what is promised of it, begins, or she is told when somebody is there. `why`: a reason that staff
 * read; `note` (may be NULL): what they have to know. */
int conversation_hand_over(struct ctx *c, struct conversation *row, const char *why, const char *note) MUST_CHECK;
/* Writer, within a move: a note behind the last message; the row is changed but not written. */
int conversation_note(struct ctx *c, struct conversation *row, const char *text) MUST_CHECK;
/* Writer: what the company says of itself, to the customer. It answers nothing and stands in no list. */
int conversation_say_by_itself(struct ctx *c, struct conversation *row, const char *text) MUST_CHECK;
/* Facts for whoever gets it: customer, device and warranty, open tickets, the last messages; `note` (may be NULL) before them. */
int conversation_summary(struct ctx *c, const struct conversation *row, const char *note, const char **text) MUST_CHECK;

/* The newest messages that the customer may read, at most `most`, oldest first, with their words ("": none). */
int conversation_public_messages(struct ctx *c, const struct conversation *k, size_t most, struct message **rows, const char ***texts, size_t *n) MUST_CHECK;
/* What scene her words sound like, of those that the company asks for. */
int conversation_guess_scene(struct ctx *c, const char *text, const char **scene) MUST_CHECK;
/* Into *k: what scene a message of hers sounds like; danger and a complaint stay, and what an agent has put right. */
int conversation_hear_scene(struct ctx *c, const char *text, struct conversation *k) MUST_CHECK;
/* Whether an agent has put right what was recognised ("scene", "language"). */
int conversation_is_corrected(struct ctx *c, const struct conversation *k, const char *what, bool *is) MUST_CHECK;
/* The one product whose name her words say; 0: none, or several. */
int conversation_guess_product(struct ctx *c, const char *text, int64_t *id) MUST_CHECK;
/* Where one that the bot has would stand if a person was asked for now: how many before it in its queue. closed: outside of its service hours. */
int conversation_place_asked(struct ctx *c, const struct conversation *row, int64_t *ahead, bool *closed) MUST_CHECK;
/* Her own words in it, one message a line, as many of the newest as a ticket takes; but for those that only ask for a person. */
int conversation_her_words(struct ctx *c, const struct conversation *k, const char **out) MUST_CHECK;

/* Writer: whoever asks has read up to `no`: her side's mark moves on, never back. */
int conversation_read_to(struct ctx *c, struct conversation *row, int64_t no) MUST_CHECK;

/* Writer: what the customer thought of it, 1 to 5, with words or without; the last word counts. ERR_STATE before anybody has answered. */
int conversation_rate(struct ctx *c, struct conversation *row, int64_t rating, const char *words) MUST_CHECK;

/* Whether it was shown that who writes is the customer, by a code, a sign-in or the system that hands it over, and not only taken for granted of a number. */
int conversation_is_proven(struct ctx *c, const struct conversation *k, bool *proven) MUST_CHECK;
/* Writer: somebody has asked, and it is hers. A visitor's file goes into hers with its name in the channel; where that is a number in somebody else's file, or the
 * name has a customer already, this conversation alone becomes hers. ERR_STATE where it has a ticket. *row is as it is then. */
struct customer;
int conversation_join(struct ctx *c, struct conversation *row, const struct customer *hers, const char *reason) MUST_CHECK;
/* Whether it is the customer's as far as staff are concerned: proven, or asked. What they have been told stays theirs: to her it opens nothing. */
int conversation_is_hers(struct ctx *c, const struct conversation *k, bool *hers) MUST_CHECK;
/* Writer: this conversation alone. */
int conversation_give(struct ctx *c, struct conversation *row, const struct customer *to) MUST_CHECK;

/* Writer: a ticket of what she wrote, with what is known filled in; linked with the conversation; the one that it has already. `scene` NULL: guessed from her words. */
struct ticket;
struct conversation_ticket_in {
	int64_t id;
	const char *scene;
	int64_t ticket_id;                      /* there is one already: only linked */
};
int conversation_make_ticket(struct ctx *c, struct conversation *row, const struct conversation_ticket_in *in, struct ticket *ticket) MUST_CHECK;
extern const struct shape conversation_ticket_shape;

/* Before a row is written: its device says what product it is, another product parts it from its device. */
int conversation_settle_facts(struct ctx *c, const void *old, void *row) MUST_CHECK;
/* What is known for a ticket: scene, grade, product, device and fault, as an agent said or as it is guessed from report->text; what stands there stays. */
struct ticket_report;
int conversation_fill_report(struct ctx *c, const struct conversation *k, struct ticket_report *report) MUST_CHECK;
/* Whether the report form offers this fault of a product, by their codes. */
struct form;
bool conversation_fault_is(const struct form *form, const char *product, const char *code);
/* Its ticket, or what is known of it as one that is none yet: what templates are filled from. */
int conversation_as_ticket(struct ctx *c, const struct conversation *k, struct ticket *t) MUST_CHECK;
extern const struct action_kind conversation_reply_action;
/* Whether a summary for a hand-over says more than what everybody can see: the giver's own words stand before it. */
bool conversation_has_note(const char *summary);

/* A conversation as its customer sees it. */
int conversation_public_json(struct ctx *c, const struct conversation *row, struct text *out) MUST_CHECK;
/* Whether a file belongs to something that was said in public there. */
bool conversation_shows_file(struct ctx *c, int64_t id, int64_t file_id);

/* What both sides ask: a page of messages, and having read up to one. */
struct messages_in {
	int64_t id, after, before;
};
struct read_in {
	int64_t id, no;
};
struct conversation_rate_in {
	int64_t id, rating;
	const char *text;
};
extern const struct shape messages_shape, messages_read_shape, conversation_rate_shape;

enum message_sight { MESSAGES_ALL, MESSAGES_PUBLIC };
/* {"items":[{"no","id","at","actor","visibility","text","files":[{"id","name","type","size","width","height","thumbnail"}]}],"more":true,"dangers":[no, …]} with numbers above `after`, oldest first, at most 200; or, with `before`, those below it, the newest of them. dangers: of the whole conversation, for staff alone. */
int messages_write(struct ctx *c, const struct conversation *row, enum message_sight sight, const struct messages_in *q, struct text *out) MUST_CHECK;

/* The customer's own, newest first; ERR_NOT_FOUND of somebody else's. */
int conversation_of_customer(struct ctx *c, int64_t id, struct conversation *row) MUST_CHECK;
bool conversation_event_is_public(const char *kind);

/* What the customer is given of a conversation beyond its fields: what was said in public. */
int conversation_handout(struct ctx *c, const void *row, struct text *out) MUST_CHECK;

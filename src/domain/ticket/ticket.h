/* ticket: one matter of one customer, from the report to the rated closing.
 *
 * The flow below is the one way its state changes. Comments, files and ratings hang on it; its timeline is its events. */
#pragma once

#include "core/flow/flow.h"
#include "engine/grade/grade.h"
#include "gen/schema.h"

extern const struct record ticket_record, user_skill_record;
extern const struct flow ticket_flow;
extern const struct promise_source ticket_promises;
extern const struct choice ticket_scenes[], ticket_grades[], ticket_states[], ticket_channels[], ticket_ratings[], ticket_dangers[], ticket_times_of_day[];

enum ticket_state { NEW, ACCEPTED, WORKING, WAITING_CUSTOMER, RESOLVED, CLOSED, CANCELLED };

/* What a report holds, whoever files it: customer on the phone page, agent on behalf, import, open API. */
struct ticket_report {
	const char *scene, *channel, *text;
	int64_t customer_id, device_id, product_id;
	const char *contact_phone;
	const char *symptoms, *answers;         /* JSON array and object */
	const char *danger;
	int64_t preferred_day;
	const char *preferred_time;
	bool caller_there;                      /* staff file it while they speak with her */
	struct list file_ids;                   /* of int64_t */
	const char *custom;                     /* JSON object of what the company defines; NULL: none */
	struct list tags;                       /* names, of const char * */
	const char *grade;                      /* an agent's choice; NULL: proposed from symptoms and words */
	int64_t key;                            /* of whose words they are, in a conversation that she may take back from a merge; 0: the customer's */
};

/* Files a report: number, title, proposed grade, message with a link to the customer, all in this transaction.
 * ERR_OPEN_TICKET (arg: id) when the device already has an open ticket of the same scene and there is no danger. */
int ticket_file_report(struct ctx *c, const struct ticket_report *in, struct ticket *out) MUST_CHECK;

/* Title, description and grade of a new ticket, from scene, text, grade and symptoms of a report. */
int ticket_fill_words(struct ctx *c, const struct ticket_report *in, struct ticket *t) MUST_CHECK;

/* Reads a JSON array of codes; anything else is refused by its field. */
int ticket_symptoms(struct ctx *c, const char *json, const char *const **out, size_t *n) MUST_CHECK;

/* Input of the move "assign"; NULL_INT: as it was. */
struct ticket_assign_in {
	int64_t owner_id, team_id;
};

struct action_kind;
/* To which parts of the company a ticket belongs: enum promise_part. */
void ticket_parts(struct ctx *c, const struct ticket *t, int64_t *at);
/* Its first symptom, of its product; 0: it names none. And what each that the form has or had is called. */
int64_t ticket_fault(struct ctx *c, const struct ticket *t);
int ticket_fault_titles(struct ctx *c, struct titles *out) MUST_CHECK;
extern const struct action_kind assign_action, message_action;

/* The column of sheets that names linked tickets. */
int ticket_link_cells(struct ctx *c, const void *rows, size_t n, const char **cells) MUST_CHECK;

/* This ticket, and the ids of all that went into it, at most `most`. */
int ticket_with_merged(struct ctx *c, int64_t ticket_id, int64_t *ids, size_t most, size_t *n) MUST_CHECK;

/* Who watches it or what went into it, each person once. */
struct watchers_of_row;
int ticket_watchers(struct ctx *c, int64_t ticket_id, struct watchers_of_row **rows, size_t *n) MUST_CHECK;

/* Goes on to the ticket that a merge put this one into, or that it was joined to again after a split: what comes for the one lands at the other. */
int ticket_current(struct ctx *c, struct ticket *t) MUST_CHECK;

/* The same for what staff say or put there, who have to see it; a customer's own link does. */
int ticket_go_on(struct ctx *c, struct ticket *t) MUST_CHECK;

/* Behind the ids that are there, those of tickets that were split off them or that they were split from, at most `most` in all. */
int ticket_split_kin(struct ctx *c, int64_t *ids, size_t most, size_t *n) MUST_CHECK;

/* A customer asks to hurry: whose ticket it is hears of it, the second time the supervisors, too. */
int ticket_tell_reminder(struct ctx *c, const struct ticket *t) MUST_CHECK;

struct comment_in {
	int64_t id;                             /* the ticket's */
	const char *text;
	const char *visibility;
	struct list file_ids;
	struct list user_ids;                   /* colleagues whom it names */
	bool told_otherwise;                    /* whoever adds it sees to it that the customer is told */
};
int ticket_comment_add(struct ctx *c, struct ticket *ticket, const struct comment_in *in, int64_t *id) MUST_CHECK;

/* What the customer is told -------------------------------------------------------------------------------------------- */

/* Puts the message of `template` into the outbox, to the ticket's contact phone or else the customer's; to herself perhaps by another way (services->notice_way). None
 * where there is neither. */
int ticket_notify(struct ctx *c, const struct ticket *t, const char *template) MUST_CHECK;
/* The same with words of the company's own in it, the template's {text}, and the message template that they are written from; 0: none. */
int ticket_notify_from(struct ctx *c, const struct ticket *t, const char *template, const char *text, int64_t message_template) MUST_CHECK;

/* The address of the ticket's progress page. `opens`: whoever has it sees the ticket, so it goes to the customer alone; otherwise the page
 * asks to sign in. */
int ticket_address(struct ctx *c, const struct ticket *t, bool opens, const char **out) MUST_CHECK;

/* Pure (ticket_rules.c) -------------------------------------------------------------------------------------------- */

/* The grade that symptoms, danger word and text ask for. */
enum grade ticket_propose_grade(const char *const *symptoms, size_t n, const char *danger, const char *scene, const char *text);
/* A title of at most 40 characters from redacted text; from the symptoms when there are few words. */
const char *ticket_title(struct arena *a, const char *redacted, const char *symptom_words, const char *scene_word);
/* One who could take a ticket. */
struct assign_candidate {
	int64_t user_id, open;
	time_ms last_at;                        /* of the last one she got */
	bool skilled;                           /* in the ticket's product */
};
/* Skill first, then the fewest open tickets, then who has waited longest for one; NULL of none. */
const struct assign_candidate *ticket_assignee(const struct assign_candidate *all, size_t n);

/* A person of the company spoke to the customer: the first response, and the end of a wait. */
void ticket_responded(struct ticket *t, time_ms at);
bool ticket_is_open(const struct ticket *t);
/* Milliseconds until the customer may remind again, 0: now. pause_ms: ticket.remind_pause. */
int64_t ticket_remind_wait(const struct ticket *t, time_ms now, int64_t pause_ms);
/* reopen_ms: ticket.reopen. */
bool ticket_may_reopen(const struct ticket *t, time_ms now, int64_t reopen_ms);

/* Two open tickets of one customer that look like one matter: the device, the scene, the product and the words that they share. */
bool ticket_looks_same(const struct ticket *a, const struct ticket *b);

/* Six steps of the customer's progress page: index of the present one, 0 … 5. */
int ticket_step(const struct ticket *t);

/* Which part of the timeline. Customers see the public part only. */
enum timeline_part { TIMELINE_ALL, TIMELINE_TALK, TIMELINE_INTERNAL, TIMELINE_CHANGE, TIMELINE_PUBLIC };

/* What customers may hear of: neither notes nor internal changes. */
bool ticket_event_is_public(const char *kind);

/* {"items":[{"no","at","kind","actor","text","data","files"}],"next":…}, newest first; before: `next` of the page above it, 0: the first.
 * What was written in another system lies among the events by its own time and is numbered below 0. */
/* What the customer is given of a ticket beyond its fields: everything that was written on it, and which files. */
int ticket_handout(struct ctx *c, const void *row, struct text *out) MUST_CHECK;
int ticket_timeline(struct ctx *c, const struct ticket *t, enum timeline_part part, int64_t before, struct text *out) MUST_CHECK;

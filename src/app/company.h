/* Making a company: the tenant, its look-up key, the standard roles and views, and an administrator. */
#pragma once

#include "app/app.h"
#include "domain/org/company_card.h"

struct pack;

struct company {
	const char *code, *name, *service_phone;
	const struct pack *pack;        /* NULL: the first */
	bool demo;
	int64_t tenant;                 /* out */
	int64_t role_ids[8];            /* out: administrator, supervisor, agent, … */
};

/* Roles that every pack has (packs/roles): the product asks for them by code. */
enum { ROLE_ADMINISTRATOR, ROLE_SUPERVISOR, ROLE_AGENT, ROLE_READER, ROLE_SECURITY, ROLE_AUDITOR, ROLE_KINDS };

/* Writer: the role of this code; one of the product or of its pack that an older company lacks is made. ERR_NOT_FOUND for any other. */
int company_role_id(struct ctx *c, const char *code, int64_t *id) MUST_CHECK;

/* Writer, in the transaction of the command. ERR_EXISTS when the code is taken. */
int company_create(struct ctx *c, struct company *company) MUST_CHECK;

struct staff {
	const char *account, *name, *password_hash, *phone;
	const char *lang;               /* NULL: zh */
	int64_t role_id, team_id;
	int64_t id;                     /* out */
};
/* Writer: a company with its first administrator, and the nightly backup when it is the first of all. */
int company_found(struct ctx *c, struct company *company, struct staff *admin) MUST_CHECK;
int company_add_staff(struct ctx *c, struct staff *staff) MUST_CHECK;
int company_find(struct ctx *c, const char *code, int64_t *tenant) MUST_CHECK;
/* One line of standard input as a password, hashed, as long as this company (0: a new one) asks for; says on stderr what is wrong. */
int read_password(struct app *app, int64_t tenant, const char **hash) MUST_CHECK;

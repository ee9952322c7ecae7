/* What rules and macros make of a conversation: a ticket. */
#pragma once

#include "core/action/action.h"
#include "domain/conversation/conversation.h"

extern const struct action_kind ticket_action;

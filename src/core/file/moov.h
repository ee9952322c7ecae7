/* Takes the place out of MP4 and QuickTime recordings: phones write it beside the pictures, in boxes of their own. */
#pragma once

#include "base/error.h"

/* Overwrites the boxes meta, udta and uuid with free space of the same size; pictures and sound stay where they are.
 * Other formats are left alone. ERR_MEDIA_TYPE when the boxes do not fit into one another. */
int moov_forget_place(int fd, int64_t size) MUST_CHECK;

/* co_entitle_words.h - what the codes of CaseHeld and CaseOpened mean, for people. Pure. */
#pragma once

struct co_entitle_words {
    const char *zh;
    const char *en;
};

/* Why a case is held: "expired" ... NULL: no such code. */
const struct co_entitle_words *co_entitle_held_words(const char *reason);

/* Why a case is served under its contract: "only_one" ... NULL: no such code. */
const struct co_entitle_words *co_entitle_why_words(const char *why);

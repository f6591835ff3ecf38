/* Words of the field for kinds of generation. Private. */
#ifndef SV_FORMATS_KINDS_H
#define SV_FORMATS_KINDS_H

#include "svitlo/grid.h"

/* A fuel or unit type as MATPOWER, RTS-GMLC and EIA spell it. @return false when the word says nothing about the kind */
bool kind_from_word(const char *word, sv_gen_kind *kind);

/* A word that the above maps back, understood by MATPOWER as a genfuel. */
const char *fuel_of_kind(sv_gen_kind kind);

#endif
